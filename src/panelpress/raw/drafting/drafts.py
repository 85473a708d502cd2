"""What a drafted project is made of, before its files are written."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from panelpress.raw.describe import Description


@dataclass(frozen=True, slots=True)
class DraftedWave:
    """One file as a wave of the drafted project. ``returning`` counts its persons who are in an earlier wave too."""

    wave: str
    path: Path
    description: Description
    returning: int
