"""Do two columns offer the same answers? By code, by label, by both; and when do two texts say the same?"""

from __future__ import annotations

import re
from collections.abc import Mapping
from difflib import SequenceMatcher
from functools import lru_cache

from panelpress.raw.profile import ColumnProfile

WORD = re.compile(r"\w+")
NUMBER = re.compile(r"-?\d+(\.\d+)?")
SAME_WORD = 0.8
ENOUGH_SHARED = 0.5


def compare_answers(one: ColumnProfile, other: ColumnProfile) -> tuple[float, str, bool]:
    """(share of answers in common, in words, whether they may be one item's)."""
    if bool(one.joined) != bool(other.joined):
        return 0.0, "one answer in one wave, several in the other", False
    if one.joined and other.joined:
        shared_options = len(set(one.joined.options) & set(other.joined.options))
        share = shared_options / min(len(one.joined.options), len(other.joined.options))
        return share, f"{shared_options} options in common", share >= ENOUGH_SHARED
    if one.closed != other.closed:
        closed, unlisted = (one, other) if one.closed else (other, one)
        numbers = all(NUMBER.fullmatch(each.code) for each in closed.codes) and unlisted.type == "integer"
        return 0.0, "codes in one wave, open answers in the other", numbers and not closed.column.values
    if not one.closed:
        same = one.type == other.type or {one.type, other.type} == {"integer", "number"}
        return float(same), f"{one.type} and {other.type}", same
    left, right = _answers(one), _answers(other)
    if not left or not right:
        return 0.0, "too few answers to compare", True
    pairs = _shared(left, right)
    share = len(pairs) / min(len(left), len(right))
    told = f"{len(pairs)} of {max(len(left), len(right))} answers in common"
    if share < ENOUGH_SHARED:
        return share, f"{told}: other categories", False
    moved = [(a, b) for a, b in pairs if a != b and NUMBER.fullmatch(a) and NUMBER.fullmatch(b)]
    if not moved:
        return share, told, True
    numbers_only = [(float(a), float(b)) for a, b in pairs if NUMBER.fullmatch(a) and NUMBER.fullmatch(b)]
    ordered = [b for _, b in sorted(numbers_only)]
    reversed_codes = len(ordered) > 1 and ordered == sorted(ordered, reverse=True)
    return share, f"{told}: {'reversed codes' if reversed_codes else 'the same answers under other codes'}", False


def _answers(profile: ColumnProfile) -> dict[str, str]:
    """Label by code, the label being the code where there is none; codes of missing answers left aside."""
    aside = {*profile.column.missing, *profile.suspected_missing}
    return {each.code: each.label or each.code for each in profile.codes if each.code not in aside}


def _shared(left: Mapping[str, str], right: Mapping[str, str]) -> list[tuple[str, str]]:
    """Pairs of codes whose labels say the same."""
    unlabelled = all(code == label for code, label in left.items()) or all(code == label for code, label in right.items())
    if unlabelled and all(NUMBER.fullmatch(code) for code in (*left, *right)):
        return [(code, code) for code in left if code in right]
    pairs, taken = [], set()
    for code, label in left.items():
        same = [each for each in right if each not in taken and same_label(label, right[each])]
        if same:
            best = max(same, key=lambda each: text_similarity(label, right[each]))
            taken.add(best)
            pairs.append((code, best))
    return pairs


def same_label(one: str, other: str) -> bool:
    """True where two answers say the same in perhaps other spelling: word by word, each pair beginning alike, so that neither
    ``male`` and ``female`` nor ``comfortable`` and ``uncomfortable`` are one. Numbers must be equal."""
    left, right = words(one), words(other)
    if left == right:
        return bool(left) or one == other
    return len(left) == len(right) and all(
        a == b or (not a.isdigit() and a[0] == b[0] and SequenceMatcher(None, a, b, autojunk=False).ratio() >= SAME_WORD)
        for a, b in zip(left, right, strict=True)
    )


@lru_cache(maxsize=100_000)
def text_similarity(one: str, other: str, floor: float = 0.0) -> float:
    """How alike two texts are, from 0 to 1, punctuation and capitals aside; 0 for anything that is certainly below ``floor``."""
    left, right = " ".join(words(one)), " ".join(words(other))
    if left == right:
        return 1.0
    matcher = SequenceMatcher(None, left, right, autojunk=False)
    if floor and (matcher.real_quick_ratio() < floor or matcher.quick_ratio() < floor):
        return 0.0
    return matcher.ratio()


@lru_cache(maxsize=100_000)
def words(text: str) -> tuple[str, ...]:
    """The words of ``text`` in small letters."""
    return tuple(WORD.findall(text.lower()))


def answer_set(profile: ColumnProfile) -> frozenset[str]:
    texts = profile.joined.options if profile.joined else _answers(profile).values()
    return frozenset(" ".join(words(text)) for text in texts if not NUMBER.fullmatch(text))
