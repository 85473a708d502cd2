"""Holds a release folder against what was published before a byte of it is served: the ledger names ``SHA256SUMS``, which names
every file, one of which is the manifest, which names the tables.

Only what the manifest lists is attached, so that no table can slip onto the site that did not pass the gate.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from panelpress.model.version import parse_version
from panelpress.publish.versions.hashes import file_hash
from panelpress.publish.versions.manifest import SUMS, read_sums

MANIFEST = "manifest.json"
DESCRIPTOR = "datapackage.json"
OWN_TABLES = ("sqlite_",)  # SQLite's own: statistics
Known = Callable[[str, str], bool]


class Unfit(Exception):
    """Why a release is not served; the text is for the log of the server."""


@dataclass(frozen=True, slots=True)
class Inspected:
    """A release that is what was published. ``manifest["files"]`` have their size and hash."""

    database: Path
    manifest: Mapping[str, Any]
    descriptor: Mapping[str, Any]


def inspect(folder: Path, known: Known | None = None) -> Inspected:
    """Reads and checks the release in ``folder``. Raises Unfit with the first thing that is wrong."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        descriptor = json.loads((folder / DESCRIPTOR).read_text(encoding="utf-8"))
        sums = read_sums(folder)
        version = str(manifest["version"])
        parse_version(version)
        files = {str(each["path"]): each for each in manifest["files"]}
        tables = {str(each["name"]): int(each["rows"]) for each in manifest["tables"]}
    except FileNotFoundError as error:
        raise Unfit(f"{Path(str(error.filename)).name} is missing") from None
    except (ValueError, KeyError, TypeError):
        raise Unfit("its manifest, descriptor or SHA256SUMS cannot be read") from None
    if version != folder.name:
        raise Unfit(f"its manifest says {version}")
    if known is not None and not known(version, (folder / SUMS).read_text(encoding="utf-8")):
        raise Unfit(f"its {SUMS} is not what the ledger says")
    _check_files(folder, sums, files)
    database = _database(folder, files)
    _check_tables(database, tables)
    whole = [{"bytes": (folder / path).stat().st_size, "sha256": sums[path], **each} for path, each in files.items()]
    return Inspected(database, {**manifest, "files": whole}, descriptor)


def _check_files(folder: Path, sums: Mapping[str, str], files: Mapping[str, Mapping[str, Any]]) -> None:
    """Every file that is named anywhere is there and has the bytes that were published."""
    for path in sorted({*sums, *files, MANIFEST, DESCRIPTOR}):
        found = folder / path
        if not found.is_file():
            raise Unfit(f"{path} is missing")
        if path not in sums:
            raise Unfit(f"{path} is not in {SUMS}")
        listed = files.get(path, {})
        if not found.resolve().is_relative_to(folder.resolve()):
            raise Unfit(f"{path} lies outside the release")
        if {file_hash(found), listed.get("sha256", sums[path])} != {sums[path]}:
            raise Unfit(f"{path} is not what was published")


def _database(folder: Path, files: Mapping[str, Mapping[str, Any]]) -> Path:
    found = [path for path, facts in files.items() if facts.get("kind") == "sqlite"]
    if len(found) != 1:
        raise Unfit("its manifest names no single SQLite database")
    return folder / found[0]


def _check_tables(database: Path, tables: Mapping[str, int]) -> None:
    """The database holds the tables of the manifest with their rows, and no other."""
    try:
        found = rows_by_table(database)
    except sqlite3.DatabaseError:
        raise Unfit("its database cannot be read") from None
    for name in sorted({*found, *tables}):
        if name not in tables:
            raise Unfit(f"its database holds the table {name}, which the manifest does not list")
        if name not in found:
            raise Unfit(f"its database lacks the table {name}")
        if found[name] != tables[name]:
            raise Unfit(f"its table {name} has another number of rows than the manifest says")


def rows_by_table(database: Path) -> dict[str, int]:
    """Rows of every table, without SQLite's own. Raises sqlite3.DatabaseError where the file is no database."""
    with closing(sqlite3.connect(f"file:{database}?immutable=1", uri=True)) as connection:
        names = [str(row[0]) for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        shown = [name for name in names if not name.startswith(OWN_TABLES)]
        return {name: int(connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]) for name in shown}
