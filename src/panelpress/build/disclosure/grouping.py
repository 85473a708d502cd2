"""Groups rows that are alike: numbers them, adds up what they count. Sorts only where numbers are too large to count by place."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from panelpress.build.disclosure.columns import Ints

EXACT = 1 << 62  # mixed-radix numbers below this fit into one word
_DIRECT = 1 << 16


def group(numbers: Ints, size: int | None, counts: Ints) -> tuple[Ints, Ints]:
    """Groups equal ``numbers``: first row of each group and its total of ``counts``. ``size`` bounds the numbers from above
    where that is known; where it is small, nothing is sorted."""
    if size is not None and size <= max(_DIRECT, 4 * len(numbers)):
        totals = np.bincount(numbers, weights=counts, minlength=size)
        first = np.full(size, -1, dtype=np.int64)
        first[numbers[::-1]] = np.arange(len(numbers) - 1, -1, -1)
        present = np.flatnonzero(first >= 0)
        return first[present], totals[present].astype(np.int64)
    order = np.argsort(numbers)
    starts = _starts(numbers[order])
    totals = np.add.reduceat(counts[order], starts) if len(starts) else counts[:0]
    return order[starts], totals


def group_all(numbers: Ints, size: int | None, counts: Ints) -> tuple[Ints, Ints, Ints]:
    """As ``group``, and the group of every row."""
    if size is not None and size <= max(_DIRECT, 4 * len(numbers)):
        first, totals = group(numbers, size, counts)
        place = np.zeros(size, dtype=np.int64)
        place[numbers[first]] = np.arange(len(first))
        return first, totals, place[numbers]
    order = np.argsort(numbers)
    starts = _starts(numbers[order])
    totals = np.add.reduceat(counts[order], starts) if len(starts) else counts[:0]
    steps = np.zeros(len(numbers), dtype=np.int64)
    steps[starts[1:]] = 1
    groups = np.empty(len(numbers), dtype=np.int64)
    groups[order] = np.cumsum(steps)
    return order[starts], totals, groups


def alike_rows(matrix: NDArray[Any]) -> tuple[Ints, Ints]:
    """First of each distinct row of a matrix of small numbers from 0, and which of them every row is."""
    ones = np.ones(len(matrix), dtype=np.int64)
    number: Ints = np.zeros(len(matrix), dtype=np.int64)
    size = 1
    for column in matrix.T:
        width = int(column.max(initial=0)) + 1
        if size * width >= EXACT:
            first, _, number = group_all(number, size, ones)
            size = len(first)
        number = number * width + column
        size *= width
    first, _, which = group_all(number, size, ones)
    return first, which


def _starts(ordered: Ints) -> Ints:
    if not len(ordered):
        return np.zeros(0, dtype=np.int64)
    return np.flatnonzero(np.concatenate(([True], ordered[1:] != ordered[:-1])))
