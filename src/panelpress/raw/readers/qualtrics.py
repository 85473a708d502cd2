"""Qualtrics CSV or TSV: three header rows. First names, second question texts in the language of the export, third import ids.

    StartDate,Status,Finished,Q1
    Anfangsdatum,Antworttyp,Beendet,Sind Sie ...?
    "{""ImportId"":""startDate""}","{""ImportId"":""status""}","{""ImportId"":""finished""}","{""ImportId"":""QID1""}"

The third row is the same in every language, so it alone decides. Previews and tests are marked by Qualtrics in the column with
import id ``status``; they are no responses and are refused, counted. Unfinished responses and consent stay for the contract.
"""

from __future__ import annotations

import json

import polars as pl

from panelpress.model.delivery import RawTable
from panelpress.raw.readers.assemble import assemble, refuse_rows
from panelpress.raw.readers.peek import Peek

PLATFORM = "qualtrics"
FORMATS = ("csv", "xlsx")
HEADER_ROWS = 3
# Status as text and as number: 1 preview, 2 test, 9 test of the offline app's preview, 17 offline preview.
PREVIEWS = ("Survey Preview", "Survey Test", "Offline Survey Preview", "1", "2", "9", "17")
PREVIEW_CHANNELS = ("preview", "test")


def recognizes(peek: Peek) -> bool:
    return len(peek.records) >= HEADER_ROWS and is_import_row(peek.records[HEADER_ROWS - 1])


def is_import_row(cells: tuple[str, ...]) -> bool:
    """True where every filled cell is a JSON object with ``ImportId``."""
    filled = [cell for cell in cells if cell.strip()]
    return bool(filled) and all(import_id(cell) is not None for cell in filled)


def import_id(cell: str) -> str | None:
    """The ``ImportId`` that a cell of the third row holds, None where it is no such cell."""
    if not cell.lstrip().startswith("{"):
        return None
    try:
        found = json.loads(cell)
    except json.JSONDecodeError:
        return None
    value = found.get("ImportId")
    return value if isinstance(value, str) else None


def read(peek: Peek) -> RawTable:
    """Read the export; rows marked as preview or test are refused as ``survey_preview``."""
    grid = peek.grid(HEADER_ROWS)
    names, texts, imports = grid.header
    table = assemble(PLATFORM, grid, names, texts)
    ids = [import_id(cell) for cell in imports]
    marked = pl.Series([False]).new_from_index(0, table.data.height)
    for wanted, values in (("status", PREVIEWS), ("distributionChannel", PREVIEW_CHANNELS)):
        if wanted in ids:
            marked = marked | table.data.to_series(ids.index(wanted)).is_in(values).fill_null(False)
    return refuse_rows(table, "survey_preview", marked, grid.lines)
