"""The private map of a release: which id of the release stands for which secure id. Lives in the work folder, mode 0600.

``identities/<version>-<tier>.csv``, columns study, secure_id, released_id. It serves the diff between releases and
``explain``; without it two releases can be compared by structure and margins only. It holds pseudonyms, no answers.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from panelpress.errors import KeyRefused
from panelpress.model.variable import Tier
from panelpress.paths import Places
from panelpress.publish.versions.ledger import Entry
from panelpress.raw.identity import release_ids
from panelpress.raw.key import PseudonymKey

COLUMNS = ("study", "secure_id", "released_id")


def identities_file(places: Places, version: str, tier: Tier = "open") -> Path:
    return places.identities / f"{version}-{tier}.csv"


def write_identities(places: Places, version: str, tier: Tier, identities: Mapping[str, Mapping[str, str]]) -> Path:
    """Write the map of one release whole or not at all; a map of the same version is replaced (same key, same ids)."""
    places.identities.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = identities_file(places, version, tier)
    unfinished = path.with_suffix(".part")
    with os.fdopen(
        os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8", newline=""
    ) as stream:
        writer = csv.writer(stream)
        writer.writerow(COLUMNS)
        for study, ids in sorted(identities.items()):
            writer.writerows((study, secure, released) for secure, released in sorted(ids.items()))
        stream.flush()
        os.fsync(stream.fileno())
    unfinished.replace(path)
    return path


def released_ids(
    places: Places, entry: Entry, key: PseudonymKey, study: str, persons: Sequence[str], tier: Tier = "open"
) -> Mapping[str, str]:
    """Secure id -> id in the release that ``entry`` of the ledger names, of those of ``persons`` who may be in it: from its
    private map, which a rotation of the key renames, else drawn again from ``key``.

    Raises KeyRefused where there is no map and the release was made with another key: the link would be lost in silence."""
    version = str(entry.version)
    if identities_file(places, version, tier).is_file():
        known = read_identities(places, version, tier).get(study, {})
        return {each: known[each] for each in persons if each in known}
    if entry.facts.get("key_fingerprint") not in (None, key.fingerprint):
        raise KeyRefused(
            f"release {version}",
            "was made with a key that was exchanged since, and its private map is not in the work folder.",
            f"Bring back identities/{version}-{tier}.csv from a backup: nobody else can say who is who in that release.",
        )
    return release_ids(key, version, tier, persons)


def read_identities(places: Places, version: str, tier: Tier = "open") -> dict[str, dict[str, str]]:
    """The private map of a release: study -> secure id -> released id. Raises FileNotFoundError where it is not there."""
    found: dict[str, dict[str, str]] = {}
    with identities_file(places, version, tier).open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            found.setdefault(row["study"], {})[row["secure_id"]] = row["released_id"]
    return found
