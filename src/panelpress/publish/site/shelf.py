"""Decides which releases may be shown: each is held against its own manifest before a byte of it is served.

A release that is damaged, missing a file or tampered with is refused by name and reason; the others are served. Only what the
manifest lists is attached, so that no table can slip onto the site that did not pass the gate.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from panelpress.model.version import parse_version
from panelpress.publish.versions.hashes import file_hash
from panelpress.publish.versions.manifest import read_sums

MANIFEST = "manifest.json"
DESCRIPTOR = "datapackage.json"


@dataclass(frozen=True, slots=True)
class Shelved:
    """One release that may be served: its folder, database, manifest and Data Package descriptor."""

    version: str
    folder: Path
    database: Path
    manifest: Mapping[str, Any]
    descriptor: Mapping[str, Any]

    @property
    def name(self) -> str:
        """Name of the release in addresses: dots would be encoded by Datasette, and an address is for good."""
        return database_name(self.version)


@dataclass(frozen=True, slots=True)
class Refused:
    """A release folder that is not served, and why."""

    version: str
    reason: str


@dataclass(frozen=True, slots=True)
class Shelf:
    """All releases of a project, newest first, and those that were refused."""

    releases: tuple[Shelved, ...]
    refused: tuple[Refused, ...]

    @property
    def latest(self) -> Shelved | None:
        return self.releases[0] if self.releases else None


def database_name(version: str) -> str:
    """``0.2.1`` as it stands in addresses: ``v0-2-1``."""
    return "v" + version.replace(".", "-")


def read_shelf(releases: Path) -> Shelf:
    """Looks at every folder of ``releases``. Raises nothing: a release that cannot be shown is listed with its reason."""
    shown: list[Shelved] = []
    refused: list[Refused] = []
    folders = (
        [each for each in releases.iterdir() if each.is_dir() and not each.name.startswith(".")] if releases.is_dir() else []
    )
    for folder in sorted(folders):
        found = _look_at(folder)
        if isinstance(found, Shelved):
            shown.append(found)
        else:
            refused.append(found)
    return Shelf(tuple(sorted(shown, key=lambda each: parse_version(each.version), reverse=True)), tuple(refused))


def _look_at(folder: Path) -> Shelved | Refused:
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        descriptor = json.loads((folder / DESCRIPTOR).read_text(encoding="utf-8"))
        sums = read_sums(folder)
        manifest["files"] = [_whole(folder, sums, each) for each in manifest["files"]]
        files = {str(each["path"]): each for each in manifest["files"]}
        version = str(manifest["version"])
        parse_version(version)
    except FileNotFoundError as error:
        return Refused(folder.name, f"{Path(str(error.filename)).name} is missing")
    except (ValueError, KeyError, TypeError):
        return Refused(folder.name, "its manifest or descriptor cannot be read")
    if version != folder.name:
        return Refused(folder.name, f"its manifest says {version}")
    databases = [path for path, facts in files.items() if facts.get("kind") == "sqlite"]
    if len(databases) != 1:
        return Refused(folder.name, "its manifest names no single SQLite database")
    for path, facts in files.items():
        found = folder / path
        if not found.is_file():
            return Refused(folder.name, f"{path} is missing")
        if found.stat().st_size != facts["bytes"] or file_hash(found) != facts["sha256"]:
            return Refused(folder.name, f"{path} is not what the manifest says")
    database = folder / databases[0]
    strange = _strangers(database, manifest)
    if strange:
        return Refused(folder.name, f"its database holds the table {strange[0]}, which the manifest does not list")
    return Shelved(version, folder, database, manifest, descriptor)


def _whole(folder: Path, sums: Mapping[str, str], listed: Mapping[str, Any]) -> dict[str, Any]:
    """One file of the manifest with its size and hash; the manifest has none of a file whose bytes do not repeat."""
    path = str(listed["path"])
    found = folder / path
    size = found.stat().st_size if found.is_file() else 0
    return {"bytes": size, "sha256": sums.get(path, ""), **listed}


def _strangers(database: Path, manifest: Mapping[str, Any]) -> list[str]:
    listed = {str(table["name"]) for table in manifest["tables"]}
    connection = sqlite3.connect(f"file:{database}?immutable=1", uri=True)
    try:
        found = [str(row[0]) for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    finally:
        connection.close()
    internal = ("sqlite_", "codebook_fts")
    return sorted(name for name in found if name not in listed and not name.startswith(internal))
