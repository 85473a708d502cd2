"""Stars (or locally recodes) cells so that every class of exact looks holds at least k persons: greedy top-down specialisation.

All persons of one participation pattern start in one group where every cell shows nothing. Step by step each group makes one
column finer (Fung et al., Top-down specialization, ICDE 2005): values shared by at least k of its persons become groups of
their own; the others stay together at the coarser look, and borrow persons where they are fewer than k. A group always holds at
least k persons, so the result satisfies k whatever the order; the order decides what it costs. Groups are split all at once,
column by column, so the work grows with distinct tuples, not persons.

A *lot* is some of the persons of one tuple. What a lot shows is given by a level for each column.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from panelpress.build.disclosure.classes import group_all
from panelpress.build.disclosure.columns import Column, Floats, Ints

Matrix = NDArray[np.int8]


@dataclass(frozen=True)
class Lots:
    """Persons by what they show: ``rows`` (tuple), ``amounts`` (persons), ``groups`` (released class), ``levels`` (lots x
    columns, index into each column's maps)."""

    rows: Ints
    amounts: Ints
    groups: Ints
    levels: Matrix


def specialise(
    columns: Sequence[Column], cells: NDArray[np.int32], counts: Ints, start: Ints, k: int, taste: Floats | None = None
) -> Lots:
    """Lots of all tuples, every group of exact looks at least ``k`` persons. ``start`` (n) numbers groups that never mix; each
    must hold k persons or more. ``taste`` multiplies column weights, to try another order. Raises ValueError below k."""
    totals = np.bincount(start, weights=counts)
    if ((totals > 0) & (totals < k)).any():
        raise ValueError("a starting group holds fewer than k persons")
    state = _State(columns, cells, counts, start, k, taste if taste is not None else np.ones(len(columns)))
    while state.step():
        continue
    return Lots(state.rows, state.amounts, state.groups, state.levels[state.groups])


class _State:
    """Groups being split. ``levels`` and ``frozen`` are by group and column."""

    def __init__(
        self, columns: Sequence[Column], cells: NDArray[np.int32], counts: Ints, start: Ints, k: int, taste: Floats
    ) -> None:
        self.columns, self.cells, self.k, self.taste = columns, cells, k, taste
        self.rows: Ints = np.arange(len(counts))
        self.amounts: Ints = counts.astype(np.int64)
        _, self.groups = np.unique(start, return_inverse=True)
        n = int(self.groups.max(initial=-1)) + 1
        self.levels: Matrix = np.tile(np.array([column.top for column in columns], dtype=np.int8), (n, 1))
        self.frozen = self.levels == 0

    def step(self) -> bool:
        """Makes one column of each unfinished group finer. False when all are finished."""
        open_groups = ~self.frozen.all(axis=1)
        if not open_groups.any():
            return False
        active = np.flatnonzero(open_groups[self.groups])
        choice = np.full(len(self.levels), -1)
        best = np.full(len(self.levels), np.inf)
        for place in range(len(self.columns)):
            cost = self._cost(place, active)
            better = cost < best
            best[better], choice[better] = cost[better], place
        for place in np.unique(choice[choice >= 0]):
            chosen = np.zeros(len(self.levels), dtype=bool)
            chosen[: len(choice)] = choice == place
            self._split(int(place), chosen)
        self._compact()
        return True

    def _looks(self, place: int, lots: Ints, level: Ints) -> Ints:
        """What lots show in one column if each were at its given level."""
        column = self.columns[place]
        tokens = self.cells[self.rows[lots], place]
        found = np.zeros(len(lots), dtype=np.int64)
        for each in np.unique(level):
            at = level == each
            found[at] = column.maps[int(each)][tokens[at]]
        return found

    def _shares(self, place: int, lots: Ints) -> tuple[Ints, Ints, Ints]:
        """For (group, finer look) pairs among ``lots``: the pair of each lot, persons of each pair, group of each pair."""
        width = max(self.columns[place].sizes)
        groups = self.groups[lots]
        looks = self._looks(place, lots, self.levels[groups, place].astype(np.int64) - 1)
        first, persons, pair = group_all(groups * width + looks, len(self.levels) * width, self.amounts[lots])
        return pair, persons, groups[first]

    def _cost(self, place: int, active: Ints) -> Floats:
        """By group: persons' weight that cannot follow if this column is made finer; infinite where it is frozen. Columns in
        which a whole group looks alike are made finer on the spot: that divides nobody."""
        n = len(self.levels)
        cost = np.full(n, np.inf)
        lots = active[~self.frozen[self.groups[active], place]]
        while len(lots):
            _, persons, of_group = self._shares(place, lots)
            alike = np.bincount(of_group, minlength=n) == 1
            if not alike.any():
                break
            self.levels[alike, place] -= 1
            self.frozen[alike, place] = self.levels[alike, place] == 0
            lots = lots[~self.frozen[self.groups[lots], place]]
        if not len(lots):
            return cost
        size = np.bincount(of_group, weights=persons, minlength=n)
        few = persons < self.k
        left = np.bincount(of_group, weights=persons * few, minlength=n)
        surplus = np.bincount(of_group, weights=(persons - self.k) * ~few, minlength=n)
        smallest = np.full(n, np.inf)
        np.minimum.at(smallest, of_group[~few], persons[~few])
        short = (left > 0) & (left < self.k)
        left = np.where(short, np.where(surplus >= self.k - left, self.k, left + smallest), left)
        left = np.minimum(left, size)
        hopeless = (left >= size) & (size > 0)
        self.frozen[hopeless, place] = True
        usable = (size > 0) & ~hopeless
        weight = self._weight(place, lots)
        cost[usable] = (left * weight)[usable] + 1e-9 * place
        return cost

    def _weight(self, place: int, lots: Ints) -> Floats:
        """By group: mean loss that still hangs on this column."""
        column = self.columns[place]
        groups, tokens = self.groups[lots], self.cells[self.rows[lots], place]
        at = self.levels[groups, place]
        losses = np.stack(column.losses)
        hangs = (losses[at, tokens] - losses[0, tokens]) * column.weights[tokens] * self.amounts[lots]
        n = len(self.levels)
        persons = np.bincount(groups, weights=self.amounts[lots], minlength=n)
        mean: Floats = np.bincount(groups, weights=hangs, minlength=n) / np.maximum(persons, 1) * self.taste[place]
        return mean

    def _split(self, place: int, chosen: NDArray[np.bool_]) -> None:
        """Splits the ``chosen`` groups by one column made one level finer."""
        lots = np.flatnonzero(chosen[self.groups])
        pair, persons, of_group = self._shares(place, lots)
        n = len(self.levels)
        stays = persons < self.k
        left = np.bincount(of_group, weights=persons * stays, minlength=n).astype(np.int64)
        for each in np.flatnonzero((left > 0) & (left < self.k)):
            mine = np.flatnonzero((of_group == each) & ~stays)
            if (persons[mine] - self.k).sum() < self.k - left[each]:
                stays[mine[np.argmin(persons[mine])]] = True
            else:
                lots, pair = self._borrow(lots, pair, persons, mine, int(self.k - left[each]))
        goes = np.flatnonzero(~stays)
        fresh = np.full(len(persons), -1)
        fresh[goes] = n + np.arange(len(goes))
        levels, frozen = self.levels[of_group[goes]], self.frozen[of_group[goes]]
        levels[:, place] -= 1
        frozen[:, place] = levels[:, place] == 0
        moved = (pair >= 0) & (fresh[pair] >= 0)
        self.groups[lots[moved]] = fresh[pair[moved]]
        self.frozen[chosen, place] = True
        self.levels = np.concatenate([self.levels, levels])
        self.frozen = np.concatenate([self.frozen, frozen])

    def _borrow(self, lots: Ints, pair: Ints, persons: Ints, pairs: Ints, need: int) -> tuple[Ints, Ints]:
        """Leaves ``need`` persons of the richest of ``pairs`` behind, splitting lots; marks who stays with pair -1."""
        for each in pairs[np.argsort(-persons[pairs], kind="stable")]:
            spare = int(min(need, persons[each] - self.k))
            for at in np.flatnonzero(pair == each):
                if spare <= 0:
                    break
                lot = lots[at]
                take = int(min(spare, self.amounts[lot]))
                if take == self.amounts[lot]:
                    pair[at] = -1
                else:
                    self.amounts[lot] -= take
                    self.rows = np.append(self.rows, self.rows[lot])
                    self.amounts = np.append(self.amounts, take)
                    self.groups = np.append(self.groups, self.groups[lot])
                    lots, pair = np.append(lots, len(self.rows) - 1), np.append(pair, -1)
                spare -= take
                need -= take
                persons[each] -= take
            if need <= 0:
                break
        return lots, pair

    def _compact(self) -> None:
        used, self.groups = np.unique(self.groups, return_inverse=True)
        self.levels, self.frozen = self.levels[used], self.frozen[used]
