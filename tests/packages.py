"""Publishes the tiny world as a package of CSV files and a descriptor, the least that an outsider's validator needs."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import duckdb

from panelpress.model.release import Edition, PublishedFile
from panelpress.schemas.table_schema import csv_path, package


def publish(edition: Edition, rows: duckdb.DuckDBPyConnection, folder: Path) -> Path:
    """Writes every table of ``edition`` and the descriptor; returns the path of the descriptor."""
    for table in edition.tables:
        path = folder / csv_path(table)
        path.parent.mkdir(parents=True, exist_ok=True)
        rows.execute(f"COPY (SELECT * FROM {table.name} ORDER BY ALL) TO '{path}' (HEADER)")
    return describe(edition, folder)


def describe(edition: Edition, folder: Path) -> Path:
    """Writes the descriptor of the files as they are now, so that a test may change a file and keep its hash right."""
    path = folder / "datapackage.json"
    path.write_text(json.dumps(descriptor(edition, folder), ensure_ascii=False), encoding="utf-8")
    return path


def descriptor(edition: Edition, folder: Path) -> dict[str, Any]:
    files = {}
    for table in edition.tables:
        content = (folder / csv_path(table)).read_bytes()
        digest = hashlib.sha256(content).hexdigest()
        files[table.name] = PublishedFile(csv_path(table), "csv", len(content), digest, table.name)
    return package(edition, files)
