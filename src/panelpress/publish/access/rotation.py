"""Exchanges the pseudonym key of a project: everything private that is named by the old key is renamed to the new one.

That is: the digests of the registry, and the secure ids in the private maps of earlier releases, so that the next release can
still be compared with them. Published files do not change: their ids were made for one release and stay as they are. The last
step is a ledger entry ``rotation`` with the new fingerprint. Until it is written the old key counts, and the command can be run
again after any interruption: what has been renamed is recognized.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from panelpress.durable import write_whole
from panelpress.errors import KeyRefused
from panelpress.model.project import ProjectFacts
from panelpress.paths import Places
from panelpress.publish.versions import ledger
from panelpress.publish.versions.identities import COLUMNS
from panelpress.publish.versions.lock import only_publisher
from panelpress.raw.arrival import Reader
from panelpress.raw.former_keys import read_former, seal_former
from panelpress.raw.key import PseudonymKey
from panelpress.raw.project_intake import declared_for_intake
from panelpress.raw.project_key import project_key
from panelpress.raw.readers import read_delivery
from panelpress.raw.registry import read_registry, write_registry
from panelpress.raw.rekeying import rekeyed_persons, rekeyed_registry
from panelpress.raw.suppression import read_suppressed


@dataclass(frozen=True, slots=True)
class Rotation:
    """What was renamed. ``unknown`` counts persons of earlier releases who are in no delivery any more; they keep their old
    secure id, which then is nobody's."""

    fingerprint: str
    deliveries: int
    persons: int
    maps: int
    unknown: int


def rotate(places: Places, facts: ProjectFacts, new: PseudonymKey, reason: str, reader: Reader = read_delivery) -> Rotation:
    """Exchange the project's key for ``new``. Raises KeyRefused where ``new`` is public, the old key again, or not needed,
    and what intake raises where a delivery is missing or does not read: without all of them nobody could be renamed."""
    old = project_key(places, facts)
    if new.is_demo and not facts.simulated:
        raise KeyRefused("key", "the new key is a public demo key.", "Make a private one with `panelpress key init --to FILE`.")
    if new == old:
        raise KeyRefused("key", "the new key is the old one.", "Make another with `panelpress key init --to FILE`.")
    registrations = read_registry(places)
    renamed = rekeyed_registry(places, registrations, old, new)
    persons = rekeyed_persons(places, registrations, declared_for_intake(places, facts), old, new, reader)
    with only_publisher(places):
        if read_suppressed(places):
            _seal_again(places, old, new)
        maps, unknown = _rename_maps(places, persons)
        write_registry(places, renamed.values())
        entry = {"key_fingerprint": new.fingerprint, "old_fingerprint": old.fingerprint, "reason": reason}
        ledger.append(places, "rotation", date.today().isoformat(), entry)
    return Rotation(new.fingerprint, len(renamed), len(persons), maps, unknown)


def _seal_again(places: Places, old: PseudonymKey, new: PseudonymKey) -> None:
    """The list of people who withdrew was made with ``old`` and former keys: seal them under ``new``. A rotation that was cut off
    has done so already."""
    try:
        former = read_former(places, old)
    except KeyRefused:
        read_former(places, new)
        return
    seal_former(places, (*former, old), new)


def _rename_maps(places: Places, persons: Mapping[str, str]) -> tuple[int, int]:
    """Rename the secure ids in the map of every release; the number of maps and of ids that nobody has."""
    done = set(persons.values())
    unknown: set[str] = set()
    paths = sorted(places.identities.glob("*.csv"))
    for path in paths:
        with path.open(encoding="utf-8", newline="") as stream:
            rows = list(csv.DictReader(stream))
        unknown |= {row["secure_id"] for row in rows} - persons.keys() - done
        lines = [",".join(COLUMNS)]
        lines += [f"{row['study']},{persons.get(row['secure_id'], row['secure_id'])},{row['released_id']}" for row in rows]
        write_whole(path, "\n".join(lines) + "\n", mode=0o600)
    return len(paths), len(unknown)
