"""Writes a release into a staging folder beside ``releases/`` and puts it in place by one rename.

Until the rename nobody sees anything; after it nothing in the folder changes again (files are made read-only). What an earlier
run left in staging is swept away by the next, which holds the publishing lock.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from panelpress.durable import sync_folder, sync_tree
from panelpress.errors import ReleaseRefused
from panelpress.model.release import Edition
from panelpress.paths import Places
from panelpress.publish.compare import changelog
from panelpress.publish.formats import csv, parquet, sqlite
from panelpress.publish.formats import duckdb as duckdb_format
from panelpress.publish.versions import descriptor, manifest
from panelpress.publish.versions.documents import citation_file, readme
from panelpress.publish.versions.hashes import file_hash

Exporter = Callable[[Edition, duckdb.DuckDBPyConnection, Path], tuple[Path, ...]]
HISTORY = frozenset({"changes", "variable_history"})
PLAIN_EXPORTERS: tuple[Exporter, ...] = (csv.write, parquet.write, duckdb_format.write, sqlite.write)


@dataclass(frozen=True, slots=True)
class Staged:
    """A release written whole but not yet in place: its folder, its manifest, the hash of its SHA256SUMS."""

    folder: Path
    version: str
    manifest: dict[str, Any]
    sums_sha256: str


def stage(
    places: Places,
    edition: Edition,
    rows: duckdb.DuckDBPyConnection,
    origin: manifest.Origin,
    exporters: Sequence[Exporter] = PLAIN_EXPORTERS,
    before: Path | None = None,
) -> Staged:
    """Write every file of the release to staging. ``before`` is the folder of the last release, whose changelog goes on. The
    caller holds the publishing lock."""
    sweep(places)
    folder = places.staging / edition.version
    folder.mkdir(parents=True)
    content = write_files(folder, edition, rows, origin, exporters, before)
    return Staged(folder, edition.version, content, file_hash(folder / manifest.SUMS))


def write_files(
    folder: Path,
    edition: Edition,
    rows: duckdb.DuckDBPyConnection,
    origin: manifest.Origin,
    exporters: Sequence[Exporter] = PLAIN_EXPORTERS,
    before: Path | None = None,
) -> dict[str, Any]:
    """Write every file of a release into the empty ``folder``; returns the manifest. ``before`` is the folder of the last
    release. Raises ReleaseRefused where a format did not write what it said."""
    for export in exporters:
        for path in export(edition, rows, folder):
            if not path.is_file() or not path.is_relative_to(folder):
                raise ReleaseRefused(
                    f"format {export.__module__}", "did not write where it said.", "This is a fault of the engine."
                )
    _write(folder / "README.md", readme(edition, rows))
    _write(folder / "CITATION.cff", citation_file(edition))
    if {table.name for table in edition.tables} >= HISTORY:
        _write(folder / changelog.FILE, changelog.changelog(edition, rows, before))
    files = manifest.describe_files(folder, edition)
    _write(folder / descriptor.FILE, descriptor.release_descriptor(edition, files))
    files = manifest.describe_files(folder, edition)
    content = manifest.manifest(edition, origin, manifest.describe_tables(edition, rows), files)
    _write(folder / manifest.FILE, manifest.manifest_text(content))
    _write(folder / manifest.SUMS, manifest.sums_text(manifest.describe_files(folder, edition)))
    return content


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="")


def put_in_place(places: Places, staged: Staged) -> Path:
    """Flush the staged folder and rename it to ``releases/<version>``. Raises ReleaseRefused where that exists."""
    target = places.release(staged.version)
    refuse_existing(places, staged.version)
    for path in staged.folder.rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o444)
    staged.folder.chmod(0o755)
    sync_tree(staged.folder)
    staged.folder.rename(target)
    sync_folder(places.releases)
    return target


def refuse_existing(places: Places, version: str) -> None:
    """Raises ReleaseRefused where ``version`` stands in ``releases/`` already: a version is written once."""
    if places.release(version).exists() or places.release(version).is_symlink():
        raise ReleaseRefused(f"releases/{version}", "exists already, and a version is never written again.", "Raise the version.")


def sweep(places: Places) -> None:
    """Remove what a killed run left in staging. The caller holds the publishing lock."""
    if places.staging.exists():
        shutil.rmtree(places.staging)
