"""Withdrawn releases, as ``panelpress withdraw`` leaves them: a line of kind ``withdrawal`` in the ledger and a stone,

    publish/tombstones/<version>.json    {"reason": "consent_withdrawn", "version": "0.1.0", "withdrawn": "2026-01-31"}

Either is enough: a server that has only one of them answers 410 as well.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from panelpress.paths import Places
from panelpress.publish.site.library import Tombstone
from panelpress.publish.site.words import languages, words
from panelpress.publish.versions.ledger import Entry


def tombstones(places: Places, entries: Sequence[Entry]) -> tuple[Tombstone, ...]:
    """One for each withdrawn version, by version; ``entries`` are those of the ledger."""
    found: dict[str, Tombstone] = {}
    for path in sorted(places.tombstone("*").parent.glob("*.json")):
        stone = json.loads(path.read_text(encoding="utf-8"))
        found[path.stem] = Tombstone(path.stem, str(stone["withdrawn"]), _reason(stone.get("reason")), "")
    for entry in entries:
        if entry.kind == "withdrawal" and entry.version:
            found[entry.version] = Tombstone(entry.version, entry.date, _reason(entry.facts.get("reason")), "")
    return tuple(found.values())


def _reason(given: Any) -> Mapping[str, str]:
    """The reason in every language: a class of reasons has its words here, a text in languages is taken as it is."""
    if isinstance(given, Mapping):
        return {str(language): str(text) for language, text in given.items()}
    return {language: words(language).get(f"reason_{given}", str(given)) for language in languages()} if given else {}
