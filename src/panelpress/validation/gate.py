"""Says go or no-go: takes the findings of all stages, applies the project's severities and waivers, and decides.

The rule is short: a release may happen when no error is left that nobody waived. Collecting findings is the callers' work,
printing is ``report``'s. The digest of a report stands for exactly these findings on exactly these data; a sign-off names it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from panelpress.model.findings import Finding
from panelpress.model.rules import Rules, Waiver
from panelpress.validation import redact
from panelpress.validation.checks import finding


@dataclass(frozen=True, slots=True)
class GateReport:
    """One decision. ``day`` is the ISO day of the run; ``inputs`` names what was judged by digest (``data``, ``descriptor``)."""

    run: str
    project: str
    version: str
    tier: str
    day: str
    findings: tuple[Finding, ...]
    smallest_count: int = 11
    simulated: bool = False
    inputs: Mapping[str, str] = field(default_factory=dict)

    @property
    def go(self) -> bool:
        return not self.blocking

    @property
    def blocking(self) -> tuple[Finding, ...]:
        return tuple(each for each in self.findings if each.blocks)

    @property
    def failed(self) -> tuple[Finding, ...]:
        return tuple(each for each in self.findings if each.failed)


def decide(
    findings: Iterable[Finding],
    rules: Rules,
    waivers: Sequence[Waiver] = (),
    *,
    run: str,
    project: str,
    version: str,
    day: str,
    tier: str = "open",
    simulated: bool = False,
    inputs: Mapping[str, str] | None = None,
) -> GateReport:
    """The report over ``findings``. Severities that ``rules`` sets replace the built-in ones; a waiver that has not expired by
    ``day`` takes the block from what it names; waivers that expired or match nothing are findings themselves."""
    judged = [replace(each, run=run, severity=rules.severities.get(each.rule, each.severity)) for each in findings]
    valid = [waiver for waiver in waivers if waiver.expires >= day]
    judged = [_waived(each, valid) for each in judged]
    judged += [replace(each, run=run) for each in _about_waivers(waivers, valid, judged)]
    return GateReport(
        run, project, version, tier, day, tuple(judged), rules.smallest_count, simulated, dict(sorted((inputs or {}).items()))
    )


def covers(waiver: Waiver, found: Finding) -> bool:
    """True where ``waiver`` names the rule of ``found``, and its resource and field if it names any."""
    return (
        waiver.rule == found.rule
        and waiver.resource in (None, found.resource)
        and waiver.field in (None, found.field)
        and found.failed
    )


def _waived(found: Finding, waivers: Iterable[Waiver]) -> Finding:
    waiver = next((each for each in waivers if covers(each, found)), None)
    return replace(found, waived=waiver.id) if waiver else found


def _about_waivers(waivers: Sequence[Waiver], valid: Sequence[Waiver], judged: Sequence[Finding]) -> list[Finding]:
    used = {each.waived for each in judged}
    found = []
    for waiver in waivers:
        expired = waiver not in valid
        message = f"expired on {waiver.expires}" if expired else ""
        found.append(finding("gate.waiver_valid", "waivers", waiver.id, failed=int(expired), total=1, message=message))
        if not expired:
            found.append(finding("gate.waiver_used", "waivers", waiver.id, failed=int(waiver.id not in used), total=1))
    return found


def as_data(report: GateReport) -> dict[str, Any]:
    """The report for machines: redacted like every other form of it."""
    k = report.smallest_count
    return {
        "go": report.go,
        "run": report.run,
        "project": report.project,
        "version": report.version,
        "tier": report.tier,
        "day": report.day,
        "simulated": report.simulated,
        "digest": digest(report),
        "inputs": dict(report.inputs),
        "smallest_count": k,
        "findings": [_entry(each, k) for each in report.findings],
    }


def _entry(found: Finding, k: int) -> dict[str, Any]:
    return {
        "stage": found.stage,
        "tool": found.tool,
        "rule": found.rule,
        "resource": found.resource,
        "field": found.field,
        "severity": found.severity,
        "failed": found.failed,
        "n_failed": redact.failed(found, k),
        "n_total": redact.total(found, k),
        "message": found.message,
        "waived": found.waived,
    }


def digest(report: GateReport) -> str:
    """SHA-256 (hex) of what was judged and found, without run id and day: the same data and rules give the same digest."""
    facts = {
        "project": report.project,
        "version": report.version,
        "tier": report.tier,
        "inputs": dict(report.inputs),
        "findings": sorted(json.dumps(_entry(each, report.smallest_count), sort_keys=True) for each in report.findings),
    }
    return hashlib.sha256(json.dumps(facts, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
