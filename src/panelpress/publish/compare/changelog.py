"""``CHANGELOG.md`` of a release: the table ``changes`` in words, above the changelog of the release before."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import duckdb

from panelpress.model.release import Edition
from panelpress.publish.compare.change_words import kinds
from panelpress.publish.versions.documents import SIMULATED
from panelpress.schemas.history import changes_table

FILE = "CHANGELOG.md"
_HEAD = "# Changelog"
SAID = kinds("en")
_LISTED = 40
"""More lines of one kind than this are counted, not listed; the table has them all."""


def changelog(edition: Edition, rows: duckdb.DuckDBPyConnection, before: Path | None) -> str:
    """The changelog up to this release. ``before`` is the folder of the last one."""
    parts = [_HEAD, ""]
    if edition.simulated:
        parts += [SIMULATED, ""]
    parts += [f"## {edition.version} ({edition.released})", ""]
    if edition.notes:
        parts += [edition.notes.in_language("en").strip(), ""]
    parts += _changes(edition, rows) if before else ["First release.", ""]
    return "\n".join(parts) + _earlier(before)


def _earlier(before: Path | None) -> str:
    """The entries of the release before, without its heading."""
    if before is None or not (before / FILE).is_file():
        return ""
    text = (before / FILE).read_text(encoding="utf-8")
    start = text.find("\n## ")
    return text[start:] if start >= 0 else ""


def _changes(edition: Edition, rows: duckdb.DuckDBPyConnection) -> list[str]:
    names = changes_table(edition.project.languages).field_names
    found = [dict(zip(names, row, strict=True)) for row in rows.execute("SELECT * FROM changes ORDER BY position").fetchall()]
    if not found:
        return ["No cell and no declaration differs from the release before.", ""]
    counts = Counter(row["kind"] for row in found)
    lines = []
    for weight, title in (("major", "May break or change the meaning of a query"), ("minor", "Additions and corrections")):
        own = [row for row in found if row["weight"] == weight]
        if not own:
            continue
        lines += [f"### {title}", ""]
        for kind in dict.fromkeys(row["kind"] for row in own):
            listed = [row for row in own if row["kind"] == kind]
            if counts[kind] > _LISTED:
                lines.append(f"- {SAID[kind]}: {len(listed)} entries, see the table `changes`")
            else:
                lines += [f"- {_line(row)}" for row in listed]
        lines.append("")
    return lines


def _line(row: dict[str, Any]) -> str:
    subject = [f"`{row[name]}`" for name in ("study", "variable", "wave", "item") if row[name]]
    subject = list(dict.fromkeys(subject))
    text = f"{SAID[row['kind']]}: {', '.join(subject)}" if subject else SAID[row["kind"]]
    old, new = (_cell(row, side) for side in ("before", "after"))
    if old or new:
        text += f": {old or 'nothing'} → {new or 'nothing'}"
    if row["n"] is not None:
        text += f" ({row['n']})"
    elif row["kind"] in ("erratum", "cells_corrected") or row["kind"].startswith(("persons", "responses")):
        text += " (fewer than k)"
    note = row.get("note_en")
    return f"{text}. {note}" if note else text


def _cell(row: dict[str, Any], side: str) -> str | None:
    found: str | None = row[f"{side}_value"] or row[f"{side}_reason"]
    return found
