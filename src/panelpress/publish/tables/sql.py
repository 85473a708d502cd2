"""The few pieces of SQL that all of publishing shares: quoting, column types, canonical order of a table.

Canonical order is by primary key, NULLs last, text by code point (DuckDB's default collation); it is total because rows are
unique on the key, and therefore the same for every number of threads.
"""

from __future__ import annotations

from collections.abc import Iterable

import duckdb

from panelpress.model.table import Field, Table

DUCKDB_TYPES = {"string": "VARCHAR", "integer": "BIGINT", "number": "DOUBLE", "date": "DATE", "boolean": "BOOLEAN"}


def quoted(name: str) -> str:
    """``name`` as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """``text`` as an SQL string."""
    return "'" + text.replace("'", "''") + "'"


def columns(names: Iterable[str], prefix: str = "") -> str:
    """A comma-separated list of quoted ``names``."""
    return ", ".join(prefix + quoted(name) for name in names)


def in_order(table: Table) -> str:
    """A SELECT of every declared column of ``table`` in canonical order."""
    return f"SELECT {columns(table.field_names)} FROM {quoted(table.name)} ORDER BY {columns(table.primary_key)}"


def duckdb_type(field: Field) -> str:
    """Type in which a declared column is created: codes are INTEGER, counts and numbers of answers BIGINT."""
    if field.type == "integer" and field.categories:
        return "INTEGER"
    return DUCKDB_TYPES[field.type]


def column_types(rows: duckdb.DuckDBPyConnection, table: Table) -> dict[str, str]:
    """The DuckDB type of each column of ``table`` as it stands in ``rows``."""
    described = rows.execute(f"DESCRIBE SELECT {columns(table.field_names)} FROM {quoted(table.name)}").fetchall()
    return {name: type_ for name, type_, *_ in described}


def create_empty(
    rows: duckdb.DuckDBPyConnection, table: Table, types: dict[str, str] | None = None, schema: str = "main"
) -> None:
    """Create ``table`` without rows, with its primary key."""
    known = types or {}
    listed = [
        f"{quoted(field.name)} {known.get(field.name, duckdb_type(field))}{' NOT NULL' if field.required else ''}"
        for field in table.fields
    ]
    key = f", PRIMARY KEY ({columns(table.primary_key)})"
    rows.execute(f"CREATE TABLE {schema}.{quoted(table.name)} ({', '.join(listed)}{key})")
