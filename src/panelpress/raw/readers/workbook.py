"""Excel workbooks (.xlsx) as records of text cells, sheet by sheet: whole numbers without .0, dates as ISO.

openpyxl reads the format. Formulas give the value that the spreadsheet program last computed; where none was stored the cell
is blank and the formula is not evaluated here.
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import chain, islice
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from panelpress.errors import DeliveryError
from panelpress.raw.readers.delimited import Record

HEADER_ROWS = 3
FORM_SHEETS = (
    "form responses",
    "form_responses",
    "ответы на форму",
    "réponses au formulaire",
    "formularantworten",
    "respuestas de formulario",
)
# What openpyxl, zipfile, zlib and the XML parser raise on damaged files; openpyxl has no error class of its own for most.
BROKEN = (
    InvalidFileException, zipfile.BadZipFile, zlib.error, KeyError, ValueError, TypeError, AttributeError, IndexError, OSError,
    EOFError, SyntaxError, OverflowError, RuntimeError,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Workbook:
    """An open workbook; ``sheets`` are those with cells, ``responses`` the one that holds them (the first, or the form's)."""

    path: Path
    book: Any
    sheets: tuple[str, ...]
    responses: str

    def records(self, sheet: str) -> Iterator[Record]:
        """(row number, cells as text) of every row up to the last filled one, all as wide as the widest of the first three,
        because a header row may be blank towards its end."""
        rows = self._trimmed(sheet)
        top = list(islice(rows, HEADER_ROWS))
        width = max((len(record) for _, record in top), default=0)
        pending: list[Record] = []
        for number, record in chain(top, rows):
            padded = [*record, *[""] * (width - len(record))]
            if not record:
                pending.append((number, padded))
                continue
            yield from pending
            pending.clear()
            yield number, padded

    def _trimmed(self, sheet: str) -> Iterator[Record]:
        for number, cells in _rows(self.path.name, self.book[sheet]):
            record = [cell_text(cell) for cell in cells]
            while record and not record[-1]:
                record.pop()
            yield number, record


def open_workbook(path: Path) -> Workbook:
    """Open ``path`` and choose the sheet of responses. Raises DeliveryError for damaged workbooks and those without cells."""
    try:
        book = load_workbook(path, read_only=True, data_only=True)
        sheets = book.worksheets
    except BROKEN as error:
        raise _damaged(path.name) from error
    filled = tuple(sheet.title for sheet in sheets if _has_cells(path.name, sheet))
    if not filled:
        raise DeliveryError(path.name, "is a workbook without a filled cell.", "Download the export again.")
    forms = [name for name in filled if name.lower().startswith(FORM_SHEETS)]
    return Workbook(path, book, filled, forms[0] if forms else filled[0])


def _rows(name: str, sheet: Any, last: int | None = None) -> Iterator[tuple[int, tuple[Any, ...]]]:
    try:
        yield from enumerate(sheet.iter_rows(values_only=True, max_row=last), start=1)
    except BROKEN as error:
        raise _damaged(name) from error


def _has_cells(name: str, sheet: Any) -> bool:
    sheet.reset_dimensions()
    return any(cell not in (None, "") for _, row in _rows(name, sheet, last=50) for cell in row)


def _damaged(name: str) -> DeliveryError:
    return DeliveryError(name, "is a damaged workbook.", "Open it in a spreadsheet program and save it again, or export CSV.")


def cell_text(value: Any) -> str:
    """One cell as text: ``""`` for blank, ``1`` for 1.0, ISO for dates and times, ``true``/``false``."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime):
        midnight = value.time() == time(0)
        return value.date().isoformat() if midnight else value.replace(microsecond=0).isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(value)
    return str(value)
