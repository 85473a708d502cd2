"""Verifies a release with the release's own script and, where the ledger is at hand, against the line that published it.

The files alone can only agree with themselves. The ledger says which SHA256SUMS was published under which version, and whether
that version was withdrawn since.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from panelpress.errors import UsageError
from panelpress.paths import Places
from panelpress.publish.verify.source import brought
from panelpress.publish.verify.standalone import SUMS, verify
from panelpress.publish.versions import ledger


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found: version, problems as {check, file, what}, and what could not be checked."""

    version: str
    problems: tuple[dict[str, str], ...]
    unchecked: tuple[str, ...]

    @property
    def well(self) -> bool:
        return not self.problems


def verify_release(where: str, places: Places | None, ledger_file: Path | None = None) -> Verdict:
    """The verdict on the release at ``where`` (folder, ZIP or address). The ledger is ``ledger_file``, else the project's."""
    with brought(where) as folder:
        problems = verify(folder)
        version = _version(folder)
        sums = (folder / SUMS).read_text(encoding="utf-8", errors="replace") if (folder / SUMS).is_file() else ""
    unchecked = []
    if "://" in where and not where.endswith(".zip"):
        unchecked.append("files that were added at that address: only listed ones can be fetched")
    entries, broken = _ledger(places, ledger_file)
    if entries is None:
        unchecked.append("the ledger: none was given, so the files are checked against themselves alone")
    else:
        problems += broken
        problems += _against(entries, version, sums)
        if ledger.published_as(tuple(entries), version, sums) == "again":
            unchecked.append("the DuckDB file: this copy was built again, and DuckDB never writes the same bytes twice")
    return Verdict(version, tuple(problems), tuple(unchecked))


def _version(folder: Path) -> str:
    try:
        content = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        return str(content["version"])
    except (OSError, ValueError, KeyError, TypeError):
        return "unknown"


def _ledger(places: Places | None, given: Path | None) -> tuple[tuple[ledger.Entry, ...] | None, list[dict[str, str]]]:
    if given is not None:
        if not given.is_file():
            raise UsageError(str(given), "is no file.", "Name the ledger, publish/ledger.jsonl of the project.")
        entries, problems = ledger.read_file(given)
    elif places is not None and places.ledger.is_file():
        entries, problems = ledger.read_file(places.ledger)
    else:
        return None, []
    return entries, [{"check": "ledger", "file": f"line {each.line}", "what": each.what} for each in problems]


def _against(entries: tuple[ledger.Entry, ...], version: str, sums: str) -> list[dict[str, str]]:
    """What the ledger says of this version and these sums."""
    own = [entry for entry in entries if entry.version == version]
    published = [entry for entry in own if entry.kind in ("release", "rebuild")]
    if not published:
        return [{"check": "ledger", "file": SUMS, "what": f"version {version} is not in the ledger"}]
    found = []
    if ledger.published_as(entries, version, sums) is None:
        found.append({"check": "ledger", "file": SUMS, "what": f"is not what the ledger published as {version}"})
    if any(entry.kind == "withdrawal" for entry in own):
        found.append({"check": "withdrawn", "file": "", "what": f"version {version} was withdrawn; use a later one"})
    return found
