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
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

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


class _Tags:
    """Coarsest nodes known to fail; whatever lies below one of them fails as well."""

    def __init__(self, dimensions: int) -> None:
        self._failing = np.zeros((0, dimensions), dtype=np.int8)

    def covers(self, levels: Levels) -> bool:
        return bool((np.array(levels, dtype=np.int8) <= self._failing).all(axis=1).any())

    def add(self, levels: Levels) -> None:
        added = np.array([levels], dtype=np.int8)
        self._failing = np.concatenate([self._failing[~(self._failing <= added).all(axis=1)], added])


def search(
    counter: Counter,
    objective: Objective,
    *,
    limit: float,
    low: Levels | None = None,
    high: Levels | None = None,
    effort: int | None = None,
) -> Found | None:
    """The node between ``low`` and ``high`` of least loss with at most ``limit`` (a share) of persons in failing classes; None
    where there is none. ``effort`` (tuples visited) stops it early, and it says so; a limit in seconds would give another
    release on another machine."""
    tuples = counter.tuples
    low = low or (0,) * tuples.dimensions
    high = high or tuples.tops
    allowed = limit * tuples.persons + 1e-9
    nodes = 1
    for a, b in zip(low, high, strict=True):
        nodes *= b - a + 1
    tags = _Tags(tuples.dimensions)
    best: Found | None = None
    order = itertools.count()
    heap: list[tuple[float, int, Levels, Levels, bool]] = [(0.0, next(order), low, high, False)]
    before = counter.work
    while heap:
        bound, _, low, high, opened = heapq.heappop(heap)
        if best is not None and bound >= best.loss - 1e-12:
            break
        if effort is not None and best is not None and counter.work - before > effort:
            return replace(best, bound=bound, counted=counter.counted, optimal=False)
        if not opened:
            if tags.covers(high):
                continue
            node = counter.node(high)
            if node.residual > allowed:
                tags.add(high)
                continue
            loss = objective.loss(high, node)
            if best is None or loss < best.loss - 1e-12:
                best = Found(high, loss, node.residual, True, loss, counter.counted, nodes)
            heapq.heappush(heap, (max(bound, objective.bound(low, node)), next(order), low, high, True))
        elif low != high:
            for part_low, part_high, same_high in _halves(low, high, objective):
                part_bound = max(bound, objective.bound(part_low, counter.node(high)))
                heapq.heappush(heap, (part_bound, next(order), part_low, part_high, same_high))
    return replace(best, counted=counter.counted) if best else None


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
