"""The cells by which a person may be recognized, as small numbers: what each shows at each level, and what that costs.

A ``Column`` is one cell of a person's linked history: a static key, or a time-varying key in one wave. Its *tokens* are the
distinct things the cell may show (a value, or a reason why there is none). ``maps[level][token]`` is what a token looks like
at a level, ``losses[level][token]`` what is lost of it (0 nothing, 1 all; source of the measure: ``losses.py``). The last level
shows nothing. ``Tuples`` are the distinct histories with the number of persons who share each. Nothing here knows of SQL.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Codes = NDArray[np.int32]


@dataclass(frozen=True)
class Column:
    """One cell of the history. ``dimension`` is the index of its key: all cells of a key share one level. ``starred`` is the
    loss by token of a starred cell, also where no level shows nothing. ``weights`` by token are the importance of a lost cell,
    zero where there was nothing to lose (no response, item not asked)."""

    name: str
    dimension: int
    maps: tuple[Codes, ...]
    losses: tuple[Floats, ...]
    starred: Floats
    weights: Floats

    @property
    def top(self) -> int:
        return len(self.maps) - 1

    @cached_property
    def sizes(self) -> tuple[int, ...]:
        """Number of distinct looks at each level."""
        return tuple(int(each.max(initial=0)) + 1 for each in self.maps)


@dataclass(frozen=True)
class Tuples:
    """Distinct histories: ``cells`` (n x columns, each column in one stretch of memory) holds tokens, ``counts`` (n) persons.
    ``fixed`` (n) numbers what cannot be coarsened: the participation pattern. ``answers`` (n x sensitive) are bit masks of the
    sensitive answers seen."""

    columns: tuple[Column, ...]
    cells: Codes
    counts: Ints
    fixed: Codes
    answers: NDArray[np.uint64]

    @property
    def persons(self) -> int:
        return int(self.counts.sum())

    @cached_property
    def everything(self) -> float:
        """What would be lost if every cell were starred."""
        lost = 0.0
        for place, column in enumerate(self.columns):
            persons = np.bincount(self.cells[:, place], weights=self.counts, minlength=len(column.weights))
            lost += float(persons @ (column.weights * column.starred))
        return lost or 1.0

    @cached_property
    def dimensions(self) -> int:
        return 1 + max((column.dimension for column in self.columns), default=-1)

    @cached_property
    def tops(self) -> tuple[int, ...]:
        """The level of each dimension that shows nothing."""
        tops = [0] * self.dimensions
        for column in self.columns:
            tops[column.dimension] = column.top
        return tuple(tops)

    def still_there(self, levels: Sequence[int], rows: Ints) -> Floats:
        """What each of ``rows`` would lose if all its cells at ``levels`` were starred."""
        total = np.zeros(len(rows))
        for position, column in enumerate(self.columns):
            left = (column.starred - column.losses[levels[column.dimension]]) * column.weights
            if left.any():
                total += left[self.cells[:, position][rows]]
        return total
