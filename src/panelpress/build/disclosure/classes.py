"""Counts how many persons look alike at a node of the lattice, rolling coarse nodes up from finer ones already counted.

Grouping is by one number per tuple. Where the looks fit into 62 bits the number is exact (mixed radix); else it is a sum of
random 64-bit numbers, one per look, which two of a million different tuples share with probability below 10^-7. The search may
lean on that; the released table is counted again on its exact tuples (``check.py``) before anything leaves.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from panelpress.build.disclosure.columns import Codes, Ints, Tuples

Levels = tuple[int, ...]
_EXACT = 1 << 62
_DIRECT = 1 << 22


@dataclass(frozen=True)
class Classes:
    """The classes of one node: a tuple that stands for each (``rows``), its persons, the sensitive answers seen in it."""

    rows: Ints
    counts: Ints
    answers: NDArray[np.uint64]

    def failing(self, k: int, diversity: int) -> NDArray[np.bool_]:
        """Which classes are below ``k`` persons or below ``diversity`` distinct answers to a sensitive variable."""
        fails = self.counts < k
        if diversity > 1 and self.answers.shape[1]:
            fails |= (np.bitwise_count(self.answers) < diversity).any(axis=1)
        return fails


def group(numbers: Ints, size: int | None, counts: Ints) -> tuple[Ints, Ints, Ints]:
    """Groups equal ``numbers``: first row of each group, its total of ``counts``, and the group of each row. ``size`` bounds
    the numbers from above where that is known, which spares sorting."""
    if size is not None and size <= max(_DIRECT // 64, 4 * len(numbers)):
        totals = np.bincount(numbers, weights=counts, minlength=size)
        present = np.flatnonzero(np.bincount(numbers, minlength=size))
        first = np.zeros(size, dtype=np.int64)
        first[numbers[::-1]] = np.arange(len(numbers) - 1, -1, -1)
        renumber = np.zeros(size, dtype=np.int64)
        renumber[present] = np.arange(len(present))
        return first[present], totals[present].astype(np.int64), renumber[numbers]
    order = np.argsort(numbers)
    ordered = numbers[order]
    starts = np.flatnonzero(np.concatenate(([True], ordered[1:] != ordered[:-1])))
    totals = np.add.reduceat(counts[order], starts) if len(starts) else counts[:0]
    groups = np.empty(len(numbers), dtype=np.int64)
    groups[order] = np.cumsum(np.concatenate(([0], (ordered[1:] != ordered[:-1]).astype(np.int64)))) if len(order) else order
    return order[starts], totals, groups


def numbers_of(shown: Codes, sizes: Sequence[int], fixed: Codes) -> tuple[Ints, int | None]:
    """One number per row of ``shown`` (n x columns) and ``fixed`` (n); and a bound above all of them where it is exact."""
    tables = [np.arange(size, dtype=np.int64) for size in sizes]
    return _combine([(table, shown[:, place]) for place, table in enumerate(tables)], sizes, fixed)


def _combine(parts: Sequence[tuple[Ints, Codes]], sizes: Sequence[int], fixed: Codes) -> tuple[Ints, int | None]:
    number = fixed.astype(np.int64)
    bound = int(fixed.max(initial=0)) + 1
    exact = bound
    for size in sizes:
        exact *= size
    if exact < _EXACT:
        for (table, tokens), size in zip(parts, sizes, strict=True):
            if size > 1:
                number += (table * bound)[tokens]
                bound *= size
        return number, bound
    random = np.random.default_rng(20220224)
    number = random.integers(0, np.iinfo(np.int64).max, bound)[fixed]
    with np.errstate(over="ignore"):
        for (table, tokens), size in zip(parts, sizes, strict=True):
            if size > 1:
                number += random.integers(np.iinfo(np.int64).min, np.iinfo(np.int64).max, size)[table][tokens]
    return number, None


class Counter:
    """Counts classes at nodes, keeping tables for reuse: a node is rolled up from the smallest finer one that is kept."""

    def __init__(self, tuples: Tuples, keep: int = 6_000_000) -> None:
        self.tuples = tuples
        self.counted = 0
        self._keep = keep
        self._kept: dict[Levels, Classes] = {}

    def classes(self, levels: Levels) -> Classes:
        """The classes at ``levels``."""
        if levels in self._kept:
            return self._kept[levels]
        self.counted += 1
        made = self._roll_up(levels)
        self._kept[levels] = made
        self._forget()
        return made

    def _roll_up(self, levels: Levels) -> Classes:
        tuples = self.tuples
        rows: Ints | None = None
        counts, answers = tuples.counts, tuples.answers
        for finer, table in self._kept.items():
            if len(table.rows) < len(counts) and all(low <= high for low, high in zip(finer, levels, strict=True)):
                rows, counts, answers = table.rows, table.counts, table.answers
        cells = tuples.cells if rows is None else tuples.cells[rows]
        fixed = tuples.fixed if rows is None else tuples.fixed[rows]
        at = [column.maps[levels[column.dimension]].astype(np.int64) for column in tuples.columns]
        sizes = [column.sizes[levels[column.dimension]] for column in tuples.columns]
        number, size = _combine([(table, cells[:, place]) for place, table in enumerate(at)], sizes, fixed)
        first, totals, groups = group(number, size, counts)
        return Classes(first if rows is None else rows[first], totals, _union(answers, groups, len(first)))

    def _forget(self) -> None:
        """Drops the largest tables when those kept hold more than ``keep`` rows in all."""
        held = sum(len(table.rows) for table in self._kept.values())
        for levels in sorted(self._kept, key=lambda each: -len(self._kept[each].rows)):
            if held <= self._keep:
                return
            held -= len(self._kept.pop(levels).rows)


def _union(answers: NDArray[np.uint64], groups: Ints, n: int) -> NDArray[np.uint64]:
    united = np.zeros((n, answers.shape[1]), dtype=np.uint64)
    for place in range(answers.shape[1]):
        np.bitwise_or.at(united[:, place], groups, answers[:, place])
    return united


def partition(tuples: Tuples, levels: Levels) -> tuple[Ints, Ints, Ints]:
    """The classes at ``levels``: a tuple that stands for each, its persons, and the class of every tuple."""
    at = [column.maps[levels[column.dimension]].astype(np.int64) for column in tuples.columns]
    sizes = [column.sizes[levels[column.dimension]] for column in tuples.columns]
    number, size = _combine([(table, tuples.cells[:, place]) for place, table in enumerate(at)], sizes, tuples.fixed)
    return group(number, size, tuples.counts)
