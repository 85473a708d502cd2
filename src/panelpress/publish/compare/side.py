"""One of two releases that are compared: its tables as relations of a DuckDB connection, its descriptor as plain data.

A release in a folder is read from its Parquet files; an edition that is not written yet is read where it was assembled. Only
open files are read, and, where it is at hand, the private map of ids.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from panelpress.errors import UsageError
from panelpress.model.release import Edition
from panelpress.publish.formats import parquet
from panelpress.publish.tables.sql import literal, quoted
from panelpress.publish.versions import descriptor, manifest
from panelpress.schemas.table_schema import package


@dataclass(frozen=True, slots=True)
class Responses:
    """A table of responses or records as both descriptor and file have it. ``variables`` are value columns in order."""

    study: str
    table: str
    key: tuple[str, ...]
    variables: tuple[str, ...]

    @property
    def person(self) -> str:
        return self.key[0]

    @property
    def has_waves(self) -> bool:
        return "wave" in self.key


@dataclass(frozen=True, slots=True)
class Side:
    """A release opened in ``rows`` under ``schema``."""

    rows: duckdb.DuckDBPyConnection
    schema: str
    version: str
    tier: str
    described: Mapping[str, Any]
    identities: Path | None = None

    @property
    def resources(self) -> Mapping[str, Mapping[str, Any]]:
        return {each["name"]: each for each in self.described["resources"]}

    def relation(self, table: str) -> str:
        return f"{quoted(self.schema)}.{quoted(table)}"

    def fields(self, table: str) -> Mapping[str, Mapping[str, Any]]:
        return {each["name"]: each for each in self.resources[table]["schema"]["fields"]}

    def key(self, table: str) -> tuple[str, ...]:
        return tuple(self.resources[table]["schema"].get("primaryKey", ()))

    def responses(self) -> Mapping[str, Responses]:
        """Tables of responses and records by name: those with a reason beside every value."""
        found = {}
        for name in self.resources:
            variables = tuple(each["whyOf"] for each in self.fields(name).values() if each.get("whyOf"))
            if variables:
                found[name] = Responses(name.removesuffix("_responses"), name, self.key(name), variables)
        return found

    def records(self, table: str, columns: Sequence[str]) -> list[tuple[Any, ...]]:
        """Rows of a catalogue table; a column that this release does not have is None."""
        if table not in self.resources:
            return []
        own = self.fields(table)
        selected = ", ".join(quoted(name) if name in own else f"NULL AS {quoted(name)}" for name in columns)
        return self.rows.execute(f"SELECT {selected} FROM {self.relation(table)}").fetchall()


def open_folder(rows: duckdb.DuckDBPyConnection, folder: Path, schema: str, identities: Path | None = None) -> Side:
    """The release in ``folder``. Raises UsageError where there is none or a table has no Parquet file."""
    try:
        described = json.loads((folder / descriptor.FILE).read_text(encoding="utf-8"))
    except (OSError, json.JSONDecodeError):
        raise UsageError(
            f"release {folder.name}", "cannot be read: no datapackage.json.", "Name a version in releases/."
        ) from None
    rows.execute(f"CREATE SCHEMA IF NOT EXISTS {quoted(schema)}")
    for resource in described["resources"]:
        path = folder / parquet.FOLDER / f"{resource['name']}.parquet"
        if not path.is_file():
            raise UsageError(f"release {folder.name}", f"lacks the Parquet file of `{resource['name']}`.", "Fetch it whole.")
        rows.execute(f"CREATE VIEW {quoted(schema)}.{quoted(resource['name'])} AS FROM read_parquet({literal(str(path))})")
    known = identities if identities is not None and identities.is_file() else None
    return Side(rows, schema, str(described.get("version", "")), str(described.get("tier", "")), described, known)


def open_edition(rows: duckdb.DuckDBPyConnection, edition: Edition, identities: Path | None = None) -> Side:
    """An edition that stands in ``rows`` and is not written yet."""
    return Side(rows, "main", edition.version, edition.tier, package(edition), identities)


def close(side: Side) -> None:
    """Take the views of a release in a folder out of the connection."""
    side.rows.execute(f"DROP SCHEMA {quoted(side.schema)} CASCADE")


def stamp_problems(side: Side, folder: Path | None) -> list[str]:
    """Places in which a release calls itself another version than its descriptor does."""
    found = {"release_info": dict(side.records("release_info", ("item", "value"))).get("version")}
    if folder is not None:
        found["folder"] = folder.name
        if (folder / manifest.FILE).is_file():
            found["manifest.json"] = manifest.read_manifest(folder).get("version")
    return [f"{where} says {said}, datapackage.json says {side.version}" for where, said in found.items() if said != side.version]
