"""Reads ``raw/targets.csv``: what the simulated answers must reproduce, one row a share, change or mean.

`kind` says where a number comes from: `published` (printed in a document; ``estimates`` names the rows of the register),
`claim` (a worded claim made into bounds), `assumption` (chosen here so that printed differences have levels to stand on).
`low` and `high` bound what is accepted. `sample` is one of ``build/samples.yaml``; a `person` sample counts everybody once, by
the latest questionnaire with a valid answer.

`condition` restricts the base and `within` the numerator, both written `variable in 1|2` or `variable@w2 in 1|2`, several
joined by ` and `. `minus_sample` and `minus_wave` name the group whose share is subtracted (statistic `change`).
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

PATH = Path(__file__).resolve().parents[1] / "targets.csv"


@dataclass(frozen=True, slots=True)
class Clause:
    """``variable`` (of the same row, or of the same person in ``wave``) has one of ``codes``."""

    variable: str
    wave: str
    codes: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Target:
    """One number to reproduce: share of ``categories`` in percent (or mean, or change in points) between low and high."""

    group: str
    fact_key: str
    kind: str
    study: str
    sample: str
    wave: str
    variable: str
    categories: tuple[int, ...]
    condition: tuple[Clause, ...]
    within: tuple[Clause, ...]
    minus_sample: str
    minus_wave: str
    statistic: str
    low: float
    high: float

    @property
    def aim(self) -> float:
        """The middle of what is accepted."""
        return (self.low + self.high) / 2


def clauses(text: str) -> tuple[Clause, ...]:
    """Parse ``a in 1|2 and b@w2 in 3``."""
    found = []
    for part in text.split(" and ") if text else []:
        name, codes = part.split(" in ")
        variable, _, wave = name.strip().partition("@")
        found.append(Clause(variable, wave, tuple(int(code) for code in codes.split("|"))))
    return tuple(found)


@cache
def load(path: Path = PATH) -> tuple[Target, ...]:
    """All targets."""
    with path.open(encoding="utf-8", newline="") as lines:
        return tuple(_target(row) for row in csv.DictReader(lines))


def without(targets: Iterable[Target], group: str) -> tuple[Target, ...]:
    """The targets that do not belong to ``group``."""
    return tuple(target for target in targets if target.group != group)


def _target(row: dict[str, str]) -> Target:
    return Target(
        group=row["group"],
        fact_key=row["fact_key"],
        kind=row["kind"],
        study=row["study"],
        sample=row["sample"],
        wave=row["wave"],
        variable=row["variable"],
        categories=tuple(int(code) for code in row["categories"].split("|") if code),
        condition=clauses(row["condition"]),
        within=clauses(row["within"]),
        minus_sample=row["minus_sample"],
        minus_wave=row["minus_wave"],
        statistic=row["statistic"],
        low=float(row["low"]),
        high=float(row["high"]),
    )
