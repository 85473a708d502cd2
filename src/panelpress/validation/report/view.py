"""Arranges the findings of a gate report for reading: by stage, by check, the blocking ones first. No markup here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from panelpress.model.findings import Finding, Stage
from panelpress.validation import redact
from panelpress.validation.checks import CHECKS
from panelpress.validation.gate import GateReport

STAGES: dict[Stage, str] = {
    "intake": "Intake",
    "wave": "Wave files",
    "build": "Harmonization",
    "panel": "Panel rules",
    "estimates": "Published numbers",
    "disclosure": "Disclosure attacks",
    "release": "Release tables",
    "descriptor": "Descriptor",
    "package": "Published files",
    "diff": "Change since the last release",
}
_OTHERS = {
    "estimate": (
        "Every printed number keeps its verdict when it is recomputed from the secure tables.",
        "Read `estimates.csv` among the reports of the work folder.",
    )
}
_RANK = {"error": 0, "warning": 1, "info": 2}


@dataclass(frozen=True, slots=True)
class Place:
    """One resource or field that broke a check, with its counts as a report may print them (empty where there is one thing, and
    it broke)."""

    resource: str
    field: str | None
    failed: str
    total: str
    message: str
    waived: str | None


@dataclass(frozen=True, slots=True)
class Group:
    """All findings of one check: how many it made, which failed."""

    rule: str
    stage: Stage
    tool: str
    severity: str
    holds: str
    todo: str
    n: int
    places: tuple[Place, ...]
    blocks: bool

    @property
    def n_failed(self) -> int:
        return len(self.places)

    @property
    def verdict(self) -> str:
        if not self.places:
            return "held"
        if self.blocks:
            return "error"
        return "waived" if all(place.waived for place in self.places) and self.severity == "error" else self.severity


@dataclass(frozen=True, slots=True)
class StageCount:
    """How the checks of one stage went: findings that held, that point something out, that are waived, that block."""

    stage: Stage
    title: str
    held: int
    noted: int
    blocking: int

    @property
    def total(self) -> int:
        return self.held + self.noted + self.blocking


def groups(report: GateReport) -> tuple[Group, ...]:
    """One group a check, blocking ones first, then warnings, then what held; inside that in the order of the data's way."""
    by_rule: dict[str, list[Finding]] = {}
    for found in report.findings:
        by_rule.setdefault(_key(found), []).append(found)
    made = [_group(rule, found, report.smallest_count) for rule, found in by_rule.items()]
    order = list(STAGES)
    return tuple(sorted(made, key=lambda each: (_urgency(each), order.index(each.stage), each.rule)))


def _key(found: Finding) -> str:
    """Findings of printed numbers have an id each; they read as one check."""
    return "estimate" if found.stage == "estimates" else found.rule


def _urgency(group: Group) -> int:
    return ("error", "warning", "waived", "info", "held").index(group.verdict)


def _group(rule: str, found: Iterable[Finding], k: int) -> Group:
    listed = list(found)
    known = CHECKS.get(rule)
    holds, todo = (known.holds, known.todo) if known else _OTHERS.get(rule, ("", ""))
    failing = sorted(
        (each for each in listed if each.failed), key=lambda each: (_RANK[each.severity], each.resource, each.field or "")
    )
    worst = min((each.severity for each in failing or listed), key=_RANK.__getitem__)
    return Group(
        rule=rule,
        stage=listed[0].stage,
        tool=listed[0].tool,
        severity=worst,
        holds=holds,
        todo=todo,
        n=len(listed),
        places=tuple(_place(each, k) for each in failing),
        blocks=any(each.blocks for each in listed),
    )


def _place(found: Finding, k: int) -> Place:
    single = not found.counts_people and found.n_failed == 1
    failed, total = ("", "") if single else (redact.failed(found, k), redact.total(found, k))
    return Place(found.resource, found.field, failed, total, found.message, found.waived)


def stages(report: GateReport) -> tuple[StageCount, ...]:
    """Every stage that ran, in the order of the data's way. Counts findings, not respondents."""
    counted = []
    for stage, title in STAGES.items():
        own = [each for each in report.findings if each.stage == stage]
        if own:
            blocking = sum(each.blocks for each in own)
            noted = sum(each.failed for each in own) - blocking
            counted.append(StageCount(stage, title, len(own) - noted - blocking, noted, blocking))
    return tuple(counted)
