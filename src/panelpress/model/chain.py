"""What a project declares about its releases: which versions with which waves, and which published cells were wrong."""

from __future__ import annotations

from dataclasses import dataclass

from panelpress.model.text import NO_TEXT, LocalText

FEW = "few"
"""Stands for a count below k, which is never told."""


@dataclass(frozen=True, slots=True)
class ReleasePlan:
    """One release of the chain. ``waves`` None means all waves of the project. ``declarations`` is a folder of declaration files
    that stood otherwise when it was published. ``after: withdrawal`` lets the release wait until people have withdrawn."""

    version: str
    date: str
    waves: tuple[str, ...] | None = None
    notes: LocalText = NO_TEXT
    declarations: str | None = None
    after: str | None = None

    def has(self, wave: str) -> bool:
        return self.waves is None or wave in self.waves


@dataclass(frozen=True, slots=True)
class Erratum:
    """Cells that an earlier release had wrong and ``version`` corrects: how many answers of ``variable`` differ, per wave.
    ``cells`` is a number of at least k, or ``few``."""

    id: str
    version: str
    study: str
    variable: str
    wave: str
    cells: int | str
    reason: LocalText
    declared_in: str = ""
