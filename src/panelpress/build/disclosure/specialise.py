"""Stars (or locally recodes) cells so that every class of exact looks satisfies the demand: greedy top-down specialisation.

All persons of one participation pattern start in one group where every cell shows nothing. Step by step each group makes one
column finer (Fung et al., Top-down specialization, ICDE 2005): values whose persons satisfy the demand become groups of their
own; the others stay together at the coarser look. Where those left over fail it, they borrow persons of values that can spare
some, or the smallest such values stay with them. Every group satisfies the demand at all times, so the result does whatever the
order; the order decides what it costs. Groups are split all at once, column by column, so the work grows with distinct tuples.

A *lot* is some of the persons of one tuple. What a lot shows is given by a level for each column.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from panelpress.build.disclosure.columns import Floats, Ints, Tuples
from panelpress.build.disclosure.demand import Demand, Masks, unite
from panelpress.build.disclosure.grouping import group_all
from panelpress.build.disclosure.lending import lent, smallest_that_stay, taken

Matrix = NDArray[np.int8]


@dataclass(frozen=True)
class Lots:
    """Persons by what they show: ``rows`` (tuple), ``amounts`` (persons), ``groups`` (released class), ``levels`` (lots x
    columns, index into each column's maps)."""

    rows: Ints
    amounts: Ints
    groups: Ints
    levels: Matrix


def specialise(looks: Tuples, demand: Demand, taste: Floats | None = None) -> Lots:
    """Lots of all tuples, every group of exact looks satisfying ``demand``. Tuples that differ in ``fixed`` never mix. ``taste``
    multiplies column weights, to try another order. Raises ValueError where those of one ``fixed`` do not satisfy it together."""
    first, totals, start = group_all(looks.fixed.astype(np.int64), None, looks.counts)
    if demand.fails(totals, unite(looks.answers, start, len(first))).any():
        raise ValueError("a starting group holds fewer than k persons, or too few answers")
    state = _State(looks, start, demand, taste if taste is not None else np.ones(len(looks.columns)))
    while state.step():
        continue
    return Lots(state.rows, state.amounts, state.groups, state.levels[state.groups])


class _State:
    """Groups being split. ``levels`` and ``frozen`` are by group and column."""

    def __init__(self, looks: Tuples, start: Ints, demand: Demand, taste: Floats) -> None:
        self.columns, self.cells, self.answers = looks.columns, looks.cells, looks.answers
        self.demand, self.taste = demand, taste
        self.rows: Ints = np.arange(len(looks.counts))
        self.amounts: Ints = looks.counts.astype(np.int64)
        self.groups = start
        n = int(start.max(initial=-1)) + 1
        self.levels: Matrix = np.tile(np.array([column.top for column in self.columns], dtype=np.int8), (n, 1))
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
        for each in np.flatnonzero(np.bincount(level, minlength=1)):
            at = level == each
            found[at] = column.maps[each][tokens[at]]
        return found

    def _shares(self, place: int, lots: Ints) -> tuple[Ints, Ints, Ints, Masks]:
        """For (group, finer look) pairs among ``lots``: the pair of each lot; persons, group and answers of each pair."""
        width = max(self.columns[place].sizes)
        groups = self.groups[lots]
        looks = self._looks(place, lots, self.levels[groups, place].astype(np.int64) - 1)
        first, persons, pair = group_all(groups * width + looks, len(self.levels) * width, self.amounts[lots])
        return pair, persons, groups[first], unite(self.answers[self.rows[lots]], pair, len(first))

    def _left_over(self, persons: Ints, of_group: Ints, seen: Masks, stays: NDArray[np.bool_]) -> tuple[Ints, NDArray[np.bool_]]:
        """By group: persons of the pairs that stay, and whether they are somebody but fail the demand."""
        n = len(self.levels)
        left = np.bincount(of_group, weights=persons * stays, minlength=n).astype(np.int64)
        return left, (left > 0) & self.demand.fails(left, unite(seen[stays], of_group[stays], n))

    def _cost(self, place: int, active: Ints) -> Floats:
        """By group: persons' weight that cannot follow if this column is made finer; infinite where it is frozen. Columns in
        which a whole group looks alike are made finer on the spot: that divides nobody."""
        n = len(self.levels)
        cost = np.full(n, np.inf)
        lots = active[~self.frozen[self.groups[active], place]]
        while len(lots):
            _, persons, of_group, seen = self._shares(place, lots)
            alike = np.bincount(of_group, minlength=n) == 1
            if not alike.any():
                break
            self.levels[alike, place] -= 1
            self.frozen[alike, place] = self.levels[alike, place] == 0
            lots = lots[~self.frozen[self.groups[lots], place]]
        if not len(lots):
            return cost
        size = np.bincount(of_group, weights=persons, minlength=n)
        k = self.demand.k
        few = self.demand.fails(persons, seen)
        together, short = self._left_over(persons, of_group, seen, few)
        surplus = np.bincount(of_group, weights=(persons - k) * ~few * self._may_lend, minlength=n)
        smallest = np.full(n, np.inf)
        np.minimum.at(smallest, of_group[~few], persons[~few])
        left = np.where(short, np.where(surplus >= np.maximum(k - together, 1), k, together + smallest), together)
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
        pair, persons, of_group, seen = self._shares(place, lots)
        n = len(self.levels)
        stays = self.demand.fails(persons, seen)
        left, short = self._left_over(persons, of_group, seen, stays)
        spare = np.bincount(of_group, weights=(persons - self.demand.k) * ~stays * self._may_lend, minlength=n)
        needs = np.where(short & (spare > 0) & (spare >= self.demand.k - left), self.demand.k - left, 0)
        poor = np.flatnonzero(short & (needs == 0))
        stays[smallest_that_stay(persons, of_group, seen, stays, poor, self.demand)] = True
        lots, pair = self._lend(lots, pair, lent(persons, of_group, ~stays, needs, self.demand.k))
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

    @property
    def _may_lend(self) -> bool:
        """Only numbers can be lent: taking some persons of a value away may leave too few answers to the rest."""
        return self.demand.diversity == 1

    def _lend(self, lots: Ints, pair: Ints, amounts: Ints) -> tuple[Ints, Ints]:
        """Leaves ``amounts`` (by pair) of persons behind, splitting lots; marks who stays with pair -1."""
        if not amounts.any():
            return lots, pair
        at = np.flatnonzero(amounts[pair])
        at = at[np.argsort(pair[at], kind="stable")]
        stay = taken(self.amounts[lots[at]], pair[at], amounts)
        whole = (stay > 0) & (stay == self.amounts[lots[at]])
        pair[at[whole]] = -1
        part = (stay > 0) & ~whole
        divided, stay = lots[at[part]], stay[part]
        self.amounts[divided] -= stay
        fresh = len(self.rows) + np.arange(len(divided))
        self.rows = np.concatenate([self.rows, self.rows[divided]])
        self.amounts = np.concatenate([self.amounts, stay])
        self.groups = np.concatenate([self.groups, self.groups[divided]])
        return np.concatenate([lots, fresh]), np.concatenate([pair, np.full(len(fresh), -1)])

    def _compact(self) -> None:
        """Drops groups that nobody is in any more."""
        used = np.bincount(self.groups, minlength=len(self.levels)) > 0
        self.groups = (np.cumsum(used) - 1)[self.groups]
        self.levels, self.frozen = self.levels[used], self.frozen[used]
