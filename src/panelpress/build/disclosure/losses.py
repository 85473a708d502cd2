"""What coarsening costs: the measures that a search may minimize. All run from 0 (nothing lost) to 1 (everything lost).

- ``ncp``: normalized certainty penalty (Xu et al., Utility-based anonymization, KDD 2006), arithmetic mean over cells: the share
  of the key's domain that a published look covers.
- ``entropy``: non-uniform entropy (Gionis & Tassa, TKDE 2009): the bits still unknown of a cell, over all its bits.
- ``discernibility``: Bayardo & Agrawal (ICDE 2005): every person costs the size of the class it stands in, every suppressed
  person the whole file; divided by the worst case.

``ncp`` and ``entropy`` are sums over cells, so the cost of a node is known without counting classes. What classes add is the
price of persons in classes that are too small (``residual``): all their cells are lost. ``price`` scales it: 1 where such rows
are suppressed whole, less where only some of their cells will be starred.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from panelpress.build.disclosure.classes import Classes, Levels
from panelpress.build.disclosure.columns import Floats, Ints, Tuples


class Objective(Protocol):
    """What a search minimizes. ``bound`` may never exceed ``loss`` of any node between ``low`` and ``high``."""

    def loss(self, levels: Levels, classes: Classes, failing: NDArray[np.bool_]) -> float: ...

    def bound(self, low: Levels, high_extra: float) -> float: ...

    def extra(self, levels: Levels, classes: Classes, failing: NDArray[np.bool_]) -> float: ...

    def steps(self, dimension: int) -> Floats: ...


def ncp_losses(groups: Sequence[Ints], members: Sequence[Floats]) -> tuple[Floats, ...]:
    """Loss by token at each level. ``groups[level][token]`` is the token's look, ``members[level][look]`` the share of the
    domain that the look covers (0 for a single value)."""
    return tuple(share[group] for group, share in zip(groups, members, strict=True))


def entropy_losses(groups: Sequence[Ints], persons: Ints) -> tuple[Floats, ...]:
    """Loss by token at each level: bits needed to get from the look back to the token, over the column's bits per cell.
    ``persons`` (by token) are the persons showing each token."""
    total = persons.sum()
    safe = np.maximum(persons, 1)
    bits = float((persons * np.log2(total / safe)).sum() / total) if total else 0.0
    found = []
    for group in groups:
        together = np.bincount(group, weights=persons)[group]
        found.append(np.log2(np.maximum(together, 1) / safe) / bits if bits else np.zeros(len(persons)))
    return tuple(found)


@dataclass(frozen=True)
class CellLoss:
    """Mean weighted loss over cells (``ncp`` and ``entropy``, by what the columns of ``tuples`` hold)."""

    tuples: Tuples
    price: float = 1.0

    @cached_property
    def _steps(self) -> tuple[Floats, ...]:
        steps = [np.zeros(top + 1) for top in self.tuples.tops]
        for place, column in enumerate(self.tuples.columns):
            persons = np.bincount(self.tuples.cells[:, place], weights=self.tuples.counts, minlength=len(column.weights))
            for level, lost in enumerate(column.losses):
                steps[column.dimension][level] += persons @ (column.weights * lost)
        return tuple(step / self.tuples.everything for step in steps)

    def steps(self, dimension: int) -> Floats:
        """Share of everything that is lost by each level of ``dimension`` alone; never falls with the level."""
        return self._steps[dimension]

    def recoding(self, levels: Levels) -> float:
        """Loss of full-domain recoding alone."""
        return float(sum(self.steps(place)[level] for place, level in enumerate(levels)))

    def extra(self, levels: Levels, classes: Classes, failing: NDArray[np.bool_]) -> float:
        """What the persons of failing classes lose beyond the recoding."""
        left = self.tuples.still_there(levels, classes.rows[failing])
        return float(self.price * (left @ classes.counts[failing]) / self.tuples.everything)

    def loss(self, levels: Levels, classes: Classes, failing: NDArray[np.bool_]) -> float:
        return self.recoding(levels) + self.extra(levels, classes, failing)

    def bound(self, low: Levels, high_extra: float) -> float:
        """Between ``low`` and a node of extra ``high_extra`` nothing costs less: recoding only rises, and whoever fails at the
        coarser node fails below it too, where even more is left to lose."""
        return self.recoding(low) + high_extra


@dataclass(frozen=True)
class Discernibility:
    """Sum over persons of the size of their class, suppressed persons counting as the whole file, over persons squared."""

    tuples: Tuples
    finest: float

    def _scale(self) -> float:
        return float(self.tuples.persons) ** 2 or 1.0

    def steps(self, dimension: int) -> Floats:
        return np.linspace(0, 1, self.tuples.tops[dimension] + 1)

    def extra(self, levels: Levels, classes: Classes, failing: NDArray[np.bool_]) -> float:
        """What suppressed persons cost beyond the class that they would stand in."""
        counts = classes.counts[failing].astype(np.float64)
        return float((counts * (self.tuples.persons - counts)).sum() / self._scale())

    def loss(self, levels: Levels, classes: Classes, failing: NDArray[np.bool_]) -> float:
        together = float((classes.counts.astype(np.float64) ** 2).sum() / self._scale())
        return together + self.extra(levels, classes, failing)

    def bound(self, low: Levels, high_extra: float) -> float:
        """Classes only grow, so their squares are never below those of the finest node; failing ones fail below too."""
        return self.finest + high_extra
