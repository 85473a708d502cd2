"""Plans one stratum: which level each key is published at, and which cells of whom are starred on top.

The search for levels prices persons in too small classes, but what they really cost is known only once their cells are starred.
So it is run with several prices, each answer is starred, and from the best of them the plan climbs to cheaper neighbours, one
key one level at a time. The search proves its answers optimal for their price (or says that it stopped early); the climb and
the stars are the best found, not proven. All limits are counts of work: the same input gives the same plan on every machine.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from panelpress.build.disclosure.classes import Counter, Levels, numbers_at
from panelpress.build.disclosure.columns import Ints, Tuples
from panelpress.build.disclosure.crowd import Crowd
from panelpress.build.disclosure.demand import Demand
from panelpress.build.disclosure.encode import Places, by_key, encode
from panelpress.build.disclosure.grouping import alike_rows, group_all
from panelpress.build.disclosure.history import ABSENT, HIDDEN
from panelpress.build.disclosure.losses import CellLoss, Discernibility, Objective, column_bits, with_entropy
from panelpress.build.disclosure.search import Found, search
from panelpress.build.disclosure.sensitive import SILENT
from panelpress.build.disclosure.specialise import Lots
from panelpress.build.disclosure.starring import lot_losses, star
from panelpress.build.disclosure.vocabulary import Vocabulary
from panelpress.model.disclosure import Loss

PRICES = (1.0, 0.5, 0.25)
EFFORT = 10_000_000  # tuples visited by each search
STAR_EFFORT = 600_000  # classes starred to compare recodings
ROUNDS = 4  # plans made where floors are missed, keys that miss theirs twice as dear each time
FLOOR_PRICE = 10.0  # a missed floor outweighs any loss of cells, which is at most 1
Shown = NDArray[np.int8]


@dataclass(frozen=True)
class Plan:
    """What becomes of the runs of one stratum. ``levels`` by key. A *piece* is some persons of one run: ``rows`` (run),
    ``amounts``, and ``sets`` (index into ``shown``: sets x keys x waves, the level each cell is published at; after the keys come
    the sensitive variables, 1 where their answers are starred)."""

    levels: Levels
    found: Found
    loss: float
    excess: float
    rows: Ints
    amounts: Ints
    sets: Ints
    shown: Shown


Tolerances = Mapping[int, tuple[tuple[int, float], ...]]  # by key: coarsest level of each floor, share that may be coarser


def plan(
    vocabularies: Sequence[Vocabulary],
    crowd: Crowd,
    allowed: Sequence[Sequence[int]],
    demand: Demand,
    loss: Loss = "ncp",
    tolerances: Tolerances | None = None,
    thorough: bool = True,
) -> Plan:
    """The cheapest plan found for ``crowd``. ``allowed[key]`` are the levels to choose from. Every exact class of what is shown
    satisfies ``demand``; each block of the crowd must do so to begin with.

    Where a floor is not kept, the keys that miss theirs are made dearer and the plan is made again; the plan that misses least
    is returned, so a floor is passed only where no plan was found that keeps it. Without ``thorough`` stars are those of one
    greedy run."""
    best: Plan | None = None
    dearer = [1.0] * len(vocabularies)
    for _ in range(ROUNDS):
        weighed = [
            replace(each, key=replace(each.key, importance=each.key.importance * factor))
            for each, factor in zip(vocabularies, dearer, strict=True)
        ]
        made, missed = _Planner(weighed, crowd, allowed, demand, loss, tolerances or {}, thorough).plan()
        if best is None or made.excess < best.excess:
            best = made
        if not missed:
            break
        for key in missed:
            dearer[key] *= 2
    assert best is not None
    return best


class _Planner:
    """One stratum with what has been tried on it. Nodes are levels counted within ``allowed``."""

    def __init__(
        self,
        vocabularies: Sequence[Vocabulary],
        crowd: Crowd,
        allowed: Sequence[Sequence[int]],
        demand: Demand,
        loss: Loss,
        tolerances: Tolerances,
        thorough: bool,
    ) -> None:
        self.vocabularies, self.crowd, self.allowed = vocabularies, crowd, allowed
        self.demand, self.tolerances, self.thorough = demand, tolerances, thorough
        cells, places = encode(vocabularies, crowd, allowed)
        self.bits = column_bits(cells) if loss == "entropy" else None
        self.tuples = by_key(with_entropy(cells, self.bits) if self.bits else cells, places)[0]
        self.whole = {key for key, vocabulary in enumerate(vocabularies) if vocabulary.key.star == "history"}
        self.counter = Counter(self.tuples, demand)
        self.discernibility = loss == "discernibility"
        self.tried: dict[Levels, float] = {}
        self.work = 0

    def plan(self) -> tuple[Plan, list[int]]:
        """The plan, and the keys that miss their floor in it."""
        searches = [self._search(price) for price in PRICES]
        for found in sorted(searches, key=lambda each: -sum(each.levels)):
            self._cost(found.levels)
        best = self._climb(min(self.tried, key=lambda levels: (self.tried[levels], levels)))
        first, totals, classes = self._classes(best)
        looks, places, choices = self._looks(best, first, totals)
        lots = star(looks, self.demand, self.thorough)
        missing = self._excess(lots, places, choices)
        loss = self._loss(best, looks, lots)
        shown = self._shown(best, first, lots, places, choices)
        rows, amounts, lot_of = _deal(self.crowd.counts, classes, lots, len(first))
        levels = tuple(self.allowed[key][level] for key, level in enumerate(best))
        made = Plan(levels, searches[0], loss, sum(missing.values()), rows, amounts, lot_of, shown)
        return made, [key for key, excess in missing.items() if excess > 0]

    def _search(self, price: float) -> Found:
        objective: Objective = CellLoss(self.tuples, price)
        if self.discernibility:
            objective = Discernibility(self.tuples, self.counter.node((0,) * self.tuples.dimensions))
        found = search(self.counter, objective, limit=1.0, effort=EFFORT)
        assert found is not None, "without a limit the coarsest node always serves"
        return found

    def _climb(self, levels: Levels) -> Levels:
        """Moves to the cheaper of neighbouring nodes, one key one level, until none is cheaper or the effort is spent."""
        place = quiet = 0
        steps = [(key, step) for key in range(len(levels)) for step in (-1, 1)]
        while quiet < len(steps) and self.work < STAR_EFFORT:
            key, step = steps[place % len(steps)]
            place += 1
            quiet += 1
            moved = (*levels[:key], levels[key] + step, *levels[key + 1 :])
            if 0 <= moved[key] <= self.tuples.tops[key] and self._cost(moved) < self.tried[levels] - 1e-12:
                levels, quiet = moved, 0
        return levels

    def _cost(self, levels: Levels) -> float:
        """Loss at a node with its cells starred in one greedy run; infinite where starring it would exceed the effort."""
        if levels not in self.tried:
            first, totals, _ = self._classes(levels)
            if self.tried and len(first) > STAR_EFFORT - self.work:
                return math.inf
            self.work += len(first)
            looks, places, choices = self._looks(levels, first, totals)
            lots = star(looks, self.demand, thorough=False)
            missed = sum(self._excess(lots, places, choices).values())
            self.tried[levels] = self._loss(levels, looks, lots) + FLOOR_PRICE * missed
        return self.tried[levels]

    def _excess(self, lots: Lots, places: Places, choices: Sequence[Sequence[int]]) -> dict[int, float]:
        """By key with floors: share of persons who see one passed, beyond what it tolerates; the worst of its floors."""
        found = {}
        for key, floors in self.tolerances.items():
            shown = np.zeros(len(lots.rows), dtype=np.int64)
            for column, (of, _) in enumerate(places):
                if of == key:
                    shown = np.maximum(shown, np.array(choices[key])[lots.levels[:, column]])
            lost = [float(lots.amounts[shown > coarsest].sum()) / self.tuples.persons - share for coarsest, share in floors]
            found[key] = max(0.0, *lost)
        return found

    def _classes(self, levels: Levels) -> tuple[Ints, Ints, Ints]:
        """Runs alike at a node, and alike in their sensitive answers: first run and persons of each class, class of each run."""
        numbers, size = numbers_at(self.tuples, levels)
        first, totals, classes = group_all(numbers, size, self.crowd.counts)
        if not self.crowd.answers.size:
            return first, totals, classes
        _, kinds = alike_rows(self.crowd.answers.reshape(len(classes), -1) - SILENT)  # the lowest of all its numbers
        return group_all(classes * (int(kinds.max()) + 1) + kinds, None, self.crowd.counts)

    def _looks(self, levels: Levels, first: Ints, totals: Ints) -> tuple[Tuples, Places, Sequence[Sequence[int]]]:
        """Classes at a node as tuples to be starred: columns run from the chosen level to nothing."""
        choices = []
        for key, vocabulary in enumerate(self.vocabularies):
            level, top = self.allowed[key][levels[key]], vocabulary.key.top
            choices.append(list(range(level, top + 1)) if vocabulary.key.local else sorted({level, top}))
        looks, places = encode(self.vocabularies, self.crowd.grouped(first, totals), choices)
        looks, places = by_key(with_entropy(looks, self.bits) if self.bits else looks, places, self.whole)
        return looks, places, choices

    def _loss(self, levels: Levels, looks: Tuples, lots: Lots) -> float:
        """What a recoding and the stars on top of it lose together, by the declared measure."""
        if self.discernibility:
            sizes = np.bincount(lots.groups, weights=lots.amounts)
            return float((sizes**2).sum()) / float(self.tuples.persons) ** 2
        on_top = float((lot_losses(looks.columns, looks, lots) * lots.amounts).sum()) / self.tuples.everything
        return CellLoss(self.tuples).recoding(levels) + on_top

    def _shown(self, levels: Levels, first: Ints, lots: Lots, places: Places, choices: Sequence[Sequence[int]]) -> Shown:
        """Published level of every cell of every lot. Cells without a response carry the level of their key."""
        chosen = np.array([self.allowed[key][level] for key, level in enumerate(levels)], dtype=np.int8)
        waves = self.crowd.answers.shape[2]
        shown = np.broadcast_to(chosen[None, :, None], (len(lots.rows), len(chosen), waves)).copy()
        for column, (key, wave) in enumerate(places):
            level = np.array(choices[key], dtype=np.int8)[lots.levels[:, column]]
            if wave is None:
                shown[:, key, :] = level[:, None]
            else:
                shown[:, key, wave] = level
        for key, matrix in enumerate(self.crowd.tokens):
            cells = matrix[first][lots.rows]
            shown[:, key, :][cells == ABSENT] = chosen[key]
            shown[:, key, :][cells == HIDDEN] = self.vocabularies[key].key.top
        starred = (self.crowd.answers[first][lots.rows] == SILENT).astype(np.int8)
        return np.concatenate([shown, starred], axis=1)


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
