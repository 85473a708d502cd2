"""Findings: the one redacted table into which every validator reports. A finding names rules, fields and counts, never a
cell value or a person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning", "info"]
Stage = Literal["descriptor", "intake", "wave", "build", "panel", "estimates", "disclosure", "diff", "release", "package"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule checked once. ``n_failed`` of ``n_total`` units broke it; 0 means that it held. ``message`` is for people and
    free of microdata. ``waived`` names the waiver that covers it. ``counts_people`` says that the units are rows or cells of
    respondents: then counts below k are printed as ``< k``; it is false for columns, files, rules and declared things."""

    run: str
    stage: Stage
    tool: str
    rule: str
    resource: str
    field: str | None
    severity: Severity
    n_failed: int
    n_total: int
    message: str = ""
    waived: str | None = None
    counts_people: bool = True

    @property
    def failed(self) -> bool:
        return self.n_failed > 0

    @property
    def blocks(self) -> bool:
        """True where this finding alone stops a release."""
        return self.failed and self.severity == "error" and self.waived is None
