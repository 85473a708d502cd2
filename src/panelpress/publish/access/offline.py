"""Takes public versions offline at once. Needs neither a delivery nor the key, and no new release.

    tombstone and line in the ledger (the site answers 410 from here on)
        -> private copy of what the version said, for the protection of the next one -> folder deleted

A run that was cut off, or stopped by a full disk, goes on where it was when it is called again.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Literal

from panelpress.durable import write_whole
from panelpress.errors import UsageError
from panelpress.paths import Places
from panelpress.publish.access.kept import keep
from panelpress.publish.versions import ledger
from panelpress.publish.versions.lock import cannot_write, only_publisher
from panelpress.publish.versions.release import recover
from panelpress.raw.work_folder import prepare_work

ALL = "all"
STILL_PUBLIC = "what has no tombstone yet is still public; stop the site until that is done"
Reason = Literal["consent_withdrawn", "precaution"]


def take_offline(places: Places, wanted: Sequence[str], day: str | None = None) -> tuple[str, ...]:
    """Take the versions ``wanted`` (``all`` stands for every public one) offline as a precaution; returns those that were not
    yet. Raises UsageError for a version that was never published, ReleaseRefused where the disk says no, another process
    publishes, or ``releases/`` holds a folder that the ledger does not know."""
    prepare_work(places)
    with only_publisher(places, STILL_PUBLIC):
        try:
            recover(places)  # a release in place without its line in the ledger is public too
            versions = _wanted(places, wanted)
            taken = announce(places, versions, day or date.today().isoformat(), "precaution")
            for entry in ledger.release_entries(ledger.read(places)):
                if entry.version in versions and not places.earlier_release(str(entry.version)).is_dir():
                    keep(places, entry, {})
            remove_withdrawn(places)
        except OSError as error:
            raise cannot_write("releases", error, STILL_PUBLIC) from None
    return taken


def _wanted(places: Places, wanted: Sequence[str]) -> list[str]:
    public = [str(each.version) for each in ledger.release_entries(ledger.read(places))]
    for version in wanted:
        if version not in (ALL, *public):
            known = ", ".join(public) or "none"
            raise UsageError(f"release {version}", "is not in the ledger.", f"Published: {known}; `{ALL}` means each.")
    return [each for each in public if ALL in wanted or each in wanted]


def announce(places: Places, versions: Sequence[str], day: str, reason: Reason) -> tuple[str, ...]:
    """Write tombstone and line in the ledger of each of ``versions`` that has none; returns those."""
    gone = ledger.withdrawn(ledger.read(places))
    taken = tuple(each for each in versions if each not in gone)
    for version in taken:
        stone = {"version": version, "withdrawn": day, "reason": reason}
        write_whole(places.tombstone(version), ledger.canonical(stone) + "\n")
        ledger.append(places, "withdrawal", day, {"version": version, "tier": "open", "reason": reason})
    return taken


def remove_withdrawn(places: Places) -> None:
    """Delete the folder of every withdrawn version that is still there."""
    for version in sorted(ledger.withdrawn(ledger.read(places))):
        if places.release(version).exists():
            remove_folder(places.release(version))


def remove_folder(folder: Path) -> None:
    """Delete a folder of read-only files."""
    for path in (folder, *folder.rglob("*")):
        if path.is_dir():
            path.chmod(0o755)
    shutil.rmtree(folder)
