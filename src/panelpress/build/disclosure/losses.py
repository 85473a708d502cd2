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
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Protocol

import numpy as np

from panelpress.build.disclosure.classes import Levels, Node
from panelpress.build.disclosure.columns import Floats, Tuples


class Objective(Protocol):
    """What a search minimizes. ``bound`` may never exceed ``loss`` of any node between ``low`` and the node of ``high``."""

    def loss(self, levels: Levels, node: Node) -> float: ...

    def bound(self, low: Levels, high: Node) -> float: ...

    def steps(self, dimension: int) -> Floats: ...


def column_bits(tuples: Tuples) -> tuple[float, ...]:
    """Mean bits that a cell of each column holds: the entropy of its tokens over persons."""
    found = []
    for place, column in enumerate(tuples.columns):
        persons = np.bincount(tuples.cells[:, place], weights=tuples.counts, minlength=len(column.weights))
        shares = persons[persons > 0] / max(persons.sum(), 1)
        found.append(float(-(shares * np.log2(shares)).sum()))
    return tuple(found)


def with_entropy(tuples: Tuples, bits: Sequence[float]) -> Tuples:
    """The same tuples with non-uniform entropy as the loss of a cell: bits needed to get from its look back to its token,
    over the ``bits`` that a cell of the column holds."""
    columns = []
    for place, column in enumerate(tuples.columns):
        persons = np.bincount(tuples.cells[:, place], weights=tuples.counts, minlength=len(column.weights))
        total = max(float(persons.sum()), 1.0)

        def lost(looks: Floats, own: Floats = np.maximum(persons, 1), unit: float = bits[place] or 1.0) -> Floats:
            return np.asarray(np.log2(np.maximum(looks, 1) / own) / unit, dtype=np.float64)

        losses = tuple(lost(np.bincount(look, weights=persons)[look].astype(np.float64)) for look in column.maps)
        columns.append(replace(column, losses=losses, starred=lost(np.full(len(persons), total))))
    return replace(tuples, columns=tuple(columns))


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
        return float(sum(self._steps[place][level] for place, level in enumerate(levels)))

    def loss(self, levels: Levels, node: Node) -> float:
        return self.recoding(levels) + self.price * node.left

    def bound(self, low: Levels, high: Node) -> float:
        """Recoding only rises above ``low``, and whoever fails at the coarser node fails below it too, where even more is left
        to lose."""
        return self.recoding(low) + self.price * high.left


@dataclass(frozen=True)
class Discernibility:
    """Sum over persons of the size of their class, suppressed persons counting as the whole file, over persons squared.
    ``finest`` is the node that no other of the search is finer than."""

    tuples: Tuples
    finest: Node

    def steps(self, dimension: int) -> Floats:
        return np.linspace(0, 1, self.tuples.tops[dimension] + 1)

    def loss(self, levels: Levels, node: Node) -> float:
        return self._scaled(node.squares + node.residual * self.tuples.persons - node.residual_squares)

    def bound(self, low: Levels, high: Node) -> float:
        """Classes only grow, so their squares are never below those of the finest node; who fails at the coarser node fails
        below it, in a class no larger."""
        return self._scaled(self.finest.squares + high.residual * self.tuples.persons - high.residual_squares)

    def _scaled(self, squares: float) -> float:
        return squares / (float(self.tuples.persons) ** 2 or 1.0)
