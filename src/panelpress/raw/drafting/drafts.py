"""What a drafted project is made of, before its files are written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from panelpress.raw.describe import Description
from panelpress.raw.drafting.parts import Together


@dataclass(frozen=True, slots=True)
class DraftedWave:
    """One wave of the drafted project, or one child table as a list of records.

    ``platform`` is what `register` has to be told ("" where the content tells), ``files`` the names in raw/deliveries by part,
    ``beside`` those of the files read beside them. ``returning`` counts persons who are in an earlier wave too. ``table`` is
    the name of a child table, ``parent`` the wave whose responses its rows belong to, ``foreign`` how many of them hold no id of
    that wave."""

    study: str
    wave: str
    label: str
    description: Description
    rows: Together
    source: Path
    files: Mapping[str, str]
    beside: tuple[str, ...] = ()
    platform: str = ""
    returning: int = 0
    table: str = ""
    parent: str = ""
    foreign: int = 0

    @property
    def contract(self) -> str:
        """Where its contract is drafted."""
        return f"schemas/raw/{self.study}_{self.wave}.yaml"
