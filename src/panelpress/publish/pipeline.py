"""All stages in one call, from registered deliveries to a published release. What each stage does is told elsewhere.

deliveries -> intake -> wave checks -> harmonize -> protect -> assemble -> gate -> releases/<version>/
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from panelpress.errors import ReleaseRefused
from panelpress.model.chain import ReleasePlan
from panelpress.paths import Places
from panelpress.publish.access.withdraw import refuse_withdrawn
from panelpress.publish.beside import beside
from panelpress.publish.compare.earlier import declared_for, due
from panelpress.publish.formats.fit import label_findings
from panelpress.publish.gate.candidate import Candidate
from panelpress.publish.gate.estimates_kept import compare, kept_findings
from panelpress.publish.gate.judge import (
    Case,
    GateStopped,
    Progress,
    check_secure,
    check_waves,
    load_demands,
    recompute_printed,
    stop_early,
)
from panelpress.publish.protection.earlier_releases import bring_earlier, not_here
from panelpress.publish.protection.protected import Tiers, harmonize_for, protect_for
from panelpress.publish.tables.open_edition import assemble_open
from panelpress.publish.versions.batch import refuse_small_batch
from panelpress.publish.versions.descriptor import renew_contract
from panelpress.publish.versions.exporters import all_exporters
from panelpress.publish.versions.manifest import Origin, source_state
from panelpress.publish.versions.release import Published, complete, publish, rehearse
from panelpress.publish.versions.shelf import release_before
from panelpress.raw.identity import delivery_digest
from panelpress.raw.project_intake import intake_project
from panelpress.raw.project_key import project_key
from panelpress.raw.registry import read_registry
from panelpress.raw.simulated import simulate
from panelpress.schemas.declarations import Declarations
from panelpress.schemas.disclosure import load_disclosure
from panelpress.schemas.releases import load_releases
from panelpress.validation.gate import GateReport


@dataclass(frozen=True, slots=True)
class RunResult:
    """What a run did. ``published`` is None where the release existed and nothing had changed since; ``compared`` says whether
    that is known, which it is not after the work folder was lost."""

    version: str
    folder: Path
    published: Published | None
    report: GateReport | None
    compared: bool = True


def run(places: Places, version: str | None = None, progress: Progress = lambda _: None) -> RunResult:
    """Every stage up to the release called ``version`` (default: the newest planned).

    Raises what the stages raise; ``releases/`` and the ledger are then as they were.
    """
    declared, plan = declared_for(places, version)
    _deliver(declared, progress)
    progress("intake")
    intake_project(places)
    inputs = inputs_digest(declared)
    if places.release(plan.version).exists():
        complete(places)
        compared = _refuse_changed(places, plan, inputs)
        return RunResult(plan.version, places.release(plan.version), None, None, compared)
    return make_release(declared, plan, inputs, progress)


def _deliver(declared: Declarations, progress: Progress) -> None:
    """A simulated project writes its deliveries where they are not there or not the registered ones (an older simulator may have
    written them); a real one waits for a person to bring them."""
    places = declared.places
    if not (declared.project.simulated and places.simulator.is_file()):
        return
    key = project_key(places, declared.project)
    for each in read_registry(places):
        path = places.deliveries / each.file
        if not path.is_file() or delivery_digest(key, path) != each.digest:
            progress("simulating the deliveries")
            simulate(places, declared.project)
            return


def inputs_digest(declared: Declarations) -> str:
    """SHA-256 over all declarations and the keyed digests of all deliveries: what a release is a function of."""
    hasher = hashlib.sha256()
    places = declared.places
    for folder in (places.schemas, places.build, places.validation, places.publish):
        for path in sorted(each for each in folder.rglob("*") if each.is_file() and _declares(places, each)):
            hasher.update(path.relative_to(places.root).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    for delivery in read_registry(places):
        hasher.update(delivery.digest.encode())
    return hasher.hexdigest()


def _declares(places: Places, path: Path) -> bool:
    """False for what is written after a release and decides nothing of it: the ledger, its signatures, tombstones."""
    return path != places.ledger and path.parent not in (places.signatures, places.tombstone("any").parent)


def _refuse_changed(places: Places, plan: ReleasePlan, inputs: str) -> bool:
    """A version names one state of the data; what has changed since needs a version of its own. Returns False where nothing is
    noted that today's declarations and deliveries could be compared with."""
    noted = places.inputs_of(plan.version)
    if not noted.is_file():
        return False
    if noted.read_text(encoding="utf-8").strip() != inputs:
        raise ReleaseRefused(
            f"release {plan.version}",
            "exists, and declarations or deliveries have changed since.",
            "Plan a new version in publish/releases.yaml; `panelpress diff` says which numbers it may have.",
        )
    return True


def make_release(declared: Declarations, plan: ReleasePlan, inputs: str, progress: Progress) -> RunResult:
    """Harmonize, protect, assemble, judge and publish one planned release. Raises GateRefused where the gate says no."""
    refuse_withdrawn(declared.places, plan.version)
    disclosure = load_disclosure(declared.places, declared.studies, declared.variables, declared.samples)
    refuse_small_batch(declared.places, disclosure.tiers["open"].k)
    with candidate(declared, plan, inputs, progress) as ready:
        progress("writing files")
        done = publish(declared.places, ready.made, ready.origin, ready.gate, all_exporters(declared))
    declared.places.inputs_of(plan.version).write_text(inputs + "\n", encoding="utf-8")
    plans = load_releases(declared.places, declared.studies, declared.project.languages)
    if not plans or plan == due(declared.places, plans)[-1]:
        renew_contract(declared.places, done.folder)
    return RunResult(plan.version, done.folder, done, ready.report)


def check(places: Places, version: str | None = None, progress: Progress = lambda _: None) -> GateReport:
    """What the gate says of the release called ``version`` (default: the newest planned) as it would be now. Everything is
    written, judged and taken away again; nothing is published. Raises what the stages before the gate raise."""
    declared, plan = declared_for(places, version)
    load_demands(declared)
    _deliver(declared, progress)
    progress("intake")
    intake_project(places)
    try:
        with candidate(declared, plan, inputs_digest(declared), progress) as ready:
            progress("writing files, to be judged and thrown away")
            rehearse(places, ready.made, ready.origin, ready.gate, all_exporters(declared))
            assert ready.report is not None, "the gate was asked"
            return ready.report
    except GateStopped as stopped:
        return stopped.report


@contextmanager
def candidate(declared: Declarations, plan: ReleasePlan, inputs: str, progress: Progress) -> Iterator[Candidate]:
    """One planned release, ready for the gate. Raises GateStopped where the waves or the secure tables already break a rule."""
    case = Case(declared, plan, load_demands(declared), secrets.token_hex(4), inputs, progress)
    earlier = not_here(declared.places, plan.version)
    for entry in earlier:
        progress(f"computing release {entry.version} again, whose folder is not here")
    with beside(bring_earlier, declared.places, plan.version, worth=bool(earlier)) as brought:
        found = check_waves(case)
        stop_early(case, found, "the de-identified waves")
        progress("harmonizing")
        found += harmonize_for(declared, plan, case.run).findings
        stop_early(case, found, "the harmonized tables")
        judged = recompute_printed(case)
        found += check_secure(case, judged)
        if earlier:
            progress("waiting for the earlier releases")
        brought()
    tiers = protect_for(declared, plan, "open", progress)
    try:
        progress("assembling the release")
        previous = release_before(declared.places, plan.version)
        made, diff = assemble_open(declared, plan, tiers, previous, case.demands.errata)
        try:
            samples = {sample.id: sample for sample in declared.samples}
            found += kept_findings(compare(judged, made.rows), tiers.declaration.tiers["open"].studies, samples)
            found += label_findings(made.edition)
            stop_early(case, found, "names and labels")
            yield Candidate(case, made, _origin(declared, tiers), previous, diff, found)
        finally:
            made.rows.close()
    finally:
        tiers.rows.close()


def _origin(declared: Declarations, tiers: Tiers) -> Origin:
    commit, changed = source_state(declared.places.root)
    return Origin(
        key_fingerprint=project_key(declared.places, declared.project).fingerprint,
        deliveries=read_registry(declared.places),
        commit=commit,
        changed=changed,
        recodings=tiers.recodings,
    )
