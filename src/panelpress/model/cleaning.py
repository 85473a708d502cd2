"""What is taken out before the crosswalk and what is corrected, as declared; and the flow chart from raw to kept rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from panelpress.model.text import LocalText

CleaningKind = Literal["drop", "duplicates", "speeders", "straight_lining"]


@dataclass(frozen=True, slots=True)
class CleaningRule:
    """One reason to exclude rows of some waves of a study, over raw columns.

    ``drop``: rows where ``where`` holds. ``duplicates``: all but the first or last row of a person by ``order_by``.
    ``speeders``: rows whose ``columns[0]`` (seconds) is below ``below``. ``straight_lining``: rows that give one and the same
    code to at least ``at_least`` of ``columns`` and no other.
    """

    id: str
    study: str
    waves: tuple[str, ...]
    kind: CleaningKind
    reason: LocalText
    where: str | None = None
    columns: tuple[str, ...] = ()
    order_by: tuple[str, ...] = ()
    keep: str = "last"
    below: str | None = None
    at_least: int | None = None
    declared_in: str = ""


@dataclass(frozen=True, slots=True)
class CleaningStep:
    """One step of the flow chart. ``n_excluded`` is exact and private; what is published is rounded."""

    study: str
    wave: str
    position: int
    rule: str
    kind: str
    reason: LocalText
    n_in: int
    n_excluded: int


@dataclass(frozen=True, slots=True)
class Correction:
    """One cell of one record that is known to be wrong. Names a person's record, so it lives in the work folder only."""

    id: str
    study: str
    wave: str
    record: str
    column: str
    expect: str | None
    value: str | None
    reason: LocalText
    source: str
    declared_in: str = ""


@dataclass(frozen=True, slots=True)
class AppliedCorrections:
    """Public trace of corrections: the rule, its reason and how many cells it changed."""

    rule: str
    study: str
    wave: str
    reason: LocalText
    n: int
