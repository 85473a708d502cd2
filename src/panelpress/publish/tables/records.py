"""Publishes the catalogue tables that people write by hand: ``publish/records/<name>.csv`` with ``<name>.schema.json`` beside it.

The schema is a Data Package Table Schema; it names the columns, their types, which must be filled, and the primary key. Blank
cells are NULL. Nothing here is computed from respondents.
"""

from __future__ import annotations

import csv
import json
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from panelpress.errors import DeclarationError
from panelpress.model.release import Edition
from panelpress.model.table import Field, Table
from panelpress.model.text import NO_TEXT
from panelpress.paths import Places
from panelpress.publish.tables.catalogue import Row, fill
from panelpress.schemas.tables import english

READ: dict[str, Any] = {
    "string": str,
    "integer": int,
    "number": float,
    "date": date.fromisoformat,
    "boolean": lambda text: {"true": True, "false": False}[text],
}


def load_records(places: Places) -> tuple[tuple[Table, list[Row]], ...]:
    """Every table below ``publish/records`` with its rows, by name. Raises DeclarationError with file and line."""
    return tuple(_load(path) for path in sorted(places.records.glob("*.csv")))


def contribute_records(places: Places) -> Any:
    """A contributor that adds the tables of ``publish/records`` to an edition."""

    def contribute(edition: Edition, rows: duckdb.DuckDBPyConnection) -> tuple[Table, ...]:
        tables = []
        for table, content in load_records(places):
            fill(rows, table, content)
            tables.append(table)
        return tuple(tables)

    return contribute


def _load(path: Path) -> tuple[Table, list[Row]]:
    file = f"publish/records/{path.name}"
    described = path.with_suffix(".schema.json")
    if not described.is_file():
        raise DeclarationError(file, "has no schema beside it.", f"Write publish/records/{described.name}.")
    schema = json.loads(described.read_text(encoding="utf-8"))
    table = _table(path.stem, schema)
    with path.open(encoding="utf-8", newline="") as stream:
        reader = csv.DictReader(stream)
        if tuple(reader.fieldnames or ()) != table.field_names:
            raise DeclarationError(f"{file}:1", "has other columns than its schema.", f"Write: {', '.join(table.field_names)}.")
        content = []
        for row in reader:
            where = f"{file}:{reader.line_num}"
            content.append({field.name: _cell(row[field.name], field, where) for field in table.fields})
    keys = [tuple(row[name] for name in table.primary_key) for row in content]
    if len(set(keys)) != len(keys):
        raise DeclarationError(file, "a row stands twice.", f"Rows differ in {', '.join(table.primary_key)}.")
    return table, content


def _table(name: str, schema: dict[str, Any]) -> Table:
    fields = tuple(
        Field(
            name=given["name"],
            type=given["type"],
            title=english(given["title"]),
            description=english(given["description"]) if given.get("description") else NO_TEXT,
            required=bool(given.get("constraints", {}).get("required")),
        )
        for given in schema["fields"]
    )
    return Table(name, "catalogue", english(schema["title"]), english(schema["description"]), fields, tuple(schema["primaryKey"]))


def _cell(text: str, field: Field, where: str) -> Any:
    if text == "":
        if field.required:
            raise DeclarationError(where, f"`{field.name}` is blank.", "Fill it; the schema requires it.")
        return None
    try:
        return READ[field.type](text)
    except (ValueError, KeyError):
        raise DeclarationError(where, f"`{field.name}` is no {field.type}.", "Correct the cell or the schema.") from None
