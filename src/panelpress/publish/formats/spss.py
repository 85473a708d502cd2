"""SPSS: one ``.zsav`` a table and language, with variable labels, value labels and reasons as user-missing values.

Reasons are the negative codes of the taxonomy, declared missing as one range, so that every analysis leaves them out and every
table can show them. Text columns and numbers that may be below zero keep their reasons in ``<variable>__why``. Labels of two
languages do not fit into 120 bytes, therefore one file a language; ``limits`` refuses what would be cut silently.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import pyreadstat
from pyreadstat.pyclasses import MissingRange

from panelpress.model.release import Edition
from panelpress.model.table import Table
from panelpress.publish.formats.dialects import SPSS
from panelpress.publish.formats.labelled import LABELLED_KINDS, Column, labelled_columns, select
from panelpress.publish.formats.limits import file_label, refuse_what_does_not_fit
from panelpress.publish.formats.stamps import stamp_sav

FOLDER = "data/spss"
NOTE_BYTES = 80
MEASURES = {"code": "nominal", "text": "nominal", "integer": "scale", "decimal": "scale", "date": "scale"}


def write(edition: Edition, rows: duckdb.DuckDBPyConnection, folder: Path) -> tuple[Path, ...]:
    """Write ``data/spss/<table>.<language>.zsav`` for tables of answers and persons. Raises DeclarationError, before any file
    is written, where a name or label does not fit."""
    refuse_what_does_not_fit(edition, "spss")
    target = folder / FOLDER
    target.mkdir(parents=True, exist_ok=True)
    tables = [table for table in edition.tables if table.kind in LABELLED_KINDS]
    return tuple(path for table in tables for path in write_table(edition, rows, table, target))


def write_table(edition: Edition, rows: duckdb.DuckDBPyConnection, table: Table, target: Path) -> tuple[Path, ...]:
    """Write one table into the folder ``target``, one file a language."""
    chosen = labelled_columns(table, edition.missing, SPSS)
    frame = rows.sql(select(table, chosen)).pl()
    codes = [reason.code for reason in edition.missing]
    marked: list[float | str | MissingRange] = [{"lo": min(codes), "hi": max(codes)}]
    paths = []
    for language in edition.project.languages:
        path = target / f"{table.name}.{language}.zsav"
        pyreadstat.write_sav(
            frame,
            path,
            file_label=file_label(edition, table),
            column_labels=[each.title.in_language(language) for each in chosen],
            compress=True,
            note=notes(edition, language),
            variable_value_labels={each.name: value_labels(each, language) for each in chosen if each.labels},
            missing_ranges={each.name: marked for each in chosen if each.folds},
            variable_measure={each.name: measure(each) for each in chosen},
            variable_format={each.name: "F8.0" for each in chosen if each.kind in ("code", "integer")},
        )
        stamp_sav(path, edition.released)
        paths.append(path)
    return tuple(paths)


def value_labels(column: Column, language: str) -> Any:
    """Labels of ``column`` in one language, keyed by code (pyreadstat's own hints forget that codes may be text)."""
    return {code: text.in_language(language) for code, text in column.labels.items()}


def measure(column: Column) -> str:
    """SPSS's level of measurement."""
    return "ordinal" if column.source.ordered else MEASURES[column.kind]


def notes(edition: Edition, language: str) -> list[str]:
    """What the file says about itself to whoever holds nothing else: SPSS shows it with DISPLAY DOCUMENTS."""
    project = edition.project
    said = {"en": "SIMULATED DATA: no respondent exists.", "ru": "СИМУЛИРОВАННЫЕ ДАННЫЕ (simulated): респондентов не существует."}
    lines = [said.get(language, said["en"])] if edition.simulated else []
    lines.append(f"{project.id} {edition.version}, {edition.released}, tier {edition.tier}")
    lines.append(f"{project.licence.name} {project.licence.path}")
    return [short for line in lines for short in wrapped(line, NOTE_BYTES)]


def wrapped(text: str, most: int) -> list[str]:
    """``text`` in lines of at most ``most`` bytes of UTF-8, broken at blanks; a longer word stands alone and keeps its length."""
    lines: list[str] = []
    for word in text.split():
        if lines and len(f"{lines[-1]} {word}".encode()) <= most:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines
