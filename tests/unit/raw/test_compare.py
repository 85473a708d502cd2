"""Two versions of a table differ by rows and cells, and the counts add up."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from panelpress.raw.compare import compare, differences

HEADER = ("record", "a", "b", "c", "started")
OLD = [(f"r{n}", str(n), "x", None, f"t{n}") for n in range(5)]


def table(rows: Sequence[Sequence[str | None]], header: Sequence[str] = HEADER) -> pl.DataFrame:
    return pl.DataFrame([list(row) for row in rows], schema=dict.fromkeys(header, pl.String), orient="row")


def test_the_same_rows_in_another_order_are_the_same() -> None:
    assert compare(table(OLD), table(OLD[::-1])).same


def test_rows_added_rows_gone_and_cells_changed_are_counted() -> None:
    new = [("r0", "0", "y", None, "t0"), ("r1", "1", None, None, "t1"), *OLD[2:4], ("r9", "9", "x", None, "t9")]
    found = compare(table(OLD), table(new))
    assert (found.rows_old, found.rows_new, found.added, found.gone, found.changed) == (5, 5, 1, 1, 2)
    assert found.cells == {"b": 2} and not found.same


def test_a_blank_that_is_filled_and_a_cell_that_is_blanked_are_changes() -> None:
    new = [("r0", "0", "x", "z", "t0"), ("r1", None, "x", None, "t1"), *OLD[2:]]
    assert compare(table(OLD), table(new)).cells == {"a": 1, "c": 1}


def test_a_response_with_another_stamp_was_retaken() -> None:
    new = [("r0", "5", "x", None, "t77"), ("r1", "8", "x", None, "t1"), *OLD[2:]]
    assert compare(table(OLD), table(new), stamps=["started"]).retaken == 1
    assert compare(table(OLD), table(new), stamps=["b"]).retaken == 0, "a column that nobody differs in tells nothing"


def test_without_a_stamp_a_response_counts_as_retaken_where_most_answers_are_others() -> None:
    header = ("record", "a", "b", "c", "d")
    old = [("r0", "1", "1", "1", "1"), ("r1", "1", "1", "1", "1")]
    new = [("r0", "2", "2", "2", "1"), ("r1", "2", "1", "1", "1")]
    assert compare(table(old, header), table(new, header)).retaken == 1


def test_columns_that_came_and_went_are_named() -> None:
    found = compare(table(OLD), table([row[:4] for row in OLD], HEADER[:4]).with_columns(d=pl.lit("1")))
    assert (found.columns_added, found.columns_gone) == (("d",), ("started",))


def test_a_record_that_stands_twice_is_not_matched_but_counted() -> None:
    found = compare(table(OLD), table([*OLD, OLD[0]]))
    assert (found.repeated, found.added, found.gone, found.changed) == (2, 0, 0, 0)


@given(st.lists(st.tuples(st.sampled_from(["0", "1", None]), st.sampled_from(["0", "1", None])), max_size=6))
def test_differences_are_exactly_the_cells_that_differ(pairs: list[tuple[str | None, str | None]]) -> None:
    header = ("record", "a")
    old = table([(str(n), before) for n, (before, _) in enumerate(pairs)], header)
    new = table([(str(n), after) for n, (_, after) in enumerate(pairs)], header)
    expected = [(str(n), "a", before, after) for n, (before, after) in enumerate(pairs) if before != after]
    assert sorted(differences(old, new).rows(), key=str) == sorted(expected, key=str)
