"""Finds the full-domain recoding of least loss at which enough persons look alike: exact branch and bound over a lattice.

A node gives each key one level. The search splits boxes of nodes ``[low, high]``. A box is cut off where
- its coarsest node fails: then every node of the box fails (predictive tagging, kept for all boxes to come), or
- its bound is not below the best node found: loss of recoding at ``low`` plus what the persons failing at ``high`` cost.
Boxes are opened in order of bound, so the first box that cannot beat the best node ends the search with a proof. Whether more
persons are in too small classes than ``limit`` allows falls monotonically towards coarser nodes; that makes tagging sound.
"""

from __future__ import annotations

import heapq
import itertools
import time
from collections.abc import Sequence
from dataclasses import dataclass

from panelpress.build.disclosure.classes import Counter, Levels
from panelpress.build.disclosure.losses import Objective


@dataclass(frozen=True, slots=True)
class Found:
    """The best node: its ``loss``, the persons in classes that are too small, and whether it is proven ``optimal``. Where the
    search stopped early, no node costs less than ``bound``."""

    levels: Levels
    loss: float
    residual: int
    optimal: bool
    bound: float
    counted: int
    nodes: int


@dataclass(slots=True)
class _Tags:
    """Coarsest nodes known to fail; whatever lies below one of them fails as well."""

    failing: list[Levels]

    def covers(self, levels: Levels) -> bool:
        return any(all(low <= high for low, high in zip(levels, known, strict=True)) for known in self.failing)

    def add(self, levels: Levels) -> None:
        self.failing = [known for known in self.failing if not all(a <= b for a, b in zip(known, levels, strict=True))]
        self.failing.append(levels)


def search(
    counter: Counter,
    objective: Objective,
    *,
    k: int,
    limit: float,
    diversity: int = 1,
    low: Levels | None = None,
    high: Levels | None = None,
    seconds: float | None = None,
) -> Found | None:
    """The node between ``low`` and ``high`` of least loss with at most ``limit`` (a share) of persons in classes below ``k`` or
    below ``diversity`` distinct sensitive answers; None where there is none. ``seconds`` of CPU stop it early, and it says so."""
    tuples = counter.tuples
    low = low or (0,) * tuples.dimensions
    high = high or tuples.tops
    allowed = limit * tuples.persons + 1e-9
    nodes = 1
    for a, b in zip(low, high, strict=True):
        nodes *= b - a + 1
    tags = _Tags([])
    best: Found | None = None
    order = itertools.count()
    heap: list[tuple[float, int, Levels, Levels, bool]] = [(0.0, next(order), low, high, False)]
    known: dict[Levels, tuple[float, float, int]] = {}
    started = time.process_time()
    while heap:
        bound, _, low, high, counted = heapq.heappop(heap)
        if best is not None and bound >= best.loss - 1e-12:
            break
        if seconds is not None and best is not None and time.process_time() - started > seconds:
            return Found(best.levels, best.loss, best.residual, False, bound, counter.counted, nodes)
        if not counted:
            if tags.covers(high):
                continue
            if high not in known:
                classes = counter.classes(high)
                failing = classes.failing(k, diversity)
                residual = int(classes.counts[failing].sum())
                known[high] = (
                    objective.loss(high, classes, failing), objective.extra(high, classes, failing), residual
                )  # fmt: skip
            loss, extra, residual = known[high]
            if residual > allowed:
                tags.add(high)
                continue
            if best is None or loss < best.loss - 1e-12:
                best = Found(high, loss, residual, False, 0.0, counter.counted, nodes)
            tight = max(bound, objective.bound(low, extra))
            heapq.heappush(heap, (tight, next(order), low, high, True))
            continue
        if low == high:
            continue
        _, extra, _ = known[high]
        for part_low, part_high, same_high in _halves(low, high, objective):
            part_bound = max(bound, objective.bound(part_low, extra))
            heapq.heappush(heap, (part_bound, next(order), part_low, part_high, same_high))
    if best is None:
        return None
    return Found(best.levels, best.loss, best.residual, True, best.loss, counter.counted, nodes)


def _halves(low: Levels, high: Levels, objective: Objective) -> Sequence[tuple[Levels, Levels, bool]]:
    """Splits a box at the dimension whose levels differ most in loss, halfway by loss."""
    widest, gap = 0, -1.0
    for place, (a, b) in enumerate(zip(low, high, strict=True)):
        steps = objective.steps(place)
        if b > a and steps[b] - steps[a] > gap:
            widest, gap = place, float(steps[b] - steps[a])
    steps = objective.steps(widest)
    a, b = low[widest], high[widest]
    middle = min(range(a, b), key=lambda level: abs((steps[level] + steps[level + 1]) / 2 - (steps[a] + steps[b]) / 2))
    finer = (*high[:widest], middle, *high[widest + 1 :])
    coarser = (*low[:widest], middle + 1, *low[widest + 1 :])
    return ((low, finer, False), (coarser, high, True))
