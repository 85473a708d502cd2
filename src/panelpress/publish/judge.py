"""Collects the findings of every stage for one release and hands them to the gate. Judges nothing itself.

Stages in the order of the data's way: de-identified waves, built-in checks of the build, panel rules and printed numbers on the
secure tables, open tables, summaries, what changed since the last release, the package as an outsider would check it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from panelpress.errors import GateRefused
from panelpress.model.chain import Erratum, ReleasePlan
from panelpress.model.changes import ReleaseDiff
from panelpress.model.findings import Finding
from panelpress.model.rules import Rules, Waiver
from panelpress.publish.assemble import Assembled
from panelpress.publish.judge_diff import judge as judge_diff
from panelpress.publish.protected import studies_of
from panelpress.publish.staging import Staged
from panelpress.schemas.declarations import Declarations
from panelpress.schemas.errata import load_errata
from panelpress.schemas.rules import load_rules
from panelpress.schemas.waivers import load_waivers
from panelpress.validation.estimates.check import REPORT, findings, recompute_all, write_report
from panelpress.validation.estimates.register import load_register
from panelpress.validation.panel_rules import check_panel
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


def check_waves(declared: Declarations, progress: Progress = lambda _: None) -> list[Finding]:
    """Every de-identified wave in the work folder against its contract."""
    found: list[Finding] = []
    once = {wave for study in declared.studies if study.kind == "panel" for wave in study.wave_ids}
    once -= {wave for rule in declared.cleaning if rule.kind == "duplicates" for wave in rule.waves}
    for contract in declared.contracts:
        path = declared.places.wave_file(contract.study, contract.wave)
        if path.is_file():
            progress(f"checking wave {contract.wave}")
            found += check_wave(path, contract, person_key=contract.wave in once)
    return found


def check_secure(declared: Declarations, plan: ReleasePlan, rules: Rules, run: str, progress: Progress) -> list[Finding]:
    """Panel rules on the secure tables; printed numbers where the release holds every wave that the documents speak of."""
    progress("checking the harmonized panel")
    secure = duckdb.connect(str(declared.places.secure_database), read_only=True)
    try:
        found = check_panel(secure, studies_of(plan, declared.studies), declared.variables, rules)
        whole = all(plan.has(wave) for study in declared.studies for wave in study.wave_ids)
        if whole and declared.places.estimates_file.is_file():
            progress("recomputing printed numbers")
            judged = recompute_all(secure, declared, load_register(declared.places.estimates_file, declared))
            write_report(judged, declared.places.reports / REPORT)
            found += findings(judged, run)
    finally:
        secure.close()
    return found


@dataclass(frozen=True, slots=True)
class ReleaseJudgement:
    """Findings about a staged release, and the summaries that pictures of the report are drawn from."""

    findings: tuple[Finding, ...]
    summaries: Summaries


def check_release(
    staged: Staged,
    made: Assembled,
    previous: Path | None,
    diff: ReleaseDiff | None,
    demands: Demands,
    docs: Path,
    progress: Progress,
) -> ReleaseJudgement:
    """The staged release: its open tables, its summaries, its difference from the last one, its files."""
    progress("checking tables")
    found = check_tables(made.rows, made.edition.tables)
    progress("checking summaries with Great Expectations")
    summaries = summarize(made.rows, made.edition, demands.rules, previous)
    found += judge_summaries(summaries, demands.rules, docs)
    if diff is not None:
        found += judge_diff(diff, [each for each in demands.errata if each.version == made.edition.version])
    progress("checking the package with frictionless")
    return ReleaseJudgement(tuple(found + check_package(staged.folder / "datapackage.json")), summaries)


def stop_at_errors(found: Sequence[Finding], what: str, waivers: Sequence[Waiver], day: str) -> None:
    """Raises GateRefused where a finding blocks that no valid waiver names: nothing later would be worth computing."""
    waived = {each.rule for each in waivers if each.expires >= day}
    failed = [each for each in found if each.blocks and each.rule not in waived]
    if failed:
        first = failed[0]
        field = f", {first.field}" if first.field else ""
        raise GateRefused(
            what,
            f"{len(failed)} check(s) failed, first {first.rule} on {first.resource}{field}. {first.message}".rstrip(),
            "`panelpress check` lists them all.",
        )
