"""Stata: one ``.dta`` (release 118: Stata 14 and later) a table and language, with labels and tagged missing values.

Reasons are ``.a`` to ``.z`` as the taxonomy declares them, each with a value label. Stata labels no text, so a variable whose
codes are text has a numbered twin ``<variable>__label``. Text and dates keep their reasons in ``<variable>__why``.
pyreadstat writes the head and the labels, ``dta_rows`` the rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pyreadstat

from panelpress.errors import ReleaseRefused
from panelpress.model.release import Edition
from panelpress.model.table import Table
from panelpress.publish.formats.dialects import STATA
from panelpress.publish.formats.dta_rows import LONGEST_TEXT, fill
from panelpress.publish.formats.labelled import LABELLED_KINDS, Column, labelled_columns, select
from panelpress.publish.formats.limits import LIMITS, file_label, refuse_what_does_not_fit
from panelpress.publish.formats.stamps import stamp_dta
from panelpress.publish.tables.sql import quoted

FOLDER = "data/stata"
RELEASE_118 = 14
BATCH = 50_000
# Length of a name in a file of release 118: 32 characters of at most four bytes, and a zero.
NAME_BYTES = 129


def write(edition: Edition, rows: duckdb.DuckDBPyConnection, folder: Path) -> tuple[Path, ...]:
    """Write ``data/stata/<table>.<language>.dta`` for tables of answers and persons. Raises DeclarationError, before any file
    is written, where a name or label does not fit."""
    refuse_what_does_not_fit(edition, "stata")
    target = folder / FOLDER
    target.mkdir(parents=True, exist_ok=True)
    tables = [table for table in edition.tables if table.kind in LABELLED_KINDS]
    return tuple(path for table in tables for path in write_table(edition, rows, table, target))


def write_table(edition: Edition, rows: duckdb.DuckDBPyConnection, table: Table, target: Path) -> tuple[Path, ...]:
    """Write one table into the folder ``target``, one file a language. Raises ReleaseRefused where a text is longer than Stata's
    2045 bytes."""
    chosen = labelled_columns(table, edition.missing, STATA)
    widths, n = _measured(rows, table, chosen)
    called = stand_ins(chosen)
    paths = []
    for language in edition.project.languages:
        path = target / f"{table.name}.{language}.dta"
        pyreadstat.write_dta(
            pl.DataFrame([template_column(each, widths.get(each.name, 0)).alias(called[each.name]) for each in chosen]),
            path,
            file_label=file_label(edition, table),
            column_labels=[each.title.in_language(language) for each in chosen],
            version=RELEASE_118,
            variable_value_labels={called[each.name]: value_labels(each, language) for each in chosen if each.labels},
            variable_format={called[each.name]: "%12.0g" for each in chosen if each.kind in ("code", "integer")},
        )
        exchange_stand_ins(path, called)
        fill(path, _batches(rows, table, chosen), n)
        stamp_dta(path, edition.released)
        paths.append(path)
    return tuple(paths)


def stand_ins(columns: tuple[Column, ...]) -> dict[str, str]:
    """What pyreadstat is to call each column. It calls a set of value labels as its column, with the set's number behind it, and
    refuses more than 32 characters: a name that leaves no room for the number is written as a stand-in, exchanged later. It
    begins with a capital, as no variable's id does."""
    called = {each.name: each.name for each in columns}
    for number, column in enumerate(each for each in columns if each.labels):
        if len(f"{column.name}{number}") > LIMITS["stata"].name:
            called[column.name] = f"V{number}_"
    return called


def exchange_stand_ins(path: Path, called: Mapping[str, str]) -> None:
    """Give the columns of the one-row file at ``path`` their own names."""
    content = path.read_bytes()
    for name, written in called.items():
        if name != written:
            content = content.replace(written.encode().ljust(NAME_BYTES, b"\0"), name.encode().ljust(NAME_BYTES, b"\0"))
    path.write_bytes(content)


def value_labels(column: Column, language: str) -> dict[int | float, str]:
    """Labels of ``column`` in one language, keyed by whole number; a reason's key is its tagged missing value."""
    return {int(code): text.in_language(language) for code, text in column.labels.items()}


def template_column(column: Column, width: int) -> pl.Series:
    """One cell of the type and width that all cells of ``column`` need."""
    if column.kind == "text":
        return pl.Series(column.name, ["x" * max(width, 1)])
    if column.kind == "date":
        return pl.Series(column.name, [date(2000, 1, 1)])
    whole = column.stored == "INTEGER"
    return pl.Series(column.name, [0], dtype=pl.Int32 if whole else pl.Float64)


def _measured(rows: duckdb.DuckDBPyConnection, table: Table, chosen: tuple[Column, ...]) -> tuple[dict[str, int], int]:
    """Greatest length in bytes of each text column, and the number of rows."""
    texts = [each for each in chosen if each.kind == "text"]
    lengths = ", ".join(["count(*)", *(f"coalesce(max(strlen({each.sql})), 0)" for each in texts)])
    ((n, *found),) = rows.execute(f"SELECT {lengths} FROM {quoted(table.name)}").fetchall()
    widths = {each.name: width for each, width in zip(texts, found, strict=True)}
    for name, width in widths.items():
        if width > LONGEST_TEXT:
            what = f"`{name}` holds a text of {width} bytes, Stata holds {LONGEST_TEXT}."
            raise ReleaseRefused(f"table {table.name}", what, "Open text is not released; code it or drop it.")
    return widths, n


def _batches(rows: duckdb.DuckDBPyConnection, table: Table, chosen: tuple[Column, ...]) -> Iterator[pl.DataFrame]:
    reader: Any = rows.sql(select(table, chosen)).to_arrow_reader(BATCH)
    for batch in reader:
        yield pl.DataFrame(pl.from_arrow(batch))
