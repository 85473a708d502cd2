"""Collects the findings of every stage for one release and hands them to the gate. Judges nothing itself.

Stages in the order of the data's way: de-identified waves, built-in checks of the build, panel rules and printed numbers on the
secure tables, open tables, summaries, what changed since the last release, the package as an outsider would check it,
attacks on it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from panelpress.errors import GateRefused
from panelpress.model.chain import Erratum, ReleasePlan
from panelpress.model.changes import ReleaseDiff
from panelpress.model.estimate import Judged
from panelpress.model.findings import Finding
from panelpress.model.release import Edition
from panelpress.model.rules import Rules, Waiver
from panelpress.paths import Places
from panelpress.publish.compare.judge_diff import judge as judge_diff
from panelpress.publish.gate.attack import Identities, attack_release
from panelpress.publish.protection.protected import studies_of
from panelpress.publish.tables.assemble import Assembled
from panelpress.publish.versions.identities import read_identities
from panelpress.publish.versions.staging import Staged
from panelpress.schemas.declarations import Declarations
from panelpress.schemas.errata import load_errata
from panelpress.schemas.rules import load_rules
from panelpress.schemas.waivers import load_waivers
from panelpress.validation.estimates.check import REPORT as ESTIMATES
from panelpress.validation.estimates.check import findings as estimate_findings
from panelpress.validation.estimates.check import recompute_all
from panelpress.validation.estimates.check import write_report as write_estimates
from panelpress.validation.estimates.register import load_register
from panelpress.validation.gate import GateReport, decide
from panelpress.validation.panel_rules import check_panel
from panelpress.validation.report.write import write_report
from panelpress.validation.structure import check_package, check_tables, check_wave
from panelpress.validation.summary_checks import Summaries, judge_summaries, summarize

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Demands:
    """What the project demands of its data beyond structure, as declared."""

    rules: Rules
    waivers: tuple[Waiver, ...]
    errata: tuple[Erratum, ...]


def load_demands(declared: Declarations) -> Demands:
    """Rules, waivers and errata of the project. Raises DeclarationError."""
    places, languages = declared.places, declared.project.languages
    return Demands(
        load_rules(places, declared.studies, declared.variables, languages),
        load_waivers(places),
        load_errata(places, declared.studies, declared.variables, languages),
    )


@dataclass(frozen=True, slots=True)
class Case:
    """One planned release before the gate: what is declared and demanded, which run this is, what it is a function of."""

    declared: Declarations
    plan: ReleasePlan
    demands: Demands
    run: str
    inputs: str
    progress: Progress

    @property
    def places(self) -> Places:
        return self.declared.places

    @property
    def reports(self) -> Path:
        """Where the report of this release goes: into the work folder."""
        return self.places.gate_reports(self.plan.version)


class GateStopped(GateRefused):
    """The gate said no before there was a release to look at. ``report`` says why."""

    def __init__(self, where: str, what: str, todo: str, report: GateReport) -> None:
        super().__init__(where, what, todo)
        self.report = report


def check_waves(case: Case) -> list[Finding]:
    """Every de-identified wave in the work folder against its contract."""
    declared = case.declared
    found: list[Finding] = []
    once = {wave for study in declared.studies if study.kind == "panel" for wave in study.wave_ids}
    once -= {wave for rule in declared.cleaning if rule.kind == "duplicates" for wave in rule.waves}
    for contract in declared.contracts:
        path = declared.places.wave_file(contract.study, contract.wave)
        if path.is_file():
            case.progress(f"checking wave {contract.wave}")
            found += check_wave(path, contract, person_key=contract.wave in once)
    return found


def recompute_printed(case: Case) -> tuple[Judged, ...]:
    """Printed numbers from the secure tables, written into the work folder; none where the release lacks a wave that the
    documents speak of."""
    declared, plan = case.declared, case.plan
    whole = all(plan.has(wave) for study in declared.studies for wave in study.wave_ids)
    if not (whole and declared.places.estimates_file.is_file()):
        return ()
    case.progress("recomputing printed numbers")
    secure = duckdb.connect(str(declared.places.secure_database), read_only=True)
    try:
        judged = recompute_all(secure, declared, load_register(declared.places.estimates_file, declared))
    finally:
        secure.close()
    write_estimates(judged, declared.places.reports / ESTIMATES)
    return judged


def check_secure(case: Case, judged: Sequence[Judged]) -> list[Finding]:
    """Panel rules on the secure tables, and what ``judged`` says of printed numbers."""
    declared, plan = case.declared, case.plan
    case.progress("checking the harmonized panel")
    secure = duckdb.connect(str(declared.places.secure_database), read_only=True)
    try:
        found = check_panel(secure, studies_of(plan, declared.studies), declared.variables, case.demands.rules)
    finally:
        secure.close()
    return [*found, *estimate_findings(judged, case.run)]


def check_release(
    case: Case, staged: Staged, made: Assembled, previous: Path | None, diff: ReleaseDiff | None
) -> tuple[list[Finding], Summaries]:
    """The staged release: its open tables, its summaries, its difference from the last one, its files. The summaries are what
    pictures of the report are drawn from."""
    case.progress("checking tables")
    found = check_tables(made.rows, made.edition.tables)
    case.progress("checking summaries with Great Expectations")
    summaries = summarize(made.rows, made.edition, case.demands.rules, previous)
    found += judge_summaries(summaries, case.demands.rules, case.places.reports / "great-expectations")
    if diff is not None:
        found += judge_diff(diff, [each for each in case.demands.errata if each.version == made.edition.version])
    case.progress("checking the package with frictionless")
    return found + check_package(staged.folder / "datapackage.json"), summaries


def attack_staged(places: Places, folder: Path, edition: Edition, identities: Identities, previous: Path | None) -> list[Finding]:
    """Every attack on the staged files in ``folder``, scored with the secure tables. A study that could not be attacked is a
    finding."""
    earlier = (previous, read_identities(places, previous.name, edition.tier)) if previous else None
    secure = duckdb.connect(str(places.secure_database), read_only=True)
    try:
        return attack_release(folder, secure, edition.studies, identities, earlier)
    finally:
        secure.close()


def conclude(case: Case, found: Sequence[Finding], data: str | None = None, summaries: Summaries | None = None) -> GateReport:
    """Decides, and writes the report into the work folder. ``data`` is the version of the data that were judged."""
    project = case.declared.project
    report = decide(
        found,
        case.demands.rules,
        case.demands.waivers,
        run=case.run,
        project=project.id,
        version=case.plan.version,
        day=date.today().isoformat(),
        simulated=project.simulated,
        inputs={"declarations_and_deliveries": case.inputs, **({"data": data} if data else {})},
    )
    write_report(report, case.reports, summaries, case.demands.rules)
    return report


def stop_early(case: Case, found: Sequence[Finding], what: str) -> None:
    """Raises GateStopped where something blocks already: nothing later would be worth computing."""
    if not any(each.failed for each in found):
        return
    report = conclude(case, found)
    if report.go:
        return
    first = report.blocking[0]
    place = f"{first.resource}, {first.field}" if first.field else first.resource
    raise GateStopped(
        what,
        f"{len(report.blocking)} check(s) failed, first {first.rule} on {place}. {first.message}".rstrip(),
        "`panelpress check` lists them all.",
        report,
    )
