"""Scores a published version of UCI Adult from its cells and the hierarchy files alone: imports nothing of the code that protects.

A star is a category of its own here, unlike in ``wildcard_matches``, which reads it as sdcMicro does: a star matches anything.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Sequence
from functools import cache
from pathlib import Path

STAR = "*"
Row = tuple[str, ...]


@cache
def coverage(folder: Path, attribute: str) -> dict[str, float]:
    """Share of the domain that each value of a hierarchy covers: 0 for a leaf, 1 for everything."""
    with (folder / f"adult_hierarchy_{attribute}.csv").open(newline="") as stream:
        rows = [row for row in csv.reader(stream, delimiter=";") if row]
    leaves: dict[str, set[str]] = {}
    for row in rows:
        for value in row:
            leaves.setdefault(value, set()).add(row[0])
    return {value: (len(below) - 1) / (len(rows) - 1) for value, below in leaves.items()} | {STAR: 1.0}


def recode(folder: Path, attributes: Sequence[str], rows: Sequence[Row], levels: Sequence[int]) -> list[Row]:
    """The rows with each attribute at its level of the hierarchy file."""
    maps = []
    for attribute, level in zip(attributes, levels, strict=True):
        with (folder / f"adult_hierarchy_{attribute}.csv").open(newline="") as stream:
            maps.append({row[0]: row[level] for row in csv.reader(stream, delimiter=";") if row})
    return [tuple(each[value] for each, value in zip(maps, row, strict=True)) for row in rows]


def suppress(rows: Sequence[Row], k: int) -> tuple[list[Row], int]:
    """The rows with those in classes below ``k`` starred whole, and how many those are."""
    sizes = Counter(rows)
    gone = sum(n for n in sizes.values() if n < k)
    return [row if sizes[row] >= k else (STAR,) * len(row) for row in rows], gone


def score(folder: Path, attributes: Sequence[str], rows: Sequence[Row], k: int) -> dict[str, object]:
    """NCP (mean over cells), stars, classes, and rows in exact classes below ``k``. Rows starred whole are one class."""
    shares = [coverage(folder, attribute) for attribute in attributes]
    sizes = Counter(rows)
    lost = sum(n * sum(share[value] for share, value in zip(shares, row, strict=True)) for row, n in sizes.items())
    return {
        "rows": len(rows),
        "ncp": round(lost / (len(rows) * len(attributes)), 4),
        "stars": sum(n * row.count(STAR) for row, n in sizes.items()),
        "classes": len(sizes),
        "below k": sum(n for n in sizes.values() if n < k),
        "discernibility": f"{sum(n * n for n in sizes.values()):.3g}",
    }


def wildcard_matches(rows: Sequence[Row]) -> Counter[Row]:
    """For each distinct row, how many rows agree with it where a star, on either side, matches anything."""
    sizes = Counter(rows)
    found: Counter[Row] = Counter()
    stars = {tuple(place for place, value in enumerate(row) if value == STAR) for row in sizes}
    for hidden in stars:
        own = [row for row in sizes if tuple(place for place, value in enumerate(row) if value == STAR) == hidden]
        for other in stars:
            open_places = [place for place in range(len(own[0])) if place not in hidden and place not in other]
            seen: Counter[Row] = Counter()
            for row, n in sizes.items():
                if tuple(place for place, value in enumerate(row) if value == STAR) == other:
                    seen[tuple(row[place] for place in open_places)] += n
            for row in own:
                found[row] += seen[tuple(row[place] for place in open_places)]
    return found
