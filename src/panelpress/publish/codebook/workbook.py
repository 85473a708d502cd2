"""The codebook as an Excel workbook: a first sheet that says what it is, then one sheet for each table that describes the data.

Holds no answers of persons. xlsxwriter stamps its archive with a fixed day and the workbook with the release date, so the same
release gives the same bytes.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import xlsxwriter

from panelpress.model.release import Edition
from panelpress.model.table import Table
from panelpress.publish.codebook.words import words
from panelpress.publish.tables.sql import in_order

FILE = "codebook/codebook.xlsx"
ABOUT = "About"
# Tables about the data, not with them; in the order of the sheets, as far as the release has them.
SHEETS = (
    "variables",
    "value_labels",
    "missing_reasons",
    "availability",
    "distributions",
    "crosswalk",
    "waves",
    "samples",
    "views",
    "release_info",
)
WIDEST = 60


def write(edition: Edition, rows: duckdb.DuckDBPyConnection, folder: Path) -> tuple[Path, ...]:
    """Write ``codebook/codebook.xlsx``."""
    path = folder / FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    book = xlsxwriter.Workbook(path, {"constant_memory": False, "strings_to_formulas": False, "strings_to_urls": False})
    said = "SIMULATED DATA. " if edition.simulated else ""
    book.set_properties(
        {
            "title": f"{edition.project.title.in_language('en')}: codebook, version {edition.version}",
            "comments": f"{said}{edition.project.id} {edition.version}",
            "created": datetime.fromisoformat(edition.released),
        }
    )
    bold = book.add_format({"bold": True, "bottom": 1})
    warning = book.add_format({"bold": True, "font_color": "#8a4b00", "bg_color": "#fff4e0"})
    _about(book, edition, bold, warning)
    tables = {table.name: table for table in edition.tables}
    for name in SHEETS:
        if name in tables:
            _sheet(book, rows, tables[name], bold)
    _columns(book, edition, bold)
    book.close()
    return (path,)


def _about(book: Any, edition: Edition, bold: Any, warning: Any) -> None:
    sheet = book.add_worksheet(ABOUT)
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 100)
    at = 0
    if edition.simulated:
        for language in edition.project.languages:
            sheet.write_string(at, 0, "simulated", warning)
            sheet.write_string(at, 1, words(language)["simulated"], warning)
            at += 1
    project = edition.project
    facts = [
        *((f"title ({language})", project.title.in_language(language)) for language in project.languages),
        *((f"about ({language})", project.description.in_language(language).strip()) for language in project.languages),
        ("project", project.id),
        ("version", edition.version),
        ("released", edition.released),
        ("tier", edition.tier),
        ("licence", f"{project.licence.name} {project.licence.path}"),
        ("contact", project.contact or ""),
        *((f"columns ({language})", words(language)["two_channels"]) for language in project.languages),
    ]
    for name, value in facts:
        sheet.write_string(at, 0, name, bold)
        sheet.write_string(at, 1, value)
        at += 1


def _sheet(book: Any, rows: duckdb.DuckDBPyConnection, table: Table, bold: Any) -> None:
    names = table.field_names
    content = rows.execute(in_order(table)).fetchall()
    _fill(book.add_worksheet(table.name), list(names), content, bold)


def _columns(book: Any, edition: Edition, bold: Any) -> None:
    """One line a column of every published table."""
    languages = edition.project.languages
    names = ["table", "column", "type", *(f"title_{language}" for language in languages), "description"]
    content = [
        (
            table.name,
            field.name,
            field.type,
            *(field.title.in_language(each) for each in languages),
            field.description.in_language(),
        )
        for table in edition.tables
        for field in table.fields
    ]
    _fill(book.add_worksheet("columns"), names, content, bold)


def _fill(sheet: Any, names: list[str], content: list[tuple[Any, ...]], bold: Any) -> None:
    widths = [len(name) + 2 for name in names]
    for number, name in enumerate(names):
        sheet.write_string(0, number, name, bold)
    for at, row in enumerate(content, start=1):
        for number, value in enumerate(row):
            if value is None:
                continue
            if isinstance(value, int | float) and not isinstance(value, bool):
                sheet.write_number(at, number, value)
            else:
                sheet.write_string(at, number, str(value))
                widths[number] = max(widths[number], min(len(str(value)) + 2, WIDEST))
    for number, width in enumerate(widths):
        sheet.set_column(number, number, width)
    sheet.freeze_panes(1, 0)
    if content:
        sheet.autofilter(0, 0, len(content), len(names) - 1)
