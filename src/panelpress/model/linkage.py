"""How the waves of a study know that two responses are one person's. Read from ``raw/linkage.yaml`` by ``schemas.linkage``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True, slots=True)
class Crosswalk:
    """Pairs of ids of one person. Either the delivery of ``wave`` holds, in ``columns``, the ids that its people had in other
    waves, or the private CSV ``file`` holds a column of ids for each wave. ``within`` names, by wave, the column that tells
    where an id is unique."""

    columns: Mapping[str, str]
    wave: str | None = None
    file: str | None = None
    within: Mapping[str, str] = field(default_factory=dict)

    @property
    def label(self) -> str:
        return self.file or f"{self.wave}: {', '.join(self.columns.values())}"


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that does not change in a person's life, by the raw column that holds it in each wave. ``tolerance`` is how far
    two numbers may be apart (1 for an age that is a year of birth only nearly)."""

    id: str
    columns: Mapping[str, str]
    tolerance: float = 0.0


@dataclass(frozen=True, slots=True)
class StudyLinkage:
    """``stable`` ids mean the same person in every wave; ``per_wave`` ids mean nothing outside their wave unless a crosswalk
    says so. ``within`` names, by wave, the raw column within whose values ids are unique (a country)."""

    study: str
    ids: Literal["stable", "per_wave"] = "stable"
    within: Mapping[str, str] = field(default_factory=dict)
    crosswalks: tuple[Crosswalk, ...] = ()
    facts: tuple[Fact, ...] = ()
