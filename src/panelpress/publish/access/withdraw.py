"""Withdrawal: a person who asks to leave is taken out of everything that the project keeps and serves.

    find in the deliveries -> tombstones for every version that holds them -> keyed suppression list
         -> private copies of earlier releases, private maps, work copies, deliveries without them

All versions go offline at once, before anything that may fail; the deliveries change last, so that a run cut off can be started
again. New versions wait until at least k people have left since the last release: one that lacks one person shows, beside the one
before, who that was. What cannot be undone is told in ``docs/how-to/withdraw.md``.
"""

from __future__ import annotations

import csv
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from panelpress.durable import write_whole
from panelpress.errors import ReleaseRefused, UsageError
from panelpress.paths import Places
from panelpress.publish.access.kept import keep_of_those_who_stay
from panelpress.publish.access.offline import announce, remove_folder, remove_withdrawn
from panelpress.publish.gate.judge import Progress
from panelpress.publish.protection.earlier_releases import bring_leaving
from panelpress.publish.versions import ledger
from panelpress.publish.versions.batch import open_batch, pending
from panelpress.publish.versions.identities import COLUMNS
from panelpress.publish.versions.lock import only_publisher
from panelpress.publish.versions.release import recover
from panelpress.raw.arrival import Reader
from panelpress.raw.key import PseudonymKey
from panelpress.raw.project_intake import declared_for_intake
from panelpress.raw.project_key import project_key
from panelpress.raw.readers import read_delivery
from panelpress.raw.registry import read_registry, write_registry
from panelpress.raw.suppression import Suppressed, read_suppressed, suppression_digest, write_suppressed
from panelpress.raw.withdrawn import delivered, find_persons, purge
from panelpress.raw.work_folder import prepare_work
from panelpress.schemas.project import load_project


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """What was done. ``unknown`` counts tokens that name nobody; ``pending`` people who left since the last release; ``lost`` are
    versions that went offline and of which nothing is here for the next release to be held against."""

    persons: int
    unknown: int
    versions: tuple[str, ...]
    private: tuple[str, ...]
    lost: tuple[str, ...]
    deliveries: int
    pending: int


def withdraw(
    places: Places,
    tokens: Iterable[str],
    day: str | None = None,
    reader: Reader = read_delivery,
    progress: Progress = lambda _: None,
) -> Withdrawal:
    """Take everybody whom ``tokens`` name (ids of the platform, contacts) out of the project. Raises UsageError where no token
    names anybody, ReleaseRefused where another process publishes or ``releases/`` holds a folder that the ledger does not know,
    and what reading raises where a delivery is missing or unreadable; nothing has changed then. Raises OSError where the disk
    takes no more; the same call goes on later."""
    facts = load_project(places)
    key = project_key(places, facts)
    asked = tuple(dict.fromkeys(token.strip() for token in tokens if token.strip()))
    if not asked:
        raise UsageError("standard input", "names nobody.", "Write one id or contact a line.")
    registrations = read_registry(places)
    deliveries = delivered(places, registrations, declared_for_intake(places, facts), key, reader)
    persons, unknown = find_persons(deliveries, asked)
    if not persons:
        todo = "Ask for the address or id that was used in the survey; who was never delivered is in no release."
        raise UsageError("standard input", f"none of its {len(asked)} lines names a person of any delivery.", todo)
    today = day or date.today().isoformat()
    prepare_work(places)
    with only_publisher(places):
        recover(places)  # a release in place without its line in the ledger would be passed over, and published later
        held = _versions_with(places, persons)
        holding = sorted({version for version, tier in held if tier == "open"})
        public = announce(places, holding, today, "consent_withdrawn")
        lost = bring_leaving(places, holding, reader, progress)  # also what a call that was cut off has announced
        _list(places, key, sorted(persons), today)
        keep_of_those_who_stay(places, key, persons)
        remove_withdrawn(places)
        private = _delete_private(places, sorted({version for version, tier in held if tier != "open"}))
        _forget(places, persons)
        replaced = purge(places, deliveries, persons, key)
        write_registry(places, [replaced.get(each, each) for each in registrations])
        for old, new in replaced.items():
            if old.file != new.file:
                (places.deliveries / old.file).unlink(missing_ok=True)
    return Withdrawal(len(persons), len(unknown), public, private, lost, len(replaced), pending(places))


def refuse_withdrawn(places: Places, version: str) -> None:
    """Raises ReleaseRefused where ``version`` was withdrawn: its number is spent."""
    if version in ledger.withdrawn(ledger.read(places)):
        todo = "Plan a new version in publish/releases.yaml."
        raise ReleaseRefused(f"release {version}", "was withdrawn, and stays so.", todo)


def _list(places: Places, key: PseudonymKey, persons: list[tuple[str, str]], day: str) -> None:
    listed = list(read_suppressed(places))
    known = {each.digest for each in listed}
    digests = [suppression_digest(key, *person) for person in persons]
    listed += [Suppressed(digest, day, open_batch(places), key.fingerprint) for digest in digests if digest not in known]
    write_suppressed(places, listed)


def _maps(places: Places) -> list[Path]:
    return sorted(places.identities.glob("*.csv")) if places.identities.is_dir() else []


def _versions_with(places: Places, persons: frozenset[tuple[str, str]]) -> list[tuple[str, str]]:
    """(version, tier) of every release whose private map names one of ``persons``. A public release whose map is lost counts as
    one that does: nobody can tell. Maps of releases that were tried and never published do not count."""
    mapped = {path.stem for path in _maps(places)}
    published = [str(each.version) for each in ledger.release_entries(ledger.read(places))]
    found = [(version, "open") for version in published if f"{version}-open" not in mapped]
    for path in _maps(places):
        version, _, tier = path.stem.partition("-")
        if tier == "open" and version not in published:
            continue
        with path.open(encoding="utf-8", newline="") as stream:
            if any((row["study"], row["secure_id"]) in persons for row in csv.DictReader(stream)):
                found.append((version, tier))
    return found


def _delete_private(places: Places, versions: list[str]) -> tuple[str, ...]:
    """Delete the finer tier of each version; whoever was granted a copy must be asked to delete it."""
    for version in versions:
        if (places.scientific_use / version).exists():
            remove_folder(places.scientific_use / version)
    return tuple(versions)


def _forget(places: Places, persons: frozenset[tuple[str, str]]) -> None:
    """Work copies: the next intake and build make them anew without the people who left."""
    for folder in (places.waves_work, places.failures, places.corrections, places.reports, places.spill, places.builds_apart):
        if folder.exists():
            shutil.rmtree(folder)
    places.secure_database.unlink(missing_ok=True)
    for path in _maps(places):
        with path.open(encoding="utf-8", newline="") as stream:
            rows = [row for row in csv.DictReader(stream) if (row["study"], row["secure_id"]) not in persons]
        lines = [",".join(COLUMNS), *(",".join(row[name] for name in COLUMNS) for row in rows)]
        write_whole(path, "\n".join(lines) + "\n", mode=0o600)
