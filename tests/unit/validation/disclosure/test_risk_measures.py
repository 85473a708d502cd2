"""Measures of risk against published figures: sdcMicro's example of eight records, Adult, and small tables by hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from panelpress.validation.disclosure.matching import match
from panelpress.validation.disclosure.measures import measure, minimal_uniques
from panelpress.validation.disclosure.released import STAR, UNSEEN, Histories, exact_classes
from panelpress.validation.disclosure.result import wilson
from panelpress.validation.disclosure.weighted import household_risk, individual_risk, population_sizes

# The example table of the mu-ARGUS manual as sdcMicro ships it: four keys, sampling weights.
KEYS = np.array(
    [[1, 2, 5, 1], [1, 2, 1, 1], [1, 2, 1, 1], [3, 3, 1, 5], [4, 3, 1, 4], [4, 3, 1, 1], [6, 2, 1, 5], [1, 2, 5, 1]],
    dtype=np.int64,
)
WEIGHTS = np.array([18, 45.5, 39, 17, 541, 8, 5, 92])
RISKS = [0.01714426, 0.02204233, 0.02204233, 0.17707583, 0.01165448, 0.29706308, 0.40235948, 0.01714426]


def with_stars() -> np.ndarray:
    starred = KEYS.copy()
    for row, column in ((2, 2), (3, 0), (3, 1), (4, 3), (5, 0)):
        starred[row, column] = STAR
    return starred


def test_individual_risk_is_that_of_the_published_example() -> None:
    sizes = exact_classes(KEYS)
    assert sizes.tolist() == [2, 2, 2, 1, 1, 1, 1, 2]
    totals = population_sizes(KEYS, WEIGHTS)
    assert totals.tolist() == [110, 84.5, 84.5, 17, 541, 8, 5, 110]
    risks = individual_risk(sizes, totals)
    assert risks == pytest.approx(RISKS, abs=5e-9)
    assert risks.sum() == pytest.approx(0.97, abs=0.005)


def test_all_risks_of_the_published_example() -> None:
    columns = tuple(("a", str(place)) for place in range(4))
    found = measure(Histories(tuple("12345678"), columns, KEYS, {}), WEIGHTS, np.array([1, 1, 2, 3, 4, 5, 6, 7]))
    assert (found.persons, found.smallest, found.smallest_by_wave, found.minimal_uniques) == (8, 1, {"a": 1}, 4)
    assert (found.prosecutor, found.marketer) == (1.0, 0.75)
    assert found.journalist == pytest.approx(1 / 5)
    assert (found.individual, found.expected) == (pytest.approx(0.40235948, abs=5e-9), pytest.approx(0.97 / 8, abs=0.001))
    assert found.household == pytest.approx(0.40235948, abs=5e-9)


def test_without_weights_everybody_stands_for_one_person() -> None:
    found = measure(Histories(tuple("12345678"), tuple(("a", str(place)) for place in range(4)), KEYS, {}))
    assert found.journalist == found.prosecutor == found.individual == 1.0


def test_larger_classes_have_the_closed_form_of_three_and_more() -> None:
    assert individual_risk(np.array([4]), np.array([40.0])) == pytest.approx([0.1 / (4 - 0.9)])
    assert individual_risk(np.array([3]), np.array([3.0])) == pytest.approx([1 / 3])


def test_a_household_is_as_safe_as_all_of_its_members() -> None:
    risks = household_risk(np.array([0.1, 0.2, 0.5]), np.array([1, 1, 2]))
    assert risks == pytest.approx([1 - 0.9 * 0.8, 1 - 0.9 * 0.8, 0.5])


def test_a_star_agrees_with_anything_for_who_looks_for_a_person() -> None:
    records = with_stars()
    known = np.where(records == STAR, UNSEEN, records)
    assert match(known, records).counts.tolist() == [3, 2, 4, 3, 3, 2, 2, 3]


def test_a_star_is_a_category_of_its_own_where_classes_are_counted() -> None:
    assert exact_classes(with_stars()).tolist() == [2, 1, 1, 1, 1, 1, 1, 2]


def test_minimal_uniques_count_people_whom_few_shown_facts_single_out() -> None:
    square = np.array([[1, 1], [1, 2], [2, 1], [2, 2]], dtype=np.int64)
    assert minimal_uniques(square, most=1) == 0
    assert minimal_uniques(square) == 4
    square[0, 1] = STAR
    assert minimal_uniques(square) == 3
    assert minimal_uniques(np.repeat(square, 2, axis=0)) == 0


def test_four_facts_are_beyond_a_minimal_unique_of_three() -> None:
    sixteen = np.array([[n >> bit & 1 for bit in range(4)] for n in range(16)], dtype=np.int64)
    assert minimal_uniques(sixteen) == 0
    assert minimal_uniques(sixteen, most=4) == 16


def test_adult_as_it_is_has_the_known_classes(shared_data: Path) -> None:
    adult = pl.read_csv(shared_data / "adult" / "adult.csv", separator=";").drop("salary-class")
    codes = np.column_stack([adult[name].cast(pl.String).rank("dense").to_numpy() for name in adult.columns]).astype(np.int64)
    sizes = exact_classes(codes)
    assert len(sizes) == 30_162
    assert round(float((1.0 / sizes).sum())) == 18_109
    assert int((sizes == 1).sum()) == 14_021
    assert int((sizes < 5).sum()) == 21_977


def test_nothing_tried_proves_nothing() -> None:
    assert wilson(0, 0) == (0.0, 1.0)
    low, high = wilson(0, 10)
    assert (low, round(high, 4)) == (0.0, 0.2775)


@given(st.lists(st.tuples(*[st.integers(0, 2)] * 3), min_size=1, max_size=20))
def test_classes_are_what_counting_by_hand_gives(rows: list[tuple[int, int, int]]) -> None:
    codes = np.array(rows, dtype=np.int64)
    assert exact_classes(codes).tolist() == [rows.count(row) for row in rows]
    assert match(codes, codes).counts.tolist() == [rows.count(row) for row in rows]
