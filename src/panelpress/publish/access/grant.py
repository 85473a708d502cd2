"""Access to the finer tier: one encrypted bundle a recipient, under ids of its own, listed in a private ledger.

A request is a YAML file that a person has read and approved:

    spec: panel-grant/0.1
    recipient: Dr. Example, Institute
    purpose: {en: panel models of trust}
    until: 2027-12-31
    age: age1...                 # the recipient's public key (age-encryption.org)
    terms_accepted: 2026-11-01   # the day on which they signed publish/terms.md

Ids are made for this grant alone: two recipients cannot join their copies, and nobody can join one with the open tier. Every
file names the grant as its version (``0.2.0+grant.3``), so that a copy found elsewhere says whose it was.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path

import duckdb

from panelpress.durable import write_whole
from panelpress.errors import DeclarationError, ReleaseRefused, UsageError
from panelpress.model.release import Edition
from panelpress.model.variable import Tier
from panelpress.paths import Places
from panelpress.publish.access.bundle import zip_folder
from panelpress.publish.compare.earlier import due
from panelpress.publish.gate.attack import attack_release
from panelpress.publish.protection.earlier_releases import bring_earlier
from panelpress.publish.protection.protected import harmonize_for, protect_for
from panelpress.publish.tables.assemble import Assembled, assemble
from panelpress.publish.tables.open_edition import edition_plan
from panelpress.publish.versions import manifest
from panelpress.publish.versions.exporters import OPEN_TABLE_CONTRIBUTORS, all_exporters
from panelpress.publish.versions.hashes import file_hash
from panelpress.publish.versions.identities import read_identities, write_identities
from panelpress.publish.versions.shelf import folder_of
from panelpress.publish.versions.staging import Exporter, write_files
from panelpress.raw.project_key import project_key
from panelpress.raw.work_folder import prepare_work
from panelpress.schemas.checker import check, refuse
from panelpress.schemas.declarations import Declarations, load_declarations
from panelpress.schemas.releases import load_releases, planned
from panelpress.schemas.yaml_reader import read_document

TIER: Tier = "scientific_use"


@dataclass(frozen=True, slots=True)
class Grant:
    """One line of the private ledger ``grants.jsonl``."""

    number: int
    version: str
    recipient: str
    purpose: str
    granted: str
    until: str
    terms_sha256: str
    bundle_sha256: str


def grant(places: Places, request_file: Path, version: str | None = None, day: str | None = None) -> tuple[Grant, Path]:
    """Make the bundle for one approved request. Raises UsageError where ``age`` or the terms are missing, DeclarationError for a
    wrong request, ReleaseRefused where ``age`` refuses the recipient's key or an attack on the copy comes through, and what
    protection raises."""
    declared = load_declarations(places)
    document = read_document(request_file, request_file.parent)
    refuse(check(document, "grant"))
    request = document.content
    today = day or date.today().isoformat()
    if str(request["until"]) <= today:
        raise DeclarationError(str(request_file), "the grant ends before it begins.", "Write a later day under `until`.")
    if not places.terms.is_file():
        raise UsageError("publish/terms.md", "is missing: nobody can accept terms that are not there.", "Write the terms.")
    if shutil.which("age") is None:
        raise UsageError("age", "is not installed, and a bundle never leaves unencrypted.", "Install the package `age`.")
    prepare_work(places)
    number = len(read_grants(places)) + 1
    plans = load_releases(places, declared.studies, declared.project.languages)
    plan = planned(plans, version) if version else due(places, plans)[-1]
    marked = f"{plan.version}+grant.{number}"
    places.grants.mkdir(mode=0o700, exist_ok=True)
    target = places.grants / f"{declared.project.id}-{marked}.zip.age"
    with tempfile.TemporaryDirectory(dir=places.work, prefix="grant-") as scratch:
        made = _finer_tier(declared, marked, plan.version)
        folder = Path(scratch) / "files"
        folder.mkdir()
        origin = manifest.Origin(key_fingerprint=project_key(places, declared.project).fingerprint)
        exporters = (*all_exporters(declared), _marker(places, request))
        write_files(folder, made.edition, made.rows, origin, exporters)
        made.rows.close()
        _attack(places, folder, made, plan.version)
        write_identities(places, marked, TIER, made.identities)
        archive = zip_folder(folder, Path(scratch) / "bundle.zip", plan.date, f"{declared.project.id}-{marked}")
        _encrypt(archive, target, str(request["age"]))
    line = Grant(
        number,
        marked,
        str(request["recipient"]),
        str(next(iter(request["purpose"].values())) if isinstance(request["purpose"], dict) else request["purpose"]),
        today,
        str(request["until"]),
        file_hash(places.terms),
        file_hash(target),
    )
    text = places.grants_ledger.read_text(encoding="utf-8") if places.grants_ledger.is_file() else ""
    write_whole(places.grants_ledger, text + json.dumps(asdict(line), ensure_ascii=False) + "\n", mode=0o600)
    return line, target


def read_grants(places: Places) -> tuple[Grant, ...]:
    """All grants so far, in order."""
    if not places.grants_ledger.is_file():
        return ()
    lines = places.grants_ledger.read_text(encoding="utf-8").splitlines()
    return tuple(Grant(**json.loads(line)) for line in lines if line)


def _finer_tier(declared: Declarations, marked: str, version: str) -> Assembled:
    """The scientific-use tier of ``version``, protected as its declaration asks, under ids that ``marked`` makes."""
    plans = load_releases(declared.places, declared.studies, declared.project.languages)
    plan = planned(plans, version)
    bring_earlier(declared.places, plan.version)
    harmonize_for(declared, plan, "grant")
    tiers = protect_for(declared, plan, TIER)
    try:
        edition: Edition = replace(edition_plan(declared, plan, tiers), tier=TIER, version=marked)
        key = project_key(declared.places, declared.project)
        return assemble(tiers.rows, edition, key, recoded=tiers.recoded, contributors=OPEN_TABLE_CONTRIBUTORS)
    finally:
        tiers.rows.close()


def _attack(places: Places, folder: Path, made: Assembled, version: str) -> None:
    """Tries every attack on the copy, whose reader is taken to hold the open release of ``version`` too. Raises ReleaseRefused
    where one comes through."""
    beneath = folder_of(places, version)
    secure = duckdb.connect(str(places.secure_database), read_only=True)
    try:
        known = (beneath, read_identities(places, version, "open")) if beneath else None
        found = attack_release(folder, secure, made.edition.studies, made.identities, known)
    finally:
        secure.close()
    came_through = [each for each in found if each.blocks]
    if came_through:
        first = came_through[0]
        raise ReleaseRefused(
            f"tier {TIER}, {first.resource}",
            f"{len(came_through)} attack(s) came through, first {first.rule}: {first.message}.",
            "`panelpress risk` shows what the tier costs; raise its k or coarsen its keys in build/disclosure.yaml.",
        )


def _marker(places: Places, request: Mapping[str, object]) -> Exporter:
    """An exporter that adds the terms, and whose copy this is."""

    def write(edition: Edition, rows: duckdb.DuckDBPyConnection, folder: Path) -> tuple[Path, ...]:
        shutil.copyfile(places.terms, folder / "TERMS.md")
        whose = f"{edition.version}: for {request['recipient']} alone, until {request['until']}."
        (folder / "GRANT.txt").write_text(f"{whose} Not public. Delete it then, or when asked to.\n", encoding="utf-8")
        return folder / "TERMS.md", folder / "GRANT.txt"

    return write


def _encrypt(archive: Path, target: Path, recipient: str) -> None:
    command = ("age", "--encrypt", "--recipient", recipient, "--output", str(target), str(archive))
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        target.unlink(missing_ok=True)
        raise ReleaseRefused("age", "refused the recipient's key.", "Ask the recipient for the line that `age-keygen` printed.")
    target.chmod(0o600)
