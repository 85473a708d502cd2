"""Counts how many persons look alike at a node of the lattice, rolling coarse nodes up from finer ones already counted.

Grouping is by one number per tuple. Where the looks fit into 62 bits the number is exact (mixed radix); else it is a sum of
random 64-bit numbers, one per look, which two of a million different tuples share with probability below 10^-7. The search may
lean on that; the released table is counted again on its exact tuples (``check.py``) before anything leaves.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from panelpress.build.disclosure.columns import Ints, Tuples
from panelpress.build.disclosure.demand import Demand, Masks, unite
from panelpress.build.disclosure.grouping import EXACT, group, group_all

Levels = tuple[int, ...]
_KEPT_ROWS = 8_000_000
_GONE = 1 << 60


@dataclass(frozen=True)
class Classes:
    """The classes of one node: a tuple that stands for each (``rows``), its persons, the sensitive answers seen in it."""

    rows: Ints
    counts: Ints
    answers: Masks


@dataclass(frozen=True, slots=True)
class Node:
    """What a search needs to know of one node: persons in failing classes (``residual``), what of everything is still left to
    lose on them (``left``, a share), squared class sizes of all and of failing classes."""

    residual: int
    left: float
    squares: float
    residual_squares: float


def numbers_at(tuples: Tuples, levels: Levels, rows: Ints | None = None) -> tuple[Ints, int | None]:
    """One number for what each tuple shows at ``levels``; and a bound above all numbers where they are exact."""
    fixed = tuples.fixed if rows is None else tuples.fixed[rows]
    cells = [column if rows is None else column[rows] for column in tuples.cells.T]
    tables = [column.maps[levels[column.dimension]] for column in tuples.columns]
    sizes = [column.sizes[levels[column.dimension]] for column in tuples.columns]
    bound = int(fixed.max(initial=0)) + 1
    exact = bound
    for size in sizes:
        exact *= size
    if exact < EXACT:
        number = fixed.astype(np.int64)
        for table, column, size in zip(tables, cells, sizes, strict=True):
            if size > 1:
                number += (table.astype(np.int64) * bound)[column]
                bound *= size
        return number, bound
    random = np.random.default_rng(20220224)
    number = random.integers(np.iinfo(np.int64).max, size=bound)[fixed]
    with np.errstate(over="ignore"):
        for table, column, size in zip(tables, cells, sizes, strict=True):
            if size > 1:
                looks = random.integers(np.iinfo(np.int64).min, np.iinfo(np.int64).max, size)
                number += looks[table][column]
    return number, None


class Counter:
    """Counts classes at nodes, keeping tables for reuse: a node is rolled up from the smallest finer one that is kept.

    ``work`` is the number of tuples visited so far, the same on every machine, by which a search can be bounded.
    """

    def __init__(self, tuples: Tuples, demand: Demand) -> None:
        self.tuples, self.demand = tuples, demand
        self._nodes: dict[Levels, Node] = {}
        self.counted = 0
        self.work = 0
        self._place: dict[Levels, int] = {}
        self._tables: list[Classes | None] = []
        self._levels = np.zeros((0, tuples.dimensions), dtype=np.int8)
        self._sizes: Ints = np.zeros(0, dtype=np.int64)

    def node(self, levels: Levels) -> Node:
        """What is known of ``levels``, counted once."""
        if levels not in self._nodes:
            classes = self.classes(levels)
            fails = self.demand.fails(classes.counts, classes.answers)
            counts = classes.counts.astype(np.float64)
            failing = counts[fails]
            # sums, not dot products: those wake a thread pool that burns more CPU than it saves on arrays this small
            left = float((self.tuples.still_there(levels, classes.rows[fails]) * failing).sum()) / self.tuples.everything
            self._nodes[levels] = Node(int(failing.sum()), left, float((counts**2).sum()), float((failing**2).sum()))
        return self._nodes[levels]

    def classes(self, levels: Levels) -> Classes:
        """The classes at ``levels``."""
        place = self._place.get(levels)
        kept = self._tables[place] if place is not None else None
        if kept is not None:
            return kept
        self.counted += 1
        made = self._roll_up(levels)
        self._keep(levels, made)
        return made

    def _roll_up(self, levels: Levels) -> Classes:
        tuples = self.tuples
        rows: Ints | None = None
        counts, answers = tuples.counts, tuples.answers
        finer = np.flatnonzero((self._levels <= np.array(levels, dtype=np.int8)).all(axis=1) & (self._sizes < len(counts)))
        if len(finer):
            table = self._tables[int(finer[np.argmin(self._sizes[finer])])]
            assert table is not None
            rows, counts, answers = table.rows, table.counts, table.answers
        self.work += len(counts)
        number, size = numbers_at(tuples, levels, rows)
        if not answers.shape[1]:
            first, totals = group(number, size, counts)
            return Classes(first if rows is None else rows[first], totals, np.zeros((len(first), 0), dtype=np.uint64))
        first, totals, groups = group_all(number, size, counts)
        united = unite(answers, groups, len(first))
        return Classes(first if rows is None else rows[first], totals, united)

    def _keep(self, levels: Levels, made: Classes) -> None:
        """Keeps a table, and lets the largest go when all kept hold too many rows."""
        self._place[levels] = len(self._tables)
        self._tables.append(made)
        self._levels = np.concatenate([self._levels, np.array([levels], dtype=np.int8)])
        self._sizes = np.append(self._sizes, len(made.rows))
        while self._sizes[self._sizes < _GONE].sum() > _KEPT_ROWS:
            largest = int(np.argmax(np.where(self._sizes < _GONE, self._sizes, -1)))
            self._tables[largest], self._sizes[largest] = None, _GONE
