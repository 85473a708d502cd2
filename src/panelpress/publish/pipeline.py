"""All stages in one call, from registered deliveries to a published release. What each stage does is told elsewhere.

deliveries -> intake -> wave checks -> harmonize -> protect -> assemble -> gate -> releases/<version>/
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from panelpress.errors import GateRefused, ReleaseRefused
from panelpress.model.chain import ReleasePlan
from panelpress.model.findings import Finding
from panelpress.model.release import Edition
from panelpress.model.rules import Rules
from panelpress.model.version import parse_version
from panelpress.paths import Places
from panelpress.publish import ledger
from panelpress.publish.assemble import Assembled, Contributor, assemble
from panelpress.publish.descriptor import contract_descriptor
from panelpress.publish.exporters import OPEN_TABLE_CONTRIBUTORS, all_exporters
from panelpress.publish.judge import Progress, check_release, check_waves
from panelpress.publish.manifest import Origin, source_state
from panelpress.publish.protected import Tiers, harmonize_for, protect_for, studies_of
from panelpress.publish.release import Published, Verdict, publish
from panelpress.publish.staging import Staged
from panelpress.raw.project_intake import intake_project
from panelpress.raw.project_key import project_key
from panelpress.raw.registry import read_registry
from panelpress.raw.simulated import simulate
from panelpress.schemas.declarations import Declarations, load_declarations
from panelpress.schemas.releases import load_releases, planned
from panelpress.validation.gate import GateReport, decide, digest

CONTRIBUTORS: tuple[Contributor, ...] = OPEN_TABLE_CONTRIBUTORS


@dataclass(frozen=True, slots=True)
class RunResult:
    """What a run did. ``published`` is None where the release existed and nothing had changed since."""

    version: str
    folder: Path
    published: Published | None
    report: GateReport | None


def run(places: Places, version: str | None = None, progress: Progress = lambda _: None) -> RunResult:
    """Every stage up to the release called ``version`` (default: the newest planned).

    Raises what the stages raise; ``releases/`` and the ledger are then as they were.
    """
    declared = load_declarations(places)
    plan = _plan(declared, version)
    _deliver(declared, progress)
    progress("intake")
    intake_project(places)
    inputs = inputs_digest(declared)
    if places.release(plan.version).exists():
        _refuse_changed(places, plan, inputs)
        return RunResult(plan.version, places.release(plan.version), None, None)
    return make_release(declared, plan, inputs, progress)


def _plan(declared: Declarations, version: str | None) -> ReleasePlan:
    plans = load_releases(declared.places, declared.studies, declared.project.languages)
    if not plans:
        plans = (ReleasePlan("0.1.0", date.today().isoformat()),)
    return planned(plans, version) if version else plans[-1]


def _deliver(declared: Declarations, progress: Progress) -> None:
    """A simulated project whose deliveries are not there writes them; a real one waits for a person to bring them."""
    absent = [each for each in read_registry(declared.places) if not (declared.places.deliveries / each.file).is_file()]
    if absent and declared.project.simulated and declared.places.simulator.is_file():
        progress("simulating the deliveries")
        simulate(declared.places, declared.project)


def inputs_digest(declared: Declarations) -> str:
    """SHA-256 over all declarations and the keyed digests of all deliveries: what a release is a function of."""
    hasher = hashlib.sha256()
    places = declared.places
    for folder in (places.schemas, places.build, places.validation, places.publish):
        for path in sorted(each for each in folder.rglob("*") if each.is_file() and each != places.ledger):
            hasher.update(path.relative_to(places.root).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    for delivery in read_registry(places):
        hasher.update(delivery.digest.encode())
    return hasher.hexdigest()


def _refuse_changed(places: Places, plan: ReleasePlan, inputs: str) -> None:
    """A version names one state of the data; what has changed since needs a version of its own."""
    noted = places.inputs_of(plan.version)
    if noted.is_file() and noted.read_text(encoding="utf-8").strip() != inputs:
        raise ReleaseRefused(
            f"release {plan.version}",
            "exists, and declarations or deliveries have changed since.",
            "Plan a new version in publish/releases.yaml; `panelpress diff` says which numbers it may have.",
        )


def make_release(declared: Declarations, plan: ReleasePlan, inputs: str, progress: Progress) -> RunResult:
    """Harmonize, protect, assemble, judge and publish one planned release. Raises GateRefused where the gate says no."""
    places, number = declared.places, secrets.token_hex(4)
    findings = check_waves(declared, progress)
    _stop(findings, "the de-identified waves")
    progress("harmonizing")
    secure = harmonize_for(declared, plan, number)
    findings += secure.findings
    _stop(findings, "the harmonized tables")
    tiers = protect_for(declared, plan, "open", progress)
    try:
        progress("assembling the release")
        made = assemble_open(declared, plan, tiers)
        origin = _origin(declared, tiers)
        reports: list[GateReport] = []
        previous = previous_release(places, plan.version)

        def gate(staged: Staged, assembled: Assembled) -> Verdict:
            found = [*findings, *check_release(staged, assembled, previous, places, progress)]
            report = _report(declared, plan, found, number, inputs)
            reports.append(report)
            return Verdict(report.findings, digest(report))

        progress("writing files")
        done = publish(places, made, origin, gate, all_exporters(places, declared.project))
        made.rows.close()
    finally:
        tiers.rows.close()
    places.inputs_of(plan.version).write_text(inputs + "\n", encoding="utf-8")
    return RunResult(plan.version, done.folder, done, reports[-1])


def assemble_open(
    declared: Declarations, plan: ReleasePlan, tiers: Tiers, contributors: Sequence[Contributor] = CONTRIBUTORS
) -> Assembled:
    """The open edition of ``plan`` from its protected tables."""
    return assemble(
        tiers.rows,
        edition_plan(declared, plan, tiers),
        project_key(declared.places, declared.project),
        recoded=tiers.recoded,
        contributors=contributors,
        spill=declared.places.spill,
    )


def edition_plan(declared: Declarations, plan: ReleasePlan, tiers: Tiers | None = None) -> Edition:
    """What the edition of ``plan`` is to hold; its tables are made by ``assemble``."""
    studies = studies_of(plan, declared.studies)
    waves = {wave for study in studies for wave in study.wave_ids}
    return Edition(
        version=plan.version,
        released=plan.date,
        tier="open",
        project=declared.project,
        studies=studies,
        variables=tuple(variable for variable in declared.variables if waves & set(variable.waves)),
        missing=declared.missing,
        samples=tuple(sample for sample in declared.samples if sample.study in {study.id for study in studies}),
        tables=(),
        disclosure=tiers.statement if tiers else {},
    )


def _origin(declared: Declarations, tiers: Tiers) -> Origin:
    commit, changed = source_state(declared.places.root)
    return Origin(
        key_fingerprint=project_key(declared.places, declared.project).fingerprint,
        deliveries=read_registry(declared.places),
        commit=commit,
        changed=changed,
        recodings=tiers.recodings,
    )


def _report(declared: Declarations, plan: ReleasePlan, found: Sequence[Finding], number: str, inputs: str) -> GateReport:
    return decide(
        found,
        Rules(),
        (),
        run=number,
        project=declared.project.id,
        version=plan.version,
        day=date.today().isoformat(),
        simulated=declared.project.simulated,
        inputs={"declarations_and_deliveries": inputs},
    )


def _stop(findings: Sequence[Finding], what: str) -> None:
    failed = [each for each in findings if each.blocks]
    if failed:
        first = failed[0]
        raise GateRefused(
            what,
            f"{len(failed)} check(s) failed, first {first.rule} on {first.resource}{f', {first.field}' if first.field else ''}.",
            "`panelpress check` lists them all.",
        )


def previous_release(places: Places, version: str) -> Path | None:
    """The folder of the newest release before ``version`` that is here, or None."""
    known = [entry.version for entry in ledger.release_entries(ledger.read(places), "open")]
    older = [each for each in known if each and parse_version(each) < parse_version(version) and places.release(each).is_dir()]
    return places.release(max(older, key=parse_version)) if older else None


def write_contract(declared: Declarations, made: Assembled) -> bool:
    """Renews the root ``datapackage.json`` where the declarations changed it; True where it did."""
    text = contract_descriptor(made.edition)
    path = declared.places.descriptor
    if path.is_file() and path.read_text(encoding="utf-8") == text:
        return False
    path.write_text(text, encoding="utf-8", newline="")
    return True
