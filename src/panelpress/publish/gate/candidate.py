"""A release before it is one: harmonized, protected, assembled, with the gate that will judge it. ``run`` publishes it, ``check``
only asks what the gate says."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from panelpress.model.changes import ReleaseDiff
from panelpress.model.findings import Finding
from panelpress.publish.beside import beside
from panelpress.publish.gate.judge import Case, attack_staged, check_release, conclude
from panelpress.publish.tables.assemble import Assembled
from panelpress.publish.versions.manifest import Origin
from panelpress.publish.versions.release import Verdict
from panelpress.publish.versions.staging import Staged
from panelpress.validation.gate import GateReport, digest

# Attacks on so many persons take longer than a process of their own takes to start.
MANY = 3_000


@dataclass(slots=True)
class Candidate:
    """What would be published, where it comes from, what was found on the way. ``report`` is there once the gate has judged."""

    case: Case
    made: Assembled
    origin: Origin
    previous: Path | None
    diff: ReleaseDiff | None
    findings: list[Finding] = field(default_factory=list)
    report: GateReport | None = None

    def gate(self, staged: Staged, made: Assembled) -> Verdict:
        """The gate that ``publish`` asks: all findings so far and those on the staged files."""
        task = (self.case.places, staged.folder, made.edition, made.identities, self.previous)
        with beside(attack_staged, *task, worth=sum(map(len, made.identities.values())) >= MANY) as attacked:
            found, summaries = check_release(self.case, staged, made, self.previous, self.diff)
            self.case.progress("attacking the release")
            attacks = attacked()
        data = str(staged.manifest["data_version"])
        self.report = conclude(self.case, [*self.findings, *found, *attacks], data, summaries)
        return Verdict(self.report.findings, digest(self.report), safety_complete=True)
