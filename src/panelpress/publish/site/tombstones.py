"""Withdrawn releases, read from the ledger: its lines of kind ``withdrawal`` that name a version."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from panelpress.paths import Places
from panelpress.publish.site.library import Tombstone
from panelpress.publish.versions.ledger import read


def tombstones(places: Places) -> tuple[Tombstone, ...]:
    """One for each withdrawn version, in the order of the ledger. Raises ReleaseRefused where the ledger does not verify."""
    found: dict[str, Tombstone] = {}
    for entry in read(places):
        if entry.kind == "withdrawal" and entry.version:
            replacement = entry.facts.get("replacement") or entry.facts.get("replaced_by") or ""
            found[entry.version] = Tombstone(entry.version, entry.date, _reason(entry.facts.get("reason")), str(replacement))
    return tuple(found.values())


def _reason(given: Any) -> Mapping[str, str]:
    if isinstance(given, Mapping):
        return {str(language): str(text) for language, text in given.items()}
    return {"en": str(given)} if given else {}
