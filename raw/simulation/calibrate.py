"""Chooses who gives which answer, so that every target of an item holds at once and answers go with the person's leanings.

Three steps. *Cells*: units (questionnaires, or persons for facts that do not change) that belong to the same targets, have the
same prior and the same allowed answers are alike. *Raking*: expected counts by cell and answer are scaled in turn to every
target until all agree (iterative proportional fitting, W. E. Deming and F. F. Stephan, 1940). *Rounding* to whole people with
every bound kept. Inside a cell those with the higher score get the higher code. No draw is ever repeated until it fits.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simulation import rounding
from simulation.draw import Flags, Floats, Ints, order

ROUNDS = 400


@dataclass(frozen=True, slots=True)
class Goal:
    """A target seen from the units: ``members`` are the base, ``counted`` those of them who may count, ``answers`` flags the
    answers that count; the share in percent must lie between low and high. ``against`` subtracts a second group's share."""

    members: Ints
    counted: Ints
    answers: Flags
    low: float
    high: float
    against: Ints | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """What is decided: ``priors`` (strata x answers), the ``stratum`` and ``score`` of every unit, the answers it may give."""

    name: str
    priors: Floats
    stratum: Ints
    allowed: Flags
    score: Floats
    goals: tuple[Goal, ...]


def decide(question: Question) -> Ints:
    """The answer number of every unit. Raises rounding.NoRounding where the goals cannot hold together."""
    units = len(question.score)
    cell_of, cells = _cells(question, units)
    sizes = np.bincount(cell_of, minlength=cells).astype(np.float64)
    expected = _prior(question, cell_of, cells, sizes)
    flags = [_flags(goal, cell_of, cells) for goal in question.goals]
    expected = _rake(expected, sizes, question.goals, flags)
    bounds = [_bound(goal, base, counted, sizes) for goal, (base, counted, _) in zip(question.goals, flags, strict=True)]
    for at, goal in enumerate(question.goals):
        if goal.against is not None:
            bounds[at] = _difference(goal, flags[at], sizes)
    counts = rounding.controlled(question.name, expected, bounds)
    return _give(question, cell_of, counts)


def _cells(question: Question, units: int) -> tuple[Ints, int]:
    """Cell number of every unit, and the number of cells."""
    marks = [question.stratum.astype(np.int64), _packed(question.allowed)]
    for goal in question.goals:
        mark = np.zeros(units, dtype=np.int64)
        mark[goal.members] = 1
        mark[goal.counted] = 2
        marks.append(mark)
        if goal.against is not None:
            other = np.zeros(units, dtype=np.int64)
            other[goal.against] = 1
            marks.append(other)
    found, cell_of = np.unique(np.stack(marks, axis=1), axis=0, return_inverse=True)
    return cell_of.ravel().astype(np.int64), len(found)


def _packed(allowed: Flags) -> Ints:
    """One number for each pattern of allowed answers."""
    _, number = np.unique(allowed, axis=0, return_inverse=True)
    return number.ravel().astype(np.int64)


def _prior(question: Question, cell_of: Ints, cells: int, sizes: Floats) -> Floats:
    first = np.zeros(cells, dtype=np.int64)
    first[cell_of[::-1]] = np.arange(len(cell_of))[::-1]
    weights = question.priors[question.stratum[first]] * question.allowed[first]
    empty = weights.sum(axis=1) == 0
    weights[empty] = question.allowed[first][empty]
    return weights / weights.sum(axis=1, keepdims=True) * sizes[:, None]


def _flags(goal: Goal, cell_of: Ints, cells: int) -> tuple[Flags, Flags, Flags]:
    """Which cells are in the base, which may count, which are in the group that is subtracted."""
    made = []
    for members in (goal.members, goal.counted, goal.against):
        flag = np.zeros(cells, dtype=np.bool_)
        if members is not None:
            flag[cell_of[members]] = True
        made.append(flag)
    return made[0], made[1], made[2]


def _rake(expected: Floats, sizes: Floats, goals: tuple[Goal, ...], flags: list[tuple[Flags, Flags, Flags]]) -> Floats:
    for _ in range(ROUNDS):
        worst = 0.0
        for goal, (base, counted, _) in zip(goals, flags, strict=True):
            if goal.against is not None:
                continue
            total = float(sizes[base].sum())
            if total == 0:
                continue
            block = np.outer(counted, goal.answers)
            now = float(expected[block].sum())
            reached = 100 * now / total
            inner = (goal.high - goal.low) / 4
            aim = min(max(reached, goal.low + inner), goal.high - inner)
            worst = max(worst, abs(aim - reached))
            rest = np.outer(counted, ~goal.answers)
            spare = float(expected[rest].sum())
            wanted = aim * total / 100
            if now <= 0 or spare <= 0 or abs(aim - reached) < 1e-9:
                continue
            expected[block] *= wanted / now
            expected[rest] *= max(now + spare - wanted, 0.0) / spare
        sums = expected.sum(axis=1)
        expected = expected * (sizes / np.where(sums > 0, sums, 1.0))[:, None]
        if worst < 1e-4:
            break
    return expected


def _bound(goal: Goal, base: Flags, counted: Flags, sizes: Floats) -> rounding.Bound:
    total = float(sizes[base].sum())
    weights = np.outer(counted, goal.answers).astype(np.float64)
    # Counts are whole: bounds are too, so that an exact share (low = high) is not lost to the last bit.
    return rounding.Bound(weights, np.ceil(goal.low * total / 100 - 1e-9), np.floor(goal.high * total / 100 + 1e-9))


def _difference(goal: Goal, flags: tuple[Flags, Flags, Flags], sizes: Floats) -> rounding.Bound:
    base, counted, other = flags
    mine = np.outer(counted, goal.answers) * (100 / float(sizes[base].sum()))
    theirs = np.outer(other, goal.answers) * (100 / float(sizes[other].sum()))
    margin = min(1e-5, (goal.high - goal.low) / 4)  # shares are no whole numbers: stay inside the solver's tolerance
    return rounding.Bound(mine - theirs, goal.low + margin, goal.high - margin)


def _give(question: Question, cell_of: Ints, counts: Ints) -> Ints:
    """Inside each cell: the highest scores get the highest answers."""
    given = np.zeros(len(cell_of), dtype=np.int64)
    ranked = order(question.score)
    by_cell = ranked[np.argsort(cell_of[ranked], kind="stable")]
    answers = counts.shape[1]
    # The units of one cell stand together, highest score first; so do its answers, highest first.
    given[by_cell] = np.repeat(np.tile(np.arange(answers)[::-1], len(counts)), counts[:, ::-1].ravel())
    return given
