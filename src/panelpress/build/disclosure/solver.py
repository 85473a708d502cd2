"""The mixed-integer program behind starring, solved by HiGHS (MIT licence) in pieces that stay small.

Persons of a tuple (``rows``) may be shown in several ways (``shown``), each way at a cost a person. A way is open to k persons
or to none. Pieces are solved one after another: all pairs of some tuples are free, the rest is held at the best assignment so
far. A piece is bounded by nodes of the search tree, never by seconds. Diversity of answers is no part of the program: ways that a
solution leaves too few answers are held as they were, and the piece is solved again.
"""

from __future__ import annotations

from dataclasses import dataclass

import highspy
import numpy as np
from numpy.typing import NDArray

from panelpress.build.disclosure.columns import Floats, Ints
from panelpress.build.disclosure.demand import Demand, Masks, unite

PIECE = 2500  # pairs of (tuple, way) that are solved at once
PIECES = 60
_NODES = 50
_GAP = 0.002
_TRIES = 3


@dataclass(frozen=True)
class Program:
    """Candidate pairs: ``rows`` (tuple) and ``shown`` (way) with their ``costs`` a person; ``counts`` persons and ``answers`` by
    tuple."""

    rows: Ints
    shown: Ints
    costs: Floats
    counts: Ints
    answers: Masks
    demand: Demand


def improve(program: Program, given: NDArray[np.int64]) -> Ints:
    """Persons by pair: at most as costly as the cheapest of the assignments ``given`` (assignments x pairs)."""
    best: Ints = given[int(np.argmin((given * program.costs).sum(axis=1)))].copy()
    for pairs in _pieces(program):
        best[pairs] = _solve(program, pairs, best)
    return best


def _pieces(program: Program) -> list[Ints]:
    """Pairs of neighbouring tuples together. Tuples that can be shown alike are neighbours: each stands next to the first
    tuple that shares its rarest way."""
    choices = np.bincount(program.rows, minlength=len(program.counts))
    undecided = np.flatnonzero(choices[program.rows] > 1)
    if not len(undecided):
        return []
    sharers = np.bincount(program.shown, minlength=int(program.shown.max()) + 1)
    order = undecided[np.lexsort((program.shown[undecided], -sharers[program.shown[undecided]]))]
    home = np.zeros(len(program.counts), dtype=np.int64)
    home[program.rows[order]] = np.arange(len(order))  # the last of its ways in that order wins: the rarest
    by_home = undecided[np.argsort(home[program.rows[undecided]], kind="stable")]
    pieces: list[Ints] = []
    start = 0
    while start < len(by_home) and len(pieces) < PIECES:
        end = min(start + PIECE, len(by_home))
        while end < len(by_home) and program.rows[by_home[end]] == program.rows[by_home[end - 1]]:
            end += 1
        pieces.append(by_home[start:end])
        start = end
    return pieces


def _solve(program: Program, pairs: Ints, current: Ints) -> Ints:
    """The best assignment of ``pairs`` with all other pairs held at ``current``."""
    held = np.zeros(len(pairs), dtype=bool)
    for _ in range(_TRIES):
        found = _solve_counts(program, pairs, current, held)
        if found is None:
            break
        poor = _poor(program, pairs, current, found)
        if not poor.any():
            return found
        held |= poor
    return current[pairs]


def _poor(program: Program, pairs: Ints, current: Ints, found: Ints) -> NDArray[np.bool_]:
    """Which of ``pairs`` belong to a way that the assignment ``found`` leaves too few answers."""
    if program.demand.diversity == 1:
        return np.zeros(len(pairs), dtype=bool)
    amounts = current.copy()
    amounts[pairs] = found
    used = np.flatnonzero(amounts)
    n = int(program.shown.max()) + 1
    seen = unite(program.answers[program.rows[used]], program.shown[used], n)
    persons = np.bincount(program.shown[used], weights=amounts[used], minlength=n).astype(np.int64)
    poor: NDArray[np.bool_] = (program.demand.fails(persons, seen) & (persons > 0))[program.shown[pairs]]
    return poor


def _solve_counts(program: Program, pairs: Ints, current: Ints, fixed: NDArray[np.bool_]) -> Ints | None:
    """The cheapest assignment of ``pairs`` that counts persons rightly, with those ``fixed`` as they are; None for none."""
    rows, row = np.unique(program.rows[pairs], return_inverse=True)
    ways, way = np.unique(program.shown[pairs], return_inverse=True)
    held = current.copy()
    held[pairs] = 0
    others: Floats = np.bincount(program.shown, weights=held, minlength=int(program.shown.max()) + 1)[ways].astype(np.float64)
    n, m = len(pairs), len(ways)
    upper = program.counts[program.rows[pairs]].astype(np.float64)
    entries = [
        (np.arange(n), np.arange(n), np.ones(n)),  # a way is used only where it is open
        (np.arange(n), n + way, -upper),
        (n + way, np.arange(n), np.ones(n)),  # an open way holds k persons
        (n + np.arange(m), n + np.arange(m), np.full(m, -float(program.demand.k))),
        (n + m + row, np.arange(n), np.ones(n)),  # every person of a tuple is shown in some way
    ]
    totals = program.counts[rows].astype(np.float64)
    low = np.concatenate([np.full(n, -np.inf), -others, totals])
    high = np.concatenate([np.zeros(n), np.full(m, np.inf), totals])
    costs = np.concatenate([program.costs[pairs], np.zeros(m)])
    now = current[pairs].astype(np.float64)
    floor = np.concatenate([np.where(fixed, now, 0.0), (others > 0).astype(np.float64)])
    ceiling = np.concatenate([np.where(fixed, now, upper), np.ones(m)])
    start = np.concatenate([current[pairs], (np.bincount(way, weights=current[pairs], minlength=m) + others > 0)])
    found = _highs(entries, low, high, costs, floor, ceiling, start.astype(np.float64))
    if found is None:
        return None
    amounts = np.rint(found[:n]).astype(np.int64)
    return amounts if _holds(program, amounts, rows, row, way, others) else None


def _holds(program: Program, amounts: Ints, rows: Ints, row: Ints, way: Ints, others: Floats) -> bool:
    """Checks a solution in whole numbers: a solver works within tolerances, a promise to people does not."""
    persons = np.bincount(way, weights=amounts) + others
    complete = np.bincount(row, weights=amounts) == program.counts[rows]
    return bool((amounts >= 0).all() and complete.all() and ((persons == 0) | (persons >= program.demand.k)).all())


def _highs(
    entries: list[tuple[Ints, Ints, Floats]],
    low: Floats,
    high: Floats,
    costs: Floats,
    floor: Floats,
    ceiling: Floats,
    start: Floats,
) -> Floats | None:
    line = np.concatenate([each[0] for each in entries])
    column = np.concatenate([each[1] for each in entries])
    value = np.concatenate([each[2] for each in entries])
    order = np.argsort(line, kind="stable")
    program = highspy.HighsLp()
    program.num_col_, program.num_row_ = len(costs), len(low)
    program.col_cost_, program.col_lower_, program.col_upper_ = costs, floor, ceiling
    program.row_lower_, program.row_upper_ = low, high
    program.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    program.a_matrix_.start_ = np.concatenate(([0], np.cumsum(np.bincount(line, minlength=len(low)))))
    program.a_matrix_.index_ = column[order]
    program.a_matrix_.value_ = value[order]
    program.integrality_ = [highspy.HighsVarType.kInteger] * len(costs)
    solver = highspy.Highs()  # type: ignore[no-untyped-call]
    for option, setting in (
        ("output_flag", False),
        ("threads", 1),
        ("random_seed", 0),
        ("mip_max_nodes", _NODES),
        ("mip_rel_gap", _GAP),
    ):
        solver.setOptionValue(option, setting)
    solver.passModel(program)
    known = highspy.HighsSolution()
    known.col_value = list(start)
    solver.setSolution(known)
    solver.run()
    solution = np.array(solver.getSolution().col_value)
    return solution if len(solution) == len(costs) else None
