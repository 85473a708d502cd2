"""CSV, tidy: one file a table, UTF-8, comma, header, empty cell for NULL, rows in order of the primary key.

This text is also the canonical form of a table: its SHA-256 is the table's logical hash, the same for every format, number of
threads and engine version. Decimals are written with their declared places, days as ISO 8601.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from panelpress.model.release import Edition
from panelpress.model.table import Table
from panelpress.publish.tables.sql import in_order, literal

FOLDER = "data/csv"


def write_table(rows: duckdb.DuckDBPyConnection, table: Table, path: Path) -> None:
    """Write one table as canonical CSV to ``path``."""
    rows.execute(f"COPY ({in_order(table)}) TO {literal(str(path))} (FORMAT csv, HEADER, DELIMITER ',', QUOTE '\"', ESCAPE '\"')")


def write(edition: Edition, rows: duckdb.DuckDBPyConnection, folder: Path) -> tuple[Path, ...]:
    """Write ``data/csv/<table>.csv`` for every table."""
    target = folder / FOLDER
    target.mkdir(parents=True, exist_ok=True)
    paths = []
    for table in edition.tables:
        path = target / f"{table.name}.csv"
        write_table(rows, table, path)
        paths.append(path)
    return tuple(paths)
