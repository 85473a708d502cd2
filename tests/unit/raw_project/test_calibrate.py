"""Raking and controlled rounding on tables of a few cells."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulation.calibrate import Goal, Question, decide
from simulation.rounding import Bound, NoRounding, controlled


def question(n: int, goals: tuple[Goal, ...], prior: float = 0.5) -> Question:
    return Question(
        name="tiny",
        priors=np.array([[1 - prior, prior]]),
        stratum=np.zeros(n, dtype=np.int64),
        allowed=np.ones((n, 2), dtype=np.bool_),
        score=np.arange(n, dtype=np.float64),
        goals=goals,
    )


def share(members: list[int], low: float, high: float) -> Goal:
    at = np.array(members, dtype=np.int64)
    return Goal(at, at, np.array([False, True]), low, high)


def test_without_goals_the_prior_decides_and_high_scores_get_the_high_answer() -> None:
    assert decide(question(4, ())).tolist() == [0, 0, 1, 1]


def test_two_overlapping_goals_hold_at_once() -> None:
    goals = (share(list(range(10)), 60, 60), share(list(range(5, 15)), 20, 20))
    given_answers = decide(question(20, goals))
    assert given_answers[:10].sum() == 6
    assert given_answers[5:15].sum() == 2


def test_goals_that_contradict_each_other_are_refused_by_name() -> None:
    everybody = list(range(10))
    with pytest.raises(NoRounding, match="tiny"):
        decide(question(10, (share(everybody, 60, 60), share(everybody, 20, 20))))


def test_an_answer_that_is_not_allowed_is_never_given() -> None:
    allowed = np.ones((6, 2), dtype=np.bool_)
    allowed[3:, 1] = False
    asked = question(6, (share(list(range(6)), 50, 50),))
    found = decide(Question(asked.name, asked.priors, asked.stratum, allowed, asked.score, asked.goals))
    assert found.tolist() == [1, 1, 1, 0, 0, 0]


def test_a_difference_between_two_groups_is_kept() -> None:
    first, second = np.arange(10), np.arange(10, 20)
    gap = Goal(first, first, np.array([False, True]), 30, 30, second)
    found = decide(question(20, (share(list(range(10)), 70, 70), share(list(range(10, 20)), 30, 50), gap)))
    assert found[:10].sum() - found[10:].sum() == 3


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 30), st.integers(1, 30), st.integers(1, 30)), min_size=1, max_size=6))
def test_rounding_keeps_every_row_total_and_stays_within_one(weights: list[tuple[int, int, int]]) -> None:
    expected = np.array([[part * 17 / sum(row) for part in row] for row in weights])
    found = controlled("drawn", expected, [Bound(np.ones_like(expected), 0, 1e6)])
    assert found.sum(axis=1).tolist() == [17] * len(weights)
    assert np.abs(found - expected).max() < 1 + 1e-6
