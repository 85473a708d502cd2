"""Persons to be protected together: what they could show, how many they are, and what already divides them.

A ``Crowd`` is made from the linked histories once responses that make participation unique are withheld. Each of its rows is a
*run* of persons of one history (``history``, from rank ``start``), because some persons of a history may lose a response that
others keep; persons of a history are alike in every key, so which of them is which carries nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from panelpress.build.disclosure.columns import Codes, Ints
from panelpress.build.disclosure.demand import Demand
from panelpress.build.disclosure.earlier import TOO_FEW
from panelpress.build.disclosure.history import ABSENT, HIDDEN, Histories
from panelpress.build.disclosure.participation import withhold
from panelpress.build.disclosure.sensitive import NO_ANSWER, NOTHING, Answers, Outcomes, silence


@dataclass(frozen=True)
class Crowd:
    """``tokens[key]`` (runs x waves), published ``patterns`` (0: left out), ``blocks`` that never mix (earlier class and
    pattern), ``counts`` persons. ``answers`` to sensitive variables are none where the tier asks for no diversity."""

    history: Ints
    start: Ints
    tokens: tuple[Codes, ...]
    answers: Answers
    patterns: Ints
    blocks: Ints
    counts: Ints

    def take(self, rows: Ints | NDArray[np.bool_]) -> Crowd:
        return Crowd(
            self.history[rows],
            self.start[rows],
            tuple(matrix[rows] for matrix in self.tokens),
            self.answers[rows],
            self.patterns[rows],
            self.blocks[rows],
            self.counts[rows],
        )

    def grouped(self, first: Ints, totals: Ints) -> Crowd:
        """One run for each class: its ``first`` run with the persons of all of it."""
        taken = self.take(first)
        return Crowd(taken.history, taken.start, taken.tokens, taken.answers, taken.patterns, taken.blocks, totals)


def gather(
    histories: Histories,
    demand: Demand,
    waves: int,
    fragile: Collection[str],
    keys: Sequence[str],
    sensitive: Sequence[Outcomes] = (),
) -> Crowd:
    """The crowd of all persons; ``keys`` and ``sensitive`` in the order of ``histories``. ``fragile`` variables look at other
    waves: they are hidden where a person loses a response, which they would betray. Persons of shrunken earlier classes keep the
    waves already known of them and no key."""
    few = histories.earlier == TOO_FEW
    possible = np.where(few, histories.patterns & histories.known, histories.patterns)
    history, start, counts, patterns = _runs(histories, possible, demand.k, waves)
    lost_some = (patterns != histories.patterns[history])[:, None]
    stays = ((patterns[:, None] >> np.arange(waves)) & 1).astype(bool)
    tokens = []
    for key, matrix in zip(keys, histories.tokens, strict=True):
        own = np.where(stays, matrix[history], ABSENT)
        hidden = few[history][:, None] | (lost_some if key in fragile else False)
        tokens.append(np.where((own >= 0) & hidden, HIDDEN, own).astype(np.int32))
    answers = np.full((len(history), len(sensitive), waves), NOTHING, dtype=np.int8)
    for place, (each, matrix) in enumerate(zip(sensitive, histories.answers, strict=True)):
        asked = stays & np.isin(np.arange(waves), sorted(each.waves))
        own = np.where(lost_some, NO_ANSWER, matrix[history]) if each.variable.id in fragile else matrix[history]
        answers[:, place] = np.where(asked, own, NOTHING)
    _, blocks = np.unique((histories.earlier[history] << waves) + patterns, return_inverse=True)
    blocks = blocks.astype(np.int64)
    return Crowd(history, start, tuple(tokens), silence(answers, blocks, demand), patterns, blocks, counts)


def _runs(histories: Histories, possible: Ints, k: int, waves: int) -> tuple[Ints, Ints, Ints, Ints]:
    """(history, start, persons, published pattern) of all runs, decided for each earlier class on its own."""
    parts: list[tuple[Ints, Ints, Ints, Ints]] = []
    order = np.argsort(histories.earlier, kind="stable")
    borders = np.flatnonzero(np.diff(histories.earlier[order])) + 1
    for inside in np.split(order, borders):
        patterns, which = np.unique(possible[inside], return_inverse=True)
        persons = np.bincount(which, weights=histories.counts[inside]).astype(np.int64)
        moves = withhold(dict(zip(patterns.tolist(), persons.tolist(), strict=True)), k, waves).moves
        targets: dict[int, list[tuple[int, int]]] = {}
        for (before, after), n in sorted(moves.items()):
            targets.setdefault(before, []).append((after, n))
        targets.setdefault(0, [(0, int(persons[patterns == 0].sum()))])
        parts += [
            _dealt(inside[which == place], histories.counts, targets[pattern]) for place, pattern in enumerate(patterns.tolist())
        ]
    columns = [np.concatenate([part[place] for part in parts]) for place in range(4)]
    return columns[0], columns[1], columns[2], columns[3]


def _dealt(rows: Ints, counts: Ints, targets: Sequence[tuple[int, int]]) -> tuple[Ints, Ints, Ints, Ints]:
    """Deals the published patterns ``targets`` (pattern, persons) to the persons of ``rows`` in order."""
    ends = np.cumsum(counts[rows])
    cuts = np.union1d(ends, np.cumsum([n for _, n in targets]))
    begins = np.concatenate(([0], cuts[:-1]))
    row = np.searchsorted(ends, begins, side="right")
    target = np.searchsorted(np.cumsum([n for _, n in targets]), begins, side="right")
    first = np.concatenate(([0], ends[:-1]))
    return rows[row], begins - first[row], cuts - begins, np.array([pattern for pattern, _ in targets])[target]
