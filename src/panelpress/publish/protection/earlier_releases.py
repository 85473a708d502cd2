"""Brings every earlier release to hand, for whatever must not contradict it: protection (k counts on all releases together), the
diff, the tables of the past, drift, attacks on two releases.

What an earlier release said is read from its folder in ``releases/``. Where that is absent (a fresh checkout: git holds no data)
its open tables are computed again, from the declarations that stood then and the deliveries, into ``earlier/<version>/`` of the
work folder: Parquet, descriptor, manifest and changelog, all that is read of an earlier release. The ledger names the data it
had (``data_version``). Other data are refused: protection counted on them would protect nobody.
"""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Collection, Sequence
from dataclasses import replace
from pathlib import Path

from panelpress.errors import DisclosureRefused, UsageError
from panelpress.model.version import parse_version
from panelpress.paths import Places
from panelpress.publish.compare.earlier import declared_for
from panelpress.publish.formats import parquet
from panelpress.publish.gate.judge import Progress
from panelpress.publish.protection.protected import harmonize_for, protect_for
from panelpress.publish.tables.open_edition import assemble_open
from panelpress.publish.versions import ledger
from panelpress.publish.versions.identities import write_identities
from panelpress.publish.versions.manifest import FILE, Origin, read_manifest
from panelpress.publish.versions.shelf import folder_of, release_before
from panelpress.publish.versions.staging import write_files
from panelpress.raw.arrival import Reader
from panelpress.raw.project_intake import intake_project
from panelpress.raw.project_key import project_key
from panelpress.raw.registry import read_registry
from panelpress.raw.work_folder import prepare_work
from panelpress.schemas.errata import load_errata


def bring_earlier(places: Places, version: str) -> None:
    """Make sure that ``folder_of`` finds every open release before ``version`` that the ledger names. The secure database of the
    project stays as it is.

    Raises DisclosureRefused where the data of one cannot be had again."""
    for entry in not_here(places, version):
        _compute(places, entry)


def not_here(places: Places, version: str) -> tuple[ledger.Entry, ...]:
    """The open releases before ``version`` that have to be computed again, oldest first. Raises DisclosureRefused where one of
    them was withdrawn."""
    entries = ledger.read(places)
    gone = ledger.withdrawn(entries)
    found = []
    for entry in ledger.releases_before(entries, version):
        own = str(entry.version)
        if _is_here(places, entry, gone):
            continue
        if own in gone:
            raise DisclosureRefused(
                f"release {own}",
                "was withdrawn, and what it said of those who stay is not in the work folder, so nobody can count k with it.",
                f"Bring back `{places.earlier_release(own).relative_to(places.work)}` of the work folder from its backup.",
            )
        found.append(entry)
    return tuple(found)


def bring_leaving(places: Places, versions: Sequence[str], reader: Reader, progress: Progress) -> tuple[str, ...]:
    """Compute each of ``versions`` that is not here again while the deliveries still hold everybody who was in it (a withdrawal
    in a fresh checkout), and those before them, on which they rest. Returns those of ``versions`` that cannot be had."""
    entries = ledger.read(places)
    gone = ledger.withdrawn(entries)
    last = max(versions, key=parse_version, default=None)
    resting = [] if last is None else [*ledger.releases_before(entries, last), *_of(entries, last)]
    lacking = [each for each in resting if not _is_here(places, each, gone)]
    taken_in = False
    for entry in lacking:
        progress(f"computing release {entry.version} again, whose folder is not here")
        try:
            if not taken_in:
                intake_project(places, reader)
                taken_in = True
            _compute(places, entry)
        except Exception as error:  # a full disk or memory, a database's fault: nobody is kept from leaving by any of them
            progress(f"release {entry.version} cannot be computed again ({type(error).__name__})")
    return tuple(version for version in versions if folder_of(places, version) is None)


def _of(entries: tuple[ledger.Entry, ...], version: str) -> list[ledger.Entry]:
    return [each for each in ledger.release_entries(entries) if each.version == version]


def _is_here(places: Places, entry: ledger.Entry, gone: Collection[str]) -> bool:
    """A copy of a version that was withdrawn lacks people, so nothing can be compared with the ledger."""
    own = str(entry.version)
    return folder_of(places, own) is not None and (own in gone or _has_its_data(places, entry))


def _has_its_data(places: Places, entry: ledger.Entry) -> bool:
    """A folder in ``releases/`` is the release; a copy is, where it has the data that the ledger names."""
    folder = folder_of(places, str(entry.version))
    if folder is None or folder == places.release(str(entry.version)):
        return folder is not None
    return (folder / FILE).is_file() and read_manifest(folder)["data_version"] == entry.facts.get("data_version")


def _compute(places: Places, entry: ledger.Entry) -> None:
    """Makes ``earlier/<version>``, with a harmonized database of its own that is taken away again."""
    try:
        _compute_apart(replace(places, declared=None, apart=str(entry.version)), entry)
    finally:
        shutil.rmtree(places.builds_apart / str(entry.version), ignore_errors=True)  # others are in use by another process
        shutil.rmtree(_unfinished(places, str(entry.version)), ignore_errors=True)


def _compute_apart(places: Places, entry: ledger.Entry) -> None:
    version = str(entry.version)
    try:
        declared, plan = declared_for(places, version)
    except UsageError:
        raise _lost(version, "publish/releases.yaml does not plan it any more.") from None
    harmonize_for(declared, plan, secrets.token_hex(4))
    tiers = protect_for(declared, plan, "open")
    target = places.earlier_release(version)
    prepare_work(places)
    unfinished = _unfinished(places, version)
    for leftover in (unfinished, target):
        if leftover.exists():
            shutil.rmtree(leftover)
    unfinished.mkdir(parents=True)
    before = release_before(places, version)
    errata = load_errata(declared.places, declared.studies, declared.variables, declared.project.languages)
    try:
        made, _ = assemble_open(declared, plan, tiers, before, errata)
    finally:
        tiers.rows.close()
    fingerprint = project_key(places, declared.project).fingerprint
    origin = Origin(fingerprint, deliveries=read_registry(places), recodings=tiers.recodings)
    try:
        said = write_files(unfinished, made.edition, made.rows, origin, (parquet.write,), before)
    finally:
        made.rows.close()
    if said["data_version"] != entry.facts.get("data_version"):
        raise _lost(version, "declarations, deliveries or engine now give other data than the ledger names.")
    write_identities(places, version, "open", made.identities)
    unfinished.rename(target)


def _unfinished(places: Places, version: str) -> Path:
    return places.earlier_release(version).with_name(f".{version}")


def _lost(version: str, why: str) -> DisclosureRefused:
    return DisclosureRefused(
        f"release {version}",
        f"is published, its folder is not here, and it cannot be computed again: {why}",
        f"Put its folder back as releases/{version}: what it says counts when a later release is protected.",
    )
