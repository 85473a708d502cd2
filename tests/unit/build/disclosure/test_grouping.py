"""Rows that are alike get one number, whatever their type and width; persons are lent by those who have most."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from panelpress.build.disclosure.grouping import alike_rows
from panelpress.build.disclosure.lending import lent, taken


@given(st.lists(st.lists(st.sampled_from([0, 1, 2, 100, 127]), min_size=12, max_size=12), min_size=1, max_size=30), st.booleans())
def test_alike_rows_are_those_that_are_equal(rows: list[list[int]], narrow: bool) -> None:
    """Twelve columns of up to 128 values do not fit into one word, and a narrow type must not overflow."""
    matrix = np.array(rows, dtype=np.int8 if narrow else np.int64)
    first, which = alike_rows(matrix)
    assert len(first) == len({tuple(row) for row in rows})
    assert [rows[place] for place in first[which]] == rows
    assert all(rows.index(rows[place]) <= place for place in first)


def test_amounts_are_taken_in_order_until_the_need_is_met() -> None:
    amounts, owners = np.array([3, 4, 5, 2, 2]), np.array([0, 0, 0, 2, 2])
    assert taken(amounts, owners, np.array([5, 9, 4])).tolist() == [3, 2, 0, 2, 2]


def test_the_largest_lend_first_and_keep_k() -> None:
    persons, of_group = np.array([6, 9, 2, 7]), np.array([0, 0, 0, 1])
    lenders = persons >= 5
    assert lent(persons, of_group, lenders, np.array([5, 0]), 5).tolist() == [1, 4, 0, 0]
