"""Keeps count of persons while histories are cut into pieces: first by withheld responses, then by what is starred.

A piece is a run of persons of one history, named by ranks: persons of a history are alike in every key, so which of them falls
into which piece carries nothing; it follows the order of their internal ids.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from panelpress.build.disclosure.columns import Ints
from panelpress.build.disclosure.history import Histories
from panelpress.build.disclosure.output import Pieces
from panelpress.build.disclosure.participation import withhold
from panelpress.build.disclosure.plan import Plan


def after_withholding(histories: Histories, k: int, waves: int) -> tuple[Ints, Ints, Ints, Ints]:
    """Persons after responses were withheld: (history, first rank, persons, published pattern), a row a piece of a history."""
    by_pattern: dict[int, int] = {}
    for pattern, n in zip(histories.patterns.tolist(), histories.counts.tolist(), strict=True):
        by_pattern[pattern] = by_pattern.get(pattern, 0) + n
    moves: dict[int, list[list[int]]] = {}
    for (before, after), n in sorted(withhold(by_pattern, k, waves).moves.items()):
        moves.setdefault(before, []).append([after, n])
    history, start, amounts, patterns = [], [], [], []
    simple = {pattern: targets[0][0] for pattern, targets in moves.items() if len(targets) == 1}
    for row, (pattern, n) in enumerate(zip(histories.patterns.tolist(), histories.counts.tolist(), strict=True)):
        if pattern in simple:
            history.append(row)
            start.append(0)
            amounts.append(n)
            patterns.append(simple[pattern])
            continue
        rank = 0
        while rank < n:
            target = moves[pattern][0]
            take = min(target[1], n - rank)
            history.append(row)
            start.append(rank)
            amounts.append(take)
            patterns.append(target[0])
            rank += take
            target[1] -= take
            if not target[1]:
                moves[pattern].pop(0)
    return np.array(history), np.array(start), np.array(amounts), np.array(patterns)


def join_plans(
    history: Ints, start: Ints, amounts: Ints, patterns: Ints, found: Sequence[tuple[Ints, Plan]], shape: tuple[int, int]
) -> Pieces:
    """Joins the plans of all strata with those who lost all their responses. ``shape`` is (keys, waves)."""
    gone = np.flatnonzero(patterns == 0)
    parts: list[tuple[Ints, Ints, Ints]] = [(gone, amounts[gone], np.zeros(len(gone), dtype=np.int64))]
    shown = [np.zeros((1, *shape), dtype=np.int8)]
    offset = 1
    for inside, made in found:
        parts.append((inside[made.rows], made.amounts, made.sets + offset))
        shown.append(made.shown)
        offset += len(made.shown)
    row, amount, sets = (np.concatenate([part[place] for part in parts]) for place in range(3))
    order = np.argsort(row, kind="stable")
    row, amount, sets = row[order], amount[order], sets[order]
    ends = np.cumsum(amount)
    before = np.concatenate(([0], ends[:-1]))
    first = np.concatenate(([True], row[1:] != row[:-1])) if len(row) else np.zeros(0, dtype=bool)
    base = np.maximum.accumulate(np.where(first, before, 0)) if len(row) else before
    begin = start[row] + before - base
    return Pieces(
        history=history[row],
        start=begin,
        end=begin + amount,
        pattern=patterns[row],
        sets=sets,
        shown=np.concatenate(shown),
    )
