"""Parquet: one zstd file a table, rows in order of the primary key, row groups of fixed size so that bytes repeat."""

from __future__ import annotations

from pathlib import Path

import duckdb

from panelpress.model.release import Edition
from panelpress.publish.sql import in_order, literal

FOLDER = "data/parquet"
ROW_GROUP = 122_880


def write(edition: Edition, rows: duckdb.DuckDBPyConnection, folder: Path) -> tuple[Path, ...]:
    """Write ``data/parquet/<table>.parquet`` for every table."""
    target = folder / FOLDER
    target.mkdir(parents=True, exist_ok=True)
    paths = []
    for table in edition.tables:
        path = target / f"{table.name}.parquet"
        options = f"FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {ROW_GROUP}"
        rows.execute(f"COPY ({in_order(table)}) TO {literal(str(path))} ({options})")
        paths.append(path)
    return tuple(paths)
