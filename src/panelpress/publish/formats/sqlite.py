"""SQLite: one database file with every table, its key and the views; codes only, labels in ``value_labels``.

Rows travel as Arrow batches (adbc) into tables created beforehand with keys and types, in order of the key; decimals become
REAL, days ISO text. VACUUM last: then the same rows give the same bytes.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path

import adbc_driver_sqlite.dbapi as adbc
import duckdb

from panelpress.model.release import Edition
from panelpress.model.table import Field, Table
from panelpress.publish.tables.sql import columns, quoted
from panelpress.publish.tables.views.listed import views

TYPES = {"string": "TEXT", "integer": "INTEGER", "number": "REAL", "date": "TEXT", "boolean": "INTEGER"}
ARROW = {"string": "VARCHAR", "integer": "BIGINT", "number": "DOUBLE", "date": "VARCHAR", "boolean": "BIGINT"}
BATCH = 50_000


def write(edition: Edition, rows: duckdb.DuckDBPyConnection, folder: Path) -> tuple[Path, ...]:
    """Write ``<project>-<version>.sqlite``."""
    path = folder / f"{edition.project.id}-{edition.version}.sqlite"
    with adbc.connect(str(path)) as connection, connection.cursor() as cursor:
        for table in edition.tables:
            cursor.execute(_create(table))
            reader = rows.sql(_select(table)).to_arrow_reader(BATCH)
            cursor.adbc_ingest(table.name, reader, mode="append")
        connection.commit()
    _finish(path, edition)
    return (path,)


def _create(table: Table) -> str:
    listed = [f"{quoted(field.name)} {TYPES[field.type]}{' NOT NULL' if field.required else ''}" for field in table.fields]
    return f"CREATE TABLE {quoted(table.name)} ({', '.join(listed)}, PRIMARY KEY ({columns(table.primary_key)}))"


def _cast(field: Field) -> str:
    return f"CAST({quoted(field.name)} AS {ARROW[field.type]}) AS {quoted(field.name)}"


def _select(table: Table) -> str:
    """Every column in a type that SQLite has, in order of the key."""
    casts = ", ".join(_cast(field) for field in table.fields)
    own = quoted(table.name)
    order = ", ".join(f"{own}.{quoted(name)}" for name in table.primary_key)
    return f"SELECT {casts} FROM {own} ORDER BY {order}"


def _finish(path: Path, edition: Edition) -> None:
    with sqlite3.connect(path, isolation_level=None) as connection:
        # Staging flushes every file at the end; a file that a crash left half written is never put in place.
        connection.execute("PRAGMA synchronous = OFF")
        for view in views(edition):
            # SQLite has no COMMENT ON; it keeps the text of a view with what stands in it.
            said = view.description.in_language().replace("*/", "* /")
            connection.execute(f"CREATE VIEW {quoted(view.name)} AS /* {said} */ {view.select}")
        connection.execute("ANALYZE")
        connection.execute("VACUUM")
    connection.close()
