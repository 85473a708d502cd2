"""Plans one stratum: which level each key is published at, and which cells of whom are starred on top.

The search for levels prices persons in too small classes, but what they really cost is known only once their cells are starred.
So it is run with several prices, each answer is starred, and the cheapest result is kept. The search proves each answer optimal
for its price; the choice among them and the starring are the best found, not proven.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from panelpress.build.disclosure.classes import Counter, Levels, partition
from panelpress.build.disclosure.columns import Codes, Ints, Tuples
from panelpress.build.disclosure.encode import encode
from panelpress.build.disclosure.history import ABSENT
from panelpress.build.disclosure.losses import CellLoss
from panelpress.build.disclosure.search import Found, search
from panelpress.build.disclosure.specialise import Lots, specialise
from panelpress.build.disclosure.vocabulary import Vocabulary

PRICES = (1.0, 0.5, 0.25, 0.1)
Shown = NDArray[np.int8]


@dataclass(frozen=True)
class Plan:
    """What becomes of the histories of one stratum. ``levels`` by key. A *piece* is some persons of one history: ``rows``
    (history), ``amounts``, and ``sets`` (index into ``shown``: sets x keys x waves, the level each cell is published at)."""

    levels: Levels
    found: Found
    loss: float
    rows: Ints
    amounts: Ints
    sets: Ints
    shown: Shown


def plan(
    vocabularies: Sequence[Vocabulary],
    tokens: Sequence[Codes],
    patterns: Ints,
    counts: Ints,
    allowed: Sequence[Sequence[int]],
    k: int,
) -> Plan:
    """The cheapest plan found for the histories given (``tokens[key]`` n x waves). ``allowed[key]`` are the levels to choose
    from. Every exact class of what is shown holds ``k`` persons or more; each pattern must hold as many to begin with."""
    tuples, _ = encode(vocabularies, tokens, patterns, counts, allowed)
    counter = Counter(tuples)
    best: Plan | None = None
    tried: set[Levels] = set()
    for price in PRICES:
        objective = CellLoss(tuples, price)
        found = search(counter, objective, k=k, limit=1.0)
        assert found is not None, "without a limit the coarsest node always serves"
        if found.levels in tried:
            continue
        tried.add(found.levels)
        made = _starred(vocabularies, tokens, patterns, counts, allowed, k, tuples, objective, found)
        if best is None or made.loss < best.loss:
            best = made
    assert best is not None
    return best


def _starred(
    vocabularies: Sequence[Vocabulary],
    tokens: Sequence[Codes],
    patterns: Ints,
    counts: Ints,
    allowed: Sequence[Sequence[int]],
    k: int,
    tuples: Tuples,
    objective: CellLoss,
    found: Found,
) -> Plan:
    levels = tuple(allowed[key][level] for key, level in enumerate(found.levels))
    first, totals, classes = partition(tuples, found.levels)
    choices = [
        range(level, vocabulary.key.top + 1) if vocabulary.key.local else sorted({level, vocabulary.key.top})
        for vocabulary, level in zip(vocabularies, levels, strict=True)
    ]
    looks, places = encode(vocabularies, [matrix[first] for matrix in tokens], patterns[first], totals, choices)
    lots = specialise(looks.columns, looks.cells, totals, looks.fixed.astype(np.int64), k)
    loss = objective.recoding(found.levels) + _on_top(looks, lots) / tuples.everything
    rows, amounts, lot_of = _deal(counts, classes, lots, len(first))
    shown = np.zeros((len(lots.rows), len(vocabularies), tokens[0].shape[1] if tokens else 0), dtype=np.int8)
    shown[:] = np.array(levels, dtype=np.int8)[None, :, None]
    for column, (key, wave) in enumerate(places):
        level = np.array(choices[key], dtype=np.int8)[lots.levels[:, column]]
        if wave is None:
            shown[:, key, :] = level[:, None]
        else:
            shown[:, key, wave] = level
    for key, matrix in enumerate(tokens):
        shown[:, key, :][matrix[first][lots.rows] == ABSENT] = levels[key]
    return Plan(levels, found, loss, rows, amounts, lot_of, shown)


def _on_top(looks: Tuples, lots: Lots) -> float:
    """What the lots lose beyond the recoding that all share."""
    lost = 0.0
    for place, column in enumerate(looks.columns):
        tokens = looks.cells[lots.rows, place]
        losses = np.stack(column.losses)
        extra = losses[lots.levels[:, place], tokens] - losses[0, tokens]
        lost += float((extra * column.weights[tokens]) @ lots.amounts)
    return lost


def _deal(counts: Ints, classes: Ints, lots: Lots, n_classes: int) -> tuple[Ints, Ints, Ints]:
    """Hands the lots of each class out to the histories in it: pieces as (history, persons, lot)."""
    n_lots = np.bincount(lots.rows, minlength=n_classes)
    only = np.zeros(n_classes, dtype=np.int64)
    only[lots.rows] = np.arange(len(lots.rows))
    whole = np.flatnonzero(n_lots[classes] == 1)
    rows, amounts, dealt = [whole], [counts[whole]], [only[classes[whole]]]
    divided = np.flatnonzero(n_lots > 1)
    if len(divided):
        by_class = {int(each): [] for each in divided}  # type: dict[int, list[int]]
        for lot in np.flatnonzero(n_lots[lots.rows] > 1):
            by_class[int(lots.rows[lot])].append(int(lot))
        members: dict[int, list[int]] = {int(each): [] for each in divided}
        for row in np.flatnonzero(n_lots[classes] > 1):
            members[int(classes[row])].append(int(row))
        pieces = [piece for each in by_class for piece in _overlay(members[each], by_class[each], counts, lots.amounts)]
        rows.append(np.array([piece[0] for piece in pieces], dtype=np.int64))
        amounts.append(np.array([piece[1] for piece in pieces], dtype=np.int64))
        dealt.append(np.array([piece[2] for piece in pieces], dtype=np.int64))
    return np.concatenate(rows), np.concatenate(amounts), np.concatenate(dealt)


def _overlay(rows: Sequence[int], lots: Sequence[int], counts: Ints, amounts: Ints) -> list[tuple[int, int, int]]:
    """Cuts two divisions of the same persons, by history and by lot, into common pieces."""
    pieces = []
    waiting = [[row, int(counts[row])] for row in reversed(rows)]
    for lot in lots:
        need = int(amounts[lot])
        while need:
            row, left = waiting[-1]
            take = min(need, left)
            pieces.append((row, take, lot))
            need -= take
            waiting[-1][1] -= take
            if not waiting[-1][1]:
                waiting.pop()
    return pieces
