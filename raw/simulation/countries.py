"""The list of countries (ISO 3166-1, names from Unicode CLDR) with the assumed weight of each as a residence, by delivery.

Reads ``countries.csv`` beside this file: iso2, iso3, number, en, ru, then a weight a delivery. Weights are assumptions; countries
with weight 0 are on the answer lists and nobody lives there. The file does not hold Russia: that answer is
``currently_abroad = 0``.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

DELIVERIES = ("w1", "w2", "w3", "okr", "gmf")


@dataclass(frozen=True, slots=True)
class Country:
    """One country; ``position`` is its place in the drop-down list of wave 1, ``weights`` are keyed by delivery."""

    iso2: str
    iso3: str
    number: int
    en: str
    ru: str
    weights: dict[str, int]
    position: int

    def code(self, scheme: str) -> str:
        """The raw code in one of the schemes iso2, iso3, number, position, ru."""
        return str(getattr(self, scheme))


@cache
def load() -> tuple[Country, ...]:
    """All countries in alphabetic order of their English names."""
    path = Path(__file__).with_name("countries.csv")
    with path.open(encoding="utf-8", newline="") as lines:
        rows = sorted(csv.DictReader(lines), key=lambda row: row["en"])
    return tuple(
        Country(
            row["iso2"],
            row["iso3"],
            int(row["number"]),
            row["en"],
            row["ru"],
            {name: int(row[name]) for name in DELIVERIES},
            position,
        )
        for position, row in enumerate(rows, start=1)
    )
