"""Qualtrics CSV, TSV or XLSX: three header rows of names, texts and import ids, or what is left of them (``qualtrics_header``).

Previews and tests are marked by Qualtrics in the column with import id ``status``, in the language of the export; they are no
responses and are refused, counted. Unfinished responses and consent stay for the contract.
"""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from panelpress.errors import DeliveryError
from panelpress.model.delivery import RawTable, Repair
from panelpress.raw.readers.assemble import assemble, refuse_rows
from panelpress.raw.readers.header import tidy
from panelpress.raw.readers.peek import Peek
from panelpress.raw.readers.qualtrics_header import LEGACY, NUMBERED, import_id, layout

PLATFORM = "qualtrics"
FORMATS = ("csv", "xlsx")
# Status as text and as number: 1 preview, 2 test, 9 test of the offline app's preview, 17 offline preview.
PREVIEWS = (
    "Survey Preview", "Survey Test", "Offline Survey Preview", "Umfragevorschau", "Vista previa de la encuesta",
    "Aperçu de l'enquête", "Aperçu de l’enquête", "Предварительный просмотр опроса", "1", "2", "9", "17",
)  # fmt: skip
PREVIEW_CHANNELS = ("preview", "test")
MARKS = (("status", PREVIEWS), ("distributionchannel", PREVIEW_CHANNELS))


def recognizes(peek: Peek) -> bool:
    return peek.is_table and layout(peek) is not None


def read(peek: Peek) -> RawTable:
    """Read the export; rows marked as preview or test are refused as ``survey_preview``. Raises DeliveryError where its header
    cannot be told."""
    found = layout(peek)
    if found is None:
        raise DeliveryError(peek.source.name, "has no header rows of Qualtrics.", "Export again, all three header rows kept.")
    grid = peek.grid(found.rows)
    names = list(grid.header[0])
    texts = grid.header[found.texts] if found.texts is not None else ()
    if found.legacy:
        pairs = zip(names, texts, strict=True)
        names = [text if NUMBERED.fullmatch(tidy(name)) and tidy(text) in LEGACY else name for name, text in pairs]
    table = assemble(PLATFORM, grid, names, texts)
    ids = [import_id(cell) for cell in grid.header[found.imports]] if found.imports is not None else names
    own = [tidy(each or "").lower() for each in ids]
    marked = pl.Series([False]).new_from_index(0, table.data.height)
    for wanted, values in MARKS:
        if wanted in own:
            marked = marked | table.data.to_series(own.index(wanted)).is_in(values).fill_null(False)
    table = refuse_rows(table, "survey_preview", marked, grid.lines)
    if found.rows == 3 or found.legacy:
        return table
    absent = [what for what, row in (("question texts", found.texts), ("import ids", found.imports)) if row is None]
    told = Repair("header_row_absent", f"header rows were deleted before delivery: {' and '.join(absent)}", repaired=False)
    return replace(table, repairs=(told, *table.repairs))
