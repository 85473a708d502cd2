"""``manifest.json`` of a release: what it was made from, with what, how it was protected, and the hash of every file.

    {"spec": "panel-manifest/0.1", "project": ..., "version": "0.1.0", "released": "2026-01-31", "tier": "open",
     "simulated": true, "data_version": "...", "key_fingerprint": "...", "source": {"commit": "...", "changed": false},
     "deliveries": [{"file", "digest", "study", "wave", "rows"}], "disclosure": {...}, "tools": {...},
     "tables": [{"name", "rows", "columns", "sha256"}], "files": [{"path", "kind", "bytes", "sha256"}]}

Digests of deliveries are keyed, the key is named by its fingerprint; neither lets anyone test a guess. ``sha256`` of a table is
its logical hash. Of the ``.duckdb`` file path and kind alone are listed (``PublishedFile.repeats``). Not in it: the time and the
machine, because the same input must give the same bytes.
"""

from __future__ import annotations

import json
import platform
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path
from typing import Any

import duckdb

from panelpress import __version__
from panelpress.model.release import Edition, PublishedFile
from panelpress.publish.tables.sql import quoted
from panelpress.publish.versions.descriptor import as_json
from panelpress.publish.versions.hashes import data_version, file_hash, logical_hash
from panelpress.raw.registry import Registration

FILE = "manifest.json"
SUMS = "SHA256SUMS"
SPEC = "panel-manifest/0.1"
TOOLS = ("adbc-driver-sqlite", "duckdb", "pyarrow", "polars", "pyreadstat")


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a release comes from, beside its edition: key, deliveries, state of the sources, recodings by study."""

    key_fingerprint: str
    deliveries: Sequence[Registration] = ()
    commit: str | None = None
    changed: bool = False
    recodings: Mapping[str, Any] = field(default_factory=dict)


def source_state(root: Path) -> tuple[str | None, bool]:
    """Commit of the checkout at ``root`` and whether tracked files differ from it; (None, False) outside of git."""
    try:
        commit = _git(root, "rev-parse", "HEAD")
        changed = bool(_git(root, "status", "--porcelain", "--untracked-files=no"))
    except (OSError, subprocess.CalledProcessError):
        return None, False
    return commit, changed


def _git(root: Path, *arguments: str) -> str:
    done = subprocess.run(["git", "-C", str(root), *arguments], check=True, capture_output=True, text=True, timeout=60)
    return done.stdout.strip()


def tool_versions() -> Mapping[str, str]:
    """Versions of what wrote the files."""
    found = {"panelpress": __version__, "python": platform.python_version()}
    for name in TOOLS:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return found


def describe_files(folder: Path, edition: Edition) -> tuple[PublishedFile, ...]:
    """Every file under ``folder``, by path; ``kind`` is its format, ``table`` the table it holds where it holds one."""
    names = {table.name for table in edition.tables}
    found = []
    for path in sorted(each for each in folder.rglob("*") if each.is_file()):
        relative = path.relative_to(folder).as_posix()
        table = path.stem if relative.startswith("data/") and path.stem in names else None
        kind = path.suffix.removeprefix(".").lower() or "text"
        found.append(PublishedFile(relative, kind, path.stat().st_size, file_hash(path), table))
    return tuple(sorted(found, key=lambda file: file.path))


def describe_tables(edition: Edition, rows: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """Name, size and logical hash of every table."""
    described = []
    for table in edition.tables:
        ((n_rows,),) = rows.execute(f"SELECT count(*) FROM {quoted(table.name)}").fetchall()
        described.append({"name": table.name, "rows": n_rows, "columns": len(table.fields), "sha256": logical_hash(rows, table)})
    return described


def manifest(
    edition: Edition, origin: Origin, tables: Sequence[Mapping[str, Any]], files: Iterable[PublishedFile]
) -> dict[str, Any]:
    """The manifest as plain data."""
    return {
        "spec": SPEC,
        "project": edition.project.id,
        "version": edition.version,
        "released": edition.released,
        "tier": edition.tier,
        "simulated": edition.simulated,
        "data_version": data_version({each["name"]: each["sha256"] for each in tables}),
        "key_fingerprint": origin.key_fingerprint,
        "source": {"commit": origin.commit, "changed": origin.changed},
        "deliveries": [
            {"file": each.file, "digest": each.digest, "study": each.study, "wave": each.wave, "rows": each.rows}
            for each in origin.deliveries
        ],
        "disclosure": dict(edition.disclosure),
        "recodings": dict(origin.recodings),
        "tools": dict(tool_versions()),
        "tables": list(tables),
        "files": [_file(each) for each in files],
    }


def _file(file: PublishedFile) -> dict[str, Any]:
    listed = {"path": file.path, "kind": file.kind}
    return {**listed, "bytes": file.bytes, "sha256": file.sha256} if file.repeats else listed


def read_sums(folder: Path) -> dict[str, str]:
    """SHA-256 of every file by its path, as ``SHA256SUMS`` of the release in ``folder`` has it. Raises ValueError for a line
    that is not a hash and a name."""
    lines = (folder / SUMS).read_text(encoding="utf-8").splitlines()
    return {name: digest for digest, name in (line.split("  ", 1) for line in lines)}


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of the release in ``folder``."""
    content: dict[str, Any] = json.loads((folder / FILE).read_text(encoding="utf-8"))
    return content


def manifest_text(content: Mapping[str, Any]) -> str:
    return as_json(content)


def sums_text(files: Iterable[PublishedFile]) -> str:
    """``SHA256SUMS`` as ``sha256sum --check`` reads it: every file but itself."""
    return "".join(f"{file.sha256}  {file.path}\n" for file in sorted(files, key=lambda file: file.path))
