"""Holds a number against the way it is printed, so that neither can be changed alone.

``69-77%`` prints 69 and 77; ``a quarter`` prints 25. Digits are read with either dot or thousands comma (a comma before exactly
three digits). Words are those that English reports use for shares and small counts.
"""

from __future__ import annotations

import re

_DIGITS = re.compile(r"\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?")
# Longest first: "two thirds" before "third", "three" before "one".
_WORDS: tuple[tuple[str, float], ...] = (
    ("two thirds", 66.67),
    ("every second", 50),
    ("eighteen", 18),
    ("quarter", 25),
    ("third", 33.33),
    ("half", 50),
    ("three", 3),
    ("five", 5),
    ("one", 1),
    ("two", 2),
    ("six", 6),
)


def numbers_in(printed: str) -> tuple[float, ...]:
    """Every number that ``printed`` states, in digits or in words."""
    found = [float(match.group().replace(",", "")) for match in _DIGITS.finditer(printed)]
    if found:
        return tuple(found)
    rest = f" {printed.lower()} "
    values: list[float] = []
    for word, value in _WORDS:
        pattern = rf"\b{word}\b"
        if re.search(pattern, rest):
            values.append(float(value))
            rest = re.sub(pattern, " ", rest)
    return tuple(values)


def says(printed: str, value: float) -> bool:
    """True where ``printed`` states ``value`` (a fall may be printed without its sign)."""
    return any(abs(abs(value) - number) < 1e-9 for number in numbers_in(printed))
