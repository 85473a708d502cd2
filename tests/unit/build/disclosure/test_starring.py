"""Starring: every exact class holds k persons, nobody is lost, and the solver never makes it worse."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lattices import column, tuples

from panelpress.build.disclosure.columns import Tuples
from panelpress.build.disclosure.demand import Demand
from panelpress.build.disclosure.specialise import Lots
from panelpress.build.disclosure.starring import lot_losses, star


def exact_classes(of: Tuples, lots: Lots) -> dict[tuple[tuple[int, int], ...], int]:
    """Persons by what is shown: level and look of every cell."""
    sizes: dict[tuple[tuple[int, int], ...], int] = {}
    for row, levels, amount in zip(lots.rows, lots.levels, lots.amounts.tolist(), strict=True):
        shown = tuple(
            (int(level), int(each.maps[level][of.cells[row, place]]))
            for place, (each, level) in enumerate(zip(of.columns, levels, strict=True))
        )
        sizes[shown] = sizes.get(shown, 0) + amount
    return sizes


def cost(of: Tuples, lots: Lots) -> float:
    return float((lot_losses(of.columns, of, lots) * lots.amounts).sum())


@settings(max_examples=120, deadline=None)
@given(tuples(), st.integers(2, 6))
def test_every_class_holds_k_persons_and_nobody_is_lost(of: Tuples, k: int) -> None:
    if of.persons < k:
        with pytest.raises(ValueError, match="fewer than k"):
            star(of, Demand(k))
        return
    for thorough in (False, True):
        lots = star(of, Demand(k), thorough)
        assert min(exact_classes(of, lots).values()) >= k
        assert np.bincount(lots.rows, weights=lots.amounts, minlength=len(of.counts)).tolist() == of.counts.tolist()


def answers_given(of: Tuples, lots: Lots) -> dict[tuple[tuple[int, int], ...], set[int]]:
    """The different answers in each class."""
    given: dict[tuple[tuple[int, int], ...], set[int]] = {}
    for place in range(len(lots.rows)):
        one = Lots(*(each[place : place + 1] for each in (lots.rows, lots.amounts, lots.groups, lots.levels)))
        given.setdefault(next(iter(exact_classes(of, one))), set()).add(int(of.answers[lots.rows[place], 0]))
    return given


@settings(max_examples=120, deadline=None)
@given(tuples(), st.integers(1, 4), st.integers(2, 3))
def test_every_class_gave_different_answers(of: Tuples, k: int, diversity: int) -> None:
    demand = Demand(k, diversity)
    if of.persons < k or len(set(of.answers[:, 0].tolist())) < diversity:
        with pytest.raises(ValueError, match="too few answers"):
            star(of, demand)
        return
    for thorough in (False, True):
        lots = star(of, demand, thorough)
        assert min(exact_classes(of, lots).values()) >= k
        assert min(len(answers) for answers in answers_given(of, lots).values()) >= diversity
        assert np.bincount(lots.rows, weights=lots.amounts, minlength=len(of.counts)).tolist() == of.counts.tolist()


@settings(max_examples=60, deadline=None)
@given(tuples(), st.integers(2, 4))
def test_the_solver_never_costs_more_than_one_greedy_run(of: Tuples, k: int) -> None:
    if of.persons >= k:
        assert cost(of, star(of, Demand(k))) <= cost(of, star(of, Demand(k), thorough=False)) + 1e-9


def binary(persons: list[tuple[int, ...]]) -> Tuples:
    """Persons of 0/1 columns that can only be shown or starred."""
    distinct = sorted(set(persons))
    n = len(persons[0])
    return Tuples(
        tuple(column(place, [[0, 1], [0, 0]], [[0.0, 0.0], [1.0, 1.0]]) for place in range(n)),
        np.array(distinct, dtype=np.int32),
        np.array([persons.count(each) for each in distinct], dtype=np.int64),
        np.zeros(len(distinct), dtype=np.int32),
        np.zeros((len(distinct), 0), dtype=np.uint64),
    )


def fewest_stars(persons: list[tuple[int, ...]], k: int) -> int:
    """The least stars of any way to divide the persons into groups of k or more that look alike."""
    first, rest = persons[0], persons[1:]
    best = len(persons) * len(first)
    for size in range(k - 1, len(rest) + 1):
        left = len(rest) - size
        if 0 < left < k:
            continue
        for chosen in itertools.combinations(range(len(rest)), size):
            group = [first, *(rest[place] for place in chosen)]
            stars = len(group) * sum(len({each[place] for each in group}) > 1 for place in range(len(first)))
            others = [each for place, each in enumerate(rest) if place not in chosen]
            best = min(best, stars + (fewest_stars(others, k) if others else 0))
    return best


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(*[st.integers(0, 1)] * 3), min_size=4, max_size=8), st.integers(2, 3))
def test_stars_are_at_least_the_fewest_possible(persons: list[tuple[int, ...]], k: int) -> None:
    of = binary(persons)
    found = cost(of, star(of, Demand(k)))
    assert fewest_stars(persons, k) <= found <= 3 * len(persons)


def test_a_single_stranger_is_hidden_with_the_fewest_stars() -> None:
    persons = [(0, 0, 0)] * 4 + [(0, 0, 1)]
    assert cost(binary(persons), star(binary(persons), Demand(2))) == 2
