"""Is a column a closed question, and which of its answers may be named?

A closed question has few different answers that come back. In a small file they come back seldom, so there the other questions
help: *Agree* under three questions is an answer of all three. An answer is named where the platform labels it, where enough
people gave it (``K``; three in a file so small that ``K`` would hide every answer), or where it is a whole number inside the
scale. What is left was perhaps typed by one person, and is counted only.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping

import polars as pl

from panelpress.raw.few import K

# A question with more different answers than this, or with answers that hardly repeat, is no closed question.
MOST_CODES = 250
MOST_NUMBERS = 20
REPEATS = 3
LONGEST_CODE = 200
# In files of fewer rows than this a code is named from FEWEST people on.
SMALL = 11 * K
FEWEST = 3
FEW_CODES = 12
SHORT_CODE = 80
SHARED_SHARE = 0.8
SCALE_END = 10
WHOLE = re.compile(r"-?\d{1,3}")

# An answer and how many rows of how many columns hold it.
Shared = Mapping[str, tuple[int, int]]


def fewest(rows: int) -> int:
    """How many people must have given an answer before it is named, in a file of ``rows`` rows."""
    return K if rows >= SMALL else FEWEST


def shared_answers(counted: Iterable[pl.DataFrame]) -> Shared:
    """Short answers that stand in several columns, over the answer counts (value, n) of columns that may be closed."""
    cells: Counter[str] = Counter()
    columns: Counter[str] = Counter()
    for counts in counted:
        if counts.height <= FEW_CODES:
            for value, n in counts.rows():
                if len(value) <= SHORT_CODE and not WHOLE.fullmatch(value):
                    cells[value] += n
                    columns[value] += 1
    return {value: (cells[value], columns[value]) for value in cells if columns[value] > 1}


def is_closed(kind: str, counts: pl.DataFrame, longest: int, rows: int, shared: Shared) -> bool:
    """Whether a column of type ``kind`` with the answer counts ``counts`` in a file of ``rows`` rows is a closed question."""
    filled, distinct = int(counts["n"].sum() or 0), counts.height
    if kind in ("date", "datetime") or distinct > MOST_CODES or longest > LONGEST_CODE or not filled:
        return False
    if kind in ("integer", "number") and distinct > MOST_NUMBERS:
        return False
    if filled >= REPEATS * distinct:
        return True
    if rows >= SMALL or distinct > FEW_CODES or longest > SHORT_CODE:
        return False
    if kind == "integer":
        return all(abs(int(value)) <= SCALE_END for value in counts.to_series(0) if not value.startswith("-"))
    known = sum(n for value, n in counts.rows() if value in shared)
    return known >= SHARED_SHARE * filled or (kind == "string" and filled >= 2 * distinct)


def nameable(counts: Mapping[str, int], rows: int, shared: Shared) -> tuple[str, ...]:
    """The answers of a closed question that may be named; ``counts`` by answer."""
    least = fewest(rows)
    named = {value for value, n in counts.items() if n >= least or shared.get(value, (0, 0))[0] >= least}
    scale = [int(value) for value in named if WHOLE.fullmatch(value)]
    for value in counts:
        if WHOLE.fullmatch(value) and str(int(value)) == value and abs(int(value)) <= SCALE_END:
            inside = bool(scale) and min(scale) <= int(value) <= max(scale)
            if inside or rows < SMALL:
                named.add(value)
    return tuple(value for value in counts if value in named)
