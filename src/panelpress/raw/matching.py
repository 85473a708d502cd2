"""Which item of one wave is the same item in another? By name, question text, answer codes and labels, never by name alone.

The same name over other categories, over reversed codes or over another question is *not* a match: it is reported as a trap.
Matches are proposals for a crosswalk in which every rule stays undetermined until a person decides.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from panelpress.raw.answers import answer_set, compare_answers, text_similarity, words
from panelpress.raw.profile import ColumnProfile

SAME_TEXT = 0.8  # above this two questions are one without sharing a name
OTHER_TEXT = 0.35  # below this a shared name is a coincidence
GENERIC = frozenset({"yes", "no", "true", "false", "ja", "nein", "oui", "non", "да", "нет", "y", "n", "checked", "unchecked"})


@dataclass(frozen=True, slots=True)
class Item:
    """One column of one wave that could be harmonized."""

    wave: str
    profile: ColumnProfile

    @property
    def key(self) -> tuple[str, str]:
        return self.wave, self.profile.name

    @property
    def question(self) -> str:
        return self.profile.column.text or self.profile.name


@dataclass(frozen=True, slots=True)
class Pair:
    """Two items of different waves, how alike they are (0 to 1), and in words why they match or why not."""

    left: Item
    right: Item
    score: float
    why: str


@dataclass(frozen=True, slots=True)
class Matching:
    """Groups of items that are probably one, in order of first appearance, and pairs that only look so."""

    groups: tuple[tuple[Item, ...], ...]
    matches: tuple[Pair, ...]
    traps: tuple[Pair, ...]

    def why(self, item: Item) -> str:
        """Why ``item`` stands in its group: its best match."""
        found = [pair for pair in self.matches if item.key in (pair.left.key, pair.right.key)]
        return max(found, key=lambda pair: pair.score).why if found else ""


def joined(matchings: Sequence[Matching]) -> Matching:
    """Several matchings, of tables that share no item, as one."""
    return Matching(
        tuple(group for each in matchings for group in each.groups),
        tuple(pair for each in matchings for pair in each.matches),
        tuple(pair for each in matchings for pair in each.traps),
    )


def match_waves(waves: Mapping[str, Sequence[Item]]) -> Matching:
    """Match the items of every two waves one to one, the likeliest pairs first, and join matches over waves into groups."""
    names = list(waves)
    matches: list[Pair] = []
    traps: list[Pair] = []
    for number, first in enumerate(names):
        for second in names[number + 1 :]:
            found, refused = _match_two(waves[first], waves[second])
            matches += found
            traps += refused
    return Matching(_groups([item for name in names for item in waves[name]], matches), tuple(matches), tuple(traps))


def _match_two(left: Sequence[Item], right: Sequence[Item]) -> tuple[list[Pair], list[Pair]]:
    candidates: list[Pair] = []
    traps: list[Pair] = []
    spoken = {item.key: frozenset(words(item.question)) for item in (*left, *right)}
    for one in left:
        for other in right:
            same_name = one.profile.name.lower() == other.profile.name.lower()
            if not same_name and not _may_be_alike(spoken[one.key], spoken[other.key]):
                continue
            pair, matched = _compare(one, other, same_name)
            if matched:
                candidates.append(pair)
            elif same_name:
                traps.append(pair)
    taken: set[tuple[str, str]] = set()
    matches = []
    for pair in sorted(candidates, key=lambda each: -each.score):
        if not taken & {pair.left.key, pair.right.key}:
            taken |= {pair.left.key, pair.right.key}
            matches.append(pair)
    return [*matches, *_by_answers(left, right, taken)], traps


def _by_answers(left: Sequence[Item], right: Sequence[Item], taken: set[tuple[str, str]]) -> list[Pair]:
    """Items left over whose answers no other item of either wave has; yes and no, or bare numbers, tell nothing."""
    by_answers: list[dict[frozenset[str], list[Item]]] = [{}, {}]
    for found, items in zip(by_answers, (left, right), strict=True):
        for item in items:
            found.setdefault(answer_set(item.profile), []).append(item)
    pairs = []
    for answers, ones in by_answers[0].items():
        others = by_answers[1].get(answers, [])
        if len(ones) != 1 or len(others) != 1 or len(answers) < 2 or answers <= GENERIC:
            continue
        free = not taken & {ones[0].key, others[0].key}
        if free and compare_answers(ones[0].profile, others[0].profile)[2]:
            pairs.append(Pair(ones[0], others[0], 0.3, "other name, the same answers, which no other item has"))
    return pairs


def _compare(one: Item, other: Item, same_name: bool) -> tuple[Pair, bool]:
    floor = OTHER_TEXT if same_name else SAME_TEXT
    alike = text_similarity(one.question, other.question, floor) if _has_text(one) and _has_text(other) else None
    if not same_name and not alike:
        return Pair(one, other, 0.0, "other name, other text"), False
    told = ["same name" if same_name else "other name"]
    if alike is not None:
        told.append(f"texts alike {alike:.2f}")
    shared, verdict, compatible = compare_answers(one.profile, other.profile)
    told.append(verdict)
    text_fits = alike >= OTHER_TEXT if same_name and alike is not None else same_name or (alike or 0.0) >= SAME_TEXT
    if same_name and not text_fits:
        told.append("another question")
    score = 0.4 * same_name + 0.4 * (alike if alike is not None else 0.5 * same_name) + 0.2 * shared
    return Pair(one, other, round(score, 3), ", ".join(told)), compatible and text_fits


def _may_be_alike(one: frozenset[str], other: frozenset[str]) -> bool:
    """A cheap look before the exact comparison: texts that share less than half of their words are not alike."""
    return bool(one) and bool(other) and 2 * len(one & other) >= min(len(one), len(other))


def _has_text(item: Item) -> bool:
    return (bool(item.profile.column.text) and item.profile.column.text != item.profile.name) or " " in item.profile.name


def _groups(items: Iterable[Item], matches: Iterable[Pair]) -> tuple[tuple[Item, ...], ...]:
    """Items joined by matches, never two of one wave in a group: the likeliest matches are joined first."""
    group_of = {item.key: [item] for item in items}
    for pair in sorted(matches, key=lambda each: -each.score):
        left, right = group_of[pair.left.key], group_of[pair.right.key]
        if left is right or {item.wave for item in left} & {item.wave for item in right}:
            continue
        left.extend(right)
        for item in right:
            group_of[item.key] = left
    unique = {id(group): group for group in group_of.values()}
    return tuple(tuple(group) for group in unique.values())
