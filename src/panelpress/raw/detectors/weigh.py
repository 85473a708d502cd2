"""How sure is a suspicion? Digits alone prove little: 101000 is a postal code in one column and an income in the next.

``certain`` and ``likely`` hits block a column that is declared harmless; ``possible`` ones warn. A number that is only a run of
digits is likely an identifier where the column's name or question says so, where it stands in a column that is otherwise all
but empty (a lost answer), or where most different values of the column look like that without being round amounts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Literal

from panelpress.raw.detectors.cells import ColumnFacts

Strength = Literal["certain", "likely", "possible"]
ALL_BUT_EMPTY = 3
MOST = 0.5
TIMES_CHANCE = 3.0


@dataclass(frozen=True, slots=True)
class Hit:
    """What one detector found in one column: how many cells and different values, and how sure it is. No values."""

    column: str
    detector: str
    strength: Strength
    cells: int
    values: int


def named(title: str, words: Iterable[str]) -> bool:
    """Whether one of ``words`` stands in ``title``; words of up to four letters only as whole words."""
    return _words(tuple(words)).search(title) is not None


@cache
def _words(words: tuple[str, ...]) -> re.Pattern[str]:
    parts = (re.escape(word) + (r"(?![^\W\d_])" if len(word) <= 4 else "") for word in words)
    return re.compile(r"(?<![^\W\d_])(?:" + "|".join(parts) + ")" if words else r"(?!)")


def weigh_bare(facts: ColumnFacts, values: int, round_values: int, words: Iterable[str]) -> Strength:
    """Strength of ``values`` different runs of digits in a column, of which ``round_values`` end in two zeros."""
    if named(facts.title, words):
        return "likely"
    if facts.bounded:
        return "possible"
    if facts.undeclared <= ALL_BUT_EMPTY:
        return "likely"
    if values >= MOST * facts.undeclared and round_values < MOST * values:
        return "likely"
    return "possible"


def beyond_chance(candidates: int, passing: int, chance: float) -> bool:
    """Whether more candidates pass a control sum than random numbers would."""
    return passing > TIMES_CHANCE * candidates * chance
