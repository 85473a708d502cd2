"""Controlled rounding: whole numbers near given expectations that meet every total and every bound at once.

Each cell of a cells x answers table may be rounded down or up; the program chooses, so that rows keep their totals and each
bounded sum lies inside its bounds, with the least total distance to the expectations (an integer program, solved by HiGHS;
the idea is that of L. H. Cox, "A constructive procedure for unbiased controlled rounding", JASA 82, 1987).
"""

from __future__ import annotations

from dataclasses import dataclass

import highspy
import numpy as np

from simulation.draw import Floats, Ints


class NoRounding(ValueError):
    """The bounds cannot hold together. ``name`` says for which table."""

    def __init__(self, name: str) -> None:
        super().__init__(f"no whole numbers meet all bounds of {name}")
        self.name = name


@dataclass(frozen=True, slots=True)
class Bound:
    """``low <= sum(weights * counts) <= high`` with one weight a cell and answer."""

    weights: Floats
    low: float
    high: float


def controlled(name: str, expected: Floats, bounds: list[Bound]) -> Ints:
    """Whole numbers for ``expected`` (cells x answers; rows sum to whole numbers). Raises NoRounding."""
    base = np.floor(expected + 1e-9)
    fraction = (expected - base).clip(min=0.0)
    free = fraction > 1e-9
    if not bounds:
        return _largest_remainders(base, fraction, expected)
    for reach in (0, 1, 4):
        found = _solve(base, fraction, free, expected, bounds, reach)
        if found is not None:
            return found
    raise NoRounding(name)


def _largest_remainders(base: Floats, fraction: Floats, expected: Floats) -> Ints:
    counts = base.astype(np.int64)
    totals = np.rint(expected.sum(axis=1)).astype(np.int64)
    for row in range(len(counts)):
        lacking = int(totals[row] - counts[row].sum())
        counts[row, np.argsort(-fraction[row], kind="stable")[:lacking]] += 1
    return counts


def _solve(base: Floats, fraction: Floats, free: Floats, expected: Floats, bounds: list[Bound], reach: int) -> Ints | None:
    """Steps above ``base`` between -reach and 1 + reach, whole; None where the bounds cannot be met."""
    rows, answers = expected.shape
    possible = expected > 1e-9
    lowest = np.where(possible, -np.minimum(base, reach), 0.0)
    highest = np.where(possible, np.where(free, 1.0, 0.0) + reach, 0.0)
    # Whole costs with small distinct parts make the cheapest rounding unique, so that no solver path decides.
    cost = np.rint((1 - 2 * fraction) * 4096) * 64 + (np.arange(expected.size).reshape(expected.shape) * 37) % 61
    model = highspy.HighsLp()
    model.num_col_ = expected.size
    model.num_row_ = rows + len(bounds)
    model.col_cost_ = cost.ravel()
    model.col_lower_ = lowest.ravel()
    model.col_upper_ = highest.ravel()
    totals = np.rint(expected.sum(axis=1)) - base.sum(axis=1)
    given = [float((bound.weights * base).sum()) for bound in bounds]
    model.row_lower_ = np.array([*totals, *(b.low - g for b, g in zip(bounds, given, strict=True))])
    model.row_upper_ = np.array([*totals, *(b.high - g for b, g in zip(bounds, given, strict=True))])
    starts, indices, values = [0], [], []
    for row in range(rows):
        indices += range(row * answers, (row + 1) * answers)
        values += [1.0] * answers
        starts.append(len(indices))
    for bound in bounds:
        flat = bound.weights.ravel()
        at = np.flatnonzero(flat)
        indices += at.tolist()
        values += flat[at].tolist()
        starts.append(len(indices))
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_ = np.array(starts, dtype=np.int32)
    model.a_matrix_.index_ = np.array(indices, dtype=np.int32)
    model.a_matrix_.value_ = np.array(values, dtype=np.float64)
    model.integrality_ = [highspy.HighsVarType.kInteger] * expected.size
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("threads", 1)
    solver.setOptionValue("random_seed", 0)
    solver.setOptionValue("mip_rel_gap", 0.0)
    solver.passModel(model)
    solver.run()
    if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        return None
    steps = np.rint(np.array(solver.getSolution().col_value)).reshape(expected.shape)
    return (base + steps).astype(np.int64)
