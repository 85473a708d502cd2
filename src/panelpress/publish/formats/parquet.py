"""Parquet: one zstd file a table, labels in its key-value metadata, row groups of fixed size so that bytes repeat.

Rows are in order of the primary key; where a study declares ``read_by``, by those variables first, so that a reader who asks
over HTTP for one country and wave fetches the few row groups that hold it. The order is a function of released cells alone.
"""

from __future__ import annotations

import json
from pathlib import Path

import duckdb

from panelpress.model.release import Edition
from panelpress.model.table import Table
from panelpress.publish.formats.description import description
from panelpress.publish.tables.sql import columns, literal, quoted

FOLDER = "data/parquet"
ROW_GROUP = 122_880
KEY = "panelpress"


def write(edition: Edition, rows: duckdb.DuckDBPyConnection, folder: Path) -> tuple[Path, ...]:
    """Write ``data/parquet/<table>.parquet`` for every table."""
    target = folder / FOLDER
    target.mkdir(parents=True, exist_ok=True)
    return tuple(write_table(edition, rows, table, target / f"{table.name}.parquet") for table in edition.tables)


def write_table(edition: Edition, rows: duckdb.DuckDBPyConnection, table: Table, path: Path) -> Path:
    """Write one table to ``path``. Its metadata holds the texts under ``panelpress`` and, plainly, whether it is simulated."""
    said = json.dumps(description(edition, table), ensure_ascii=False, separators=(",", ":"))
    simulated = "yes: no respondent exists" if edition.simulated else "no"
    metadata = f"KV_METADATA {{{KEY}: {literal(said)}, simulated: {literal(simulated)}}}"
    options = f"FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {ROW_GROUP}, {metadata}"
    ordered = f"SELECT {columns(table.field_names)} FROM {quoted(table.name)} ORDER BY {columns(reading_order(edition, table))}"
    rows.execute(f"COPY ({ordered}) TO {literal(str(path))} ({options})")
    return path


def reading_order(edition: Edition, table: Table) -> tuple[str, ...]:
    """The columns by which ``table`` is sorted: those its study is read by, as far as this tier has them, then its key."""
    read_by = next((study.read_by for study in edition.studies if study.id == table.study), ())
    first = [name for name in read_by if name in table.field_names]
    return (*first, *(name for name in table.primary_key if name not in first))
