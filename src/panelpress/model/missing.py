"""Why a value is missing: the taxonomy behind every ``<variable>__why`` column.

The reasons come from ``schemas/missing.csv`` of the project (columns code, stata, reason, class, meaning, and a short
``label_<language>`` for each language that has one). This module only holds them; ``panelpress.schemas.missing`` reads the file.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from panelpress.model.text import NO_TEXT, LocalText

MissingClass = Literal["item", "design", "process", "disclosure", "unit"]

SUPPRESSED = "suppressed"
NOT_APPLICABLE = "not_applicable"
NOT_ASKED = "not_asked"
NO_ANSWER = "no_answer"
WHY_SUFFIX = "__why"


@dataclass(frozen=True, slots=True)
class MissingReason:
    """One reason: numeric ``code`` (SPSS, coded CSV; below zero), ``stata`` letter (``.d``), ``reason`` id, its class.
    ``meaning`` explains it in English; ``label`` is what labelled files show, in as many languages as the project wrote."""

    code: int
    stata: str
    reason: str
    kind: MissingClass
    meaning: str
    label: LocalText = NO_TEXT

    @property
    def text(self) -> LocalText:
        """What a person reads: the short label, else the meaning, else the id."""
        return self.label or LocalText({"en": self.meaning or self.reason})


@dataclass(frozen=True, slots=True)
class MissingReasons:
    """All reasons of a project, in file order, looked up by id."""

    reasons: tuple[MissingReason, ...]

    def __iter__(self) -> Iterator[MissingReason]:
        return iter(self.reasons)

    def __contains__(self, reason: object) -> bool:
        return any(each.reason == reason for each in self.reasons)

    def by_id(self) -> Mapping[str, MissingReason]:
        return {each.reason: each for each in self.reasons}
