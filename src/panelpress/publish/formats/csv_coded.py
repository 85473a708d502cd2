"""CSV, coded: one column a variable, a missing answer written as the negative code of its reason.

For programs that know no second channel. Whoever computes with these files must leave out codes below zero, which is why the
tidy files are the ones to prefer. Text, dates, and numbers that may be below zero keep their reasons in ``<variable>__why``.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from panelpress.model.release import Edition
from panelpress.publish.formats.dialects import CODED
from panelpress.publish.formats.labelled import LABELLED_KINDS, labelled_columns, select
from panelpress.publish.tables.sql import literal

FOLDER = "data/csv-coded"


def write(edition: Edition, rows: duckdb.DuckDBPyConnection, folder: Path) -> tuple[Path, ...]:
    """Write ``data/csv-coded/<table>.csv`` for tables of answers and persons."""
    target = folder / FOLDER
    target.mkdir(parents=True, exist_ok=True)
    paths = []
    for table in edition.tables:
        if table.kind not in LABELLED_KINDS:
            continue
        path = target / f"{table.name}.csv"
        chosen = select(table, labelled_columns(table, edition.missing, CODED))
        rows.execute(f"COPY ({chosen}) TO {literal(str(path))} (FORMAT csv, HEADER)")
        paths.append(path)
    return tuple(paths)
