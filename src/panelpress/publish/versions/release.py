"""Publishes an assembled edition: everything is written, checked and named before anyone can see any of it.

    lock -> complete what a killed run left -> refuse a version that exists -> stage -> gate -> private map
         -> note what is pending -> close the batch of withdrawals -> rename -> ledger -> forget the note

A run killed before the rename leaves the old state. A run killed after it leaves a whole release without its line in the
ledger; the note in the work folder says which, and the next run writes that line first.
"""

from __future__ import annotations

import errno
import json
import shutil
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import adbc_driver_manager.dbapi
import duckdb

from panelpress.durable import sync_folder, write_whole
from panelpress.errors import GateRefused, ReleaseRefused
from panelpress.model.findings import Finding
from panelpress.paths import Places
from panelpress.publish.tables.assemble import Assembled
from panelpress.publish.versions import ledger, manifest
from panelpress.publish.versions.batch import close_batch
from panelpress.publish.versions.hashes import content_hash, file_hash
from panelpress.publish.versions.identities import write_identities
from panelpress.publish.versions.lock import cannot_write, only_publisher
from panelpress.publish.versions.shelf import published_folders, release_before
from panelpress.publish.versions.staging import PLAIN_EXPORTERS, Exporter, Staged, put_in_place, refuse_existing, stage, sweep
from panelpress.raw.work_folder import prepare_work

ENGINE = "engine (simulated data)"
FEW_BYTES = 8 << 20
ENGINE_ERRORS = (duckdb.Error, sqlite3.Error, adbc_driver_manager.dbapi.Error)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the gate says of a staged release. ``report_sha256`` names the report that was signed off; ``safety_complete``
    says that every part of the respondent-safety gate ran."""

    findings: Sequence[Finding] = field(default_factory=tuple)
    report_sha256: str | None = None
    safety_complete: bool = False

    @property
    def blocking(self) -> tuple[Finding, ...]:
        return tuple(each for each in self.findings if each.blocks)


Gate = Callable[[Staged, Assembled], Verdict]
"""Judges a staged release by its files and its open tables."""


@dataclass(frozen=True, slots=True)
class Published:
    """A release in place: its folder, its line in the ledger, the verdict it passed with."""

    folder: Path
    entry: ledger.Entry
    verdict: Verdict


def publish(
    places: Places,
    made: Assembled,
    origin: manifest.Origin,
    gate: Gate,
    exporters: Sequence[Exporter] = PLAIN_EXPORTERS,
) -> Published:
    """Write, check and put in place the release that ``made`` holds.

    Raises ReleaseRefused where the version exists, another process publishes, the ledger is broken or the disk says no;
    GateRefused where the gate does. In all cases ``releases/`` and the ledger are as they were.
    """
    edition = made.edition
    prepare_work(places)
    with only_publisher(places):
        try:
            recover(places)
            refuse_existing(places, edition.version)
            entries = ledger.read(places)
            staged = stage(places, edition, made.rows, origin, exporters, release_before(places, edition.version))
            before = _published_before(entries, staged.version, str(staged.manifest["tier"]))
            _refuse_other_data(staged, before)
            verdict = gate(staged, made)
            _refuse_by_gate(made, verdict)
            if before is None:
                _refuse_without_sign_off(places, made, verdict, entries)
            write_identities(places, edition.version, edition.tier, made.identities)
            return _finish(places, staged, origin, verdict)
        except OSError as error:
            raise cannot_write("releases", error) from None
        except ENGINE_ERRORS as error:
            raise _engine_failed(places, error) from None
        finally:
            if places.staging.exists():
                sweep(places)


def rehearse(
    places: Places,
    made: Assembled,
    origin: manifest.Origin,
    gate: Gate,
    exporters: Sequence[Exporter] = PLAIN_EXPORTERS,
) -> Verdict:
    """Write the release that ``made`` holds into staging, ask the gate, and take it away again. Raises ReleaseRefused where
    another process publishes or the disk says no."""
    prepare_work(places)
    with only_publisher(places):
        try:
            return gate(stage(places, made.edition, made.rows, origin, exporters), made)
        except OSError as error:
            raise cannot_write("releases", error) from None
        except ENGINE_ERRORS as error:
            raise _engine_failed(places, error) from None
        finally:
            if places.staging.exists():
                sweep(places)


def _engine_failed(places: Places, error: Exception) -> ReleaseRefused:
    """The refusal for a file that a database engine could not write. Its own message may hold rows, so only its kind is told."""
    if shutil.disk_usage(places.releases).free < FEW_BYTES:
        return cannot_write("releases", OSError(errno.ENOSPC, ""))
    return ReleaseRefused("releases", f"a file could not be written ({type(error).__name__}).", "Mend that, then run again.")


def _finish(places: Places, staged: Staged, origin: manifest.Origin, verdict: Verdict) -> Published:
    facts = ledger_facts(staged, origin, verdict)
    date = str(staged.manifest["released"])
    write_whole(places.pending, ledger.canonical({"date": date, "facts": facts}) + "\n", mode=0o600)
    close_batch(places)  # before the rename: closed too early it delays a release, too late it shows who left
    folder = put_in_place(places, staged)
    entry = _record(places, date, facts)
    return Published(folder, entry, verdict)


def ledger_facts(staged: Staged, origin: manifest.Origin, verdict: Verdict) -> dict[str, Any]:
    """What the ledger records of a release."""
    said = staged.manifest
    return {
        "version": staged.version,
        "tier": said["tier"],
        "sums_sha256": staged.sums_sha256,
        "content_sha256": content_hash((staged.folder / manifest.SUMS).read_text(encoding="utf-8")),
        "data_version": said["data_version"],
        "key_fingerprint": origin.key_fingerprint,
        "commit": origin.commit,
        "recodings": dict(origin.recodings),
        "report_sha256": verdict.report_sha256,
    }


def _record(places: Places, date: str, facts: dict[str, Any]) -> ledger.Entry:
    """Write the line of the release. The same release built again (a fresh checkout) gets none; one with the same data in other
    bytes (other libraries wrote it) gets a line ``rebuild``."""
    entries = ledger.read(places)
    same = [entry for entry in entries if entry.facts.get("content_sha256") == facts["content_sha256"]]
    before = _published_before(entries, str(facts["version"]), str(facts["tier"]))
    entry = same[-1] if same else ledger.append(places, "rebuild" if before else "release", date, facts)
    places.pending.unlink(missing_ok=True)
    sync_folder(places.work)
    return entry


def complete(places: Places) -> str | None:
    """``recover`` for a run that has nothing to publish."""
    prepare_work(places)
    with only_publisher(places):
        return recover(places)


def recover(places: Places) -> str | None:
    """Complete a release whose process was killed between its last two steps; returns its version. The caller holds the
    publishing lock. Raises ReleaseRefused for a release folder that neither the ledger nor the note knows."""
    sweep(places)
    completed = None
    if places.pending.is_file():
        pending = json.loads(places.pending.read_text(encoding="utf-8"))
        facts = pending["facts"]
        sums = places.release(facts["version"]) / manifest.SUMS
        if sums.is_file() and file_hash(sums) == facts["sums_sha256"]:
            _record(places, pending["date"], facts)
            completed = str(facts["version"])
        places.pending.unlink(missing_ok=True)
    known = {entry.version for entry in ledger.read(places)}
    for folder in published_folders(places):
        if folder.name not in known:
            todo = "Move it out of releases/: a folder that the ledger does not know was not published by panelpress."
            raise ReleaseRefused(f"releases/{folder.name}", "is not in the ledger.", todo)
    return completed


def _refuse_by_gate(made: Assembled, verdict: Verdict) -> None:
    blocking = verdict.blocking
    if blocking:
        rules = ", ".join(sorted({each.rule for each in blocking}))
        raise GateRefused(
            f"release {made.edition.version}", f"the gate says no: {rules}.", "`panelpress check` gives each reason."
        )
    if not made.edition.simulated and not verdict.safety_complete:
        raise GateRefused(
            f"release {made.edition.version}",
            "the project has real respondents, and the respondent-safety gate is not complete.",
            "Nothing of it can be published until every attack has run and failed.",
        )


def _refuse_without_sign_off(places: Places, made: Assembled, verdict: Verdict, entries: tuple[ledger.Entry, ...]) -> None:
    """A person answers for every release of real respondents. For simulated ones the engine signs, and says that it did."""
    version, report = made.edition.version, verdict.report_sha256
    if report is not None and ledger.signed_off(entries, version, report) is not None:
        return
    if made.edition.simulated:
        if report is not None:
            ledger.append(places, "sign_off", made.edition.released, ledger.sign_off_facts(version, ENGINE, report))
        return
    raise GateRefused(
        f"release {version}",
        "nobody has signed off this gate report.",
        f"Read it, then run `panelpress ledger sign-off {version} --role ROLE --report {report or 'DIGEST'}`.",
    )


def _refuse_other_data(staged: Staged, before: ledger.Entry | None) -> None:
    """A version that the ledger knows may be rebuilt (a fresh checkout), but only with the data it had. Its sign-off stands."""
    if before is not None and before.facts.get("data_version") != staged.manifest["data_version"]:
        raise ReleaseRefused(
            f"release {staged.version}",
            "was published before with other data.",
            "Raise the version: one version names one state of the data, wherever it is built.",
        )


def _published_before(entries: tuple[ledger.Entry, ...], version: str, tier: str) -> ledger.Entry | None:
    for entry in ledger.release_entries(entries, tier):
        if entry.version == version:
            return entry
    return None
