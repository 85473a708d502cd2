"""Printed numbers and what became of them: a number that a document prints, its value recomputed from data, the verdict."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Op = Literal["eq", "approx", "approx_below", "lt", "le", "gt", "ge"]
Statistic = Literal[
    "share", "change", "difference", "lowest_share", "highest_share", "mean", "median", "minimum", "n", "lowest_n", "distinct",
    "none",
]  # fmt: skip
Verdict = Literal[
    "reproduced", "within wording", "contradicted in print", "not carried by the open tier", "not computable", "not reproduced"
]


@dataclass(frozen=True, slots=True)
class Base:
    """Whom a number counts: the union of named ``samples`` (of one study), in ``wave`` or in all, where ``where`` holds.
    ``denominator`` says whether don't-knows count: ``valid``, ``valid_plus_dont_know`` or ``all`` who were asked."""

    samples: tuple[str, ...]
    wave: str | None = None
    where: str | None = None
    denominator: str = "valid"


@dataclass(frozen=True, slots=True)
class PrintedNumber:
    """One number of one place in a document. ``printed`` is the number as it stands there (``a quarter``, ``69-77%``), ``value``
    how it is read. ``rounding`` is the half-width of what the print allows, in units of the value. ``inconsistency`` names the
    entry of the list of contradictions and ambiguities that this place belongs to."""

    id: str
    fact_key: str
    scope: str
    study: str
    locator: str
    figure: str
    printed: str
    value: float
    unit: str
    op: Op
    rounding: float
    statistic: Statistic
    samples: tuple[str, ...]
    versus: str | None
    variable: str | None
    answer: str
    waves: tuple[str, ...]
    from_wave: str | None
    where: str | None
    denominator: str
    inconsistency: str
    note: str
    declared_in: str = ""


@dataclass(frozen=True, slots=True)
class Recomputed:
    """A statistic as the data have it. ``n`` is its base (the smaller of two). ``source`` says from what it was computed;
    ``slack`` is what rounding before publication may add, in units of the value. ``value`` is None where nothing could be
    computed; ``why`` then says why."""

    value: float | None
    n: int | None
    source: str = "tables"
    slack: float = 0.0
    why: str = ""


@dataclass(frozen=True, slots=True)
class Judged:
    """A printed number, its recomputed value and the verdict."""

    number: PrintedNumber
    found: Recomputed
    verdict: Verdict
    why: str = ""

    @property
    def difference(self) -> float | None:
        return None if self.found.value is None else self.found.value - self.number.value

    @property
    def kept(self) -> bool:
        """True where the data say what the print says."""
        return self.verdict in ("reproduced", "within wording")
