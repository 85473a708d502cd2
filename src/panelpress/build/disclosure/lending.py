"""Who stays behind when a group is divided and those left over fail the demand: persons lent by larger values, or whole values.

A *pair* is a group of persons and one of the values that they could show, a *lot* some of its persons who are alike.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from panelpress.build.disclosure.columns import Ints
from panelpress.build.disclosure.demand import Demand, Masks, unite


def taken(amounts: Ints, owners: Ints, needs: Ints) -> Ints:
    """How much to take of each of ``amounts``, in order, until the need of its owner is met. Amounts of one owner stand
    together, owners rising; ``needs`` is by owner."""
    before = np.cumsum(amounts) - amounts
    before -= before[np.searchsorted(owners, owners)]
    return np.clip(needs[owners] - before, 0, amounts)


def lent(persons: Ints, of_group: Ints, lenders: NDArray[np.bool_], needs: Ints, k: int) -> Ints:
    """By pair: persons that it lends so that each group gets what it needs; the largest lend first and keep ``k``."""
    found = np.zeros(len(persons), dtype=np.int64)
    pairs = np.flatnonzero(lenders & (needs[of_group] > 0))
    order = pairs[np.lexsort((-persons[pairs], of_group[pairs]))]
    found[order] = taken(persons[order] - k, of_group[order], needs)
    return found


def smallest_that_stay(
    persons: Ints, of_group: Ints, seen: Masks, stays: NDArray[np.bool_], groups: Ints, demand: Demand
) -> Ints:
    """Pairs, smallest first, that have to stay in each of ``groups`` until all who stay in it satisfy the demand."""
    found: list[int] = []
    order = np.lexsort((persons, of_group))
    starts = np.searchsorted(of_group[order], groups)
    ends = np.searchsorted(of_group[order], groups, side="right")
    for start, end in zip(starts.tolist(), ends.tolist(), strict=True):
        own = order[start:end]
        left = own[stays[own]]
        for each in own[~stays[own]].tolist():
            left = np.append(left, each)
            found.append(each)
            together = unite(seen[left], np.zeros(len(left), dtype=np.int64), 1)
            if not demand.fails(persons[left].sum(keepdims=True), together)[0]:
                break
    return np.array(found, dtype=np.int64)
