"""The header rows of a Qualtrics export: which are there, told by their content, so that an edited or old export is read too.

    StartDate,Status,Finished,Q1                                     names
    Anfangsdatum,Antworttyp,Beendet,Sind Sie ...?                    question texts, in the language of the export
    "{""ImportId"":""startDate""}",...                               import ids, the same in every language

Until 2017 the platform wrote two rows, called its own columns V1 to V10 and gave their names in the second. Where somebody
deleted texts or import ids, the names of the platform's own columns and the dates below them tell what is left. Anything else
is no header that can be told with certainty.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

from panelpress.raw.readers.header import tidy
from panelpress.raw.readers.peek import Peek

OWN = frozenset({"StartDate", "EndDate", "Status", "Finished", "RecordedDate", "ResponseId", "ResponseID", "DistributionChannel"})
ONLY_HERE = frozenset({"RecordedDate", "ResponseId", "ResponseID", "DistributionChannel"})
DATED = ("StartDate", "EndDate", "RecordedDate")
LEGACY = frozenset(
    {"ResponseID", "ResponseSet", "Name", "ExternalDataReference", "EmailAddress", "IPAddress", "Status", "StartDate", "EndDate",
     "Finished"}
)  # fmt: skip
NUMBERED = re.compile(r"V\d+")
DATE_LIKE = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}.*")


@dataclass(frozen=True, slots=True)
class Layout:
    """How many header rows there are, and which of them (from 0) holds the texts and the import ids; None where it is absent."""

    rows: int
    texts: int | None
    imports: int | None
    legacy: bool = False


def layout(peek: Peek) -> Layout | None:
    """The header of a Qualtrics export, None where the file is none or its header cannot be told."""
    rows = peek.records
    if len(rows) >= 3 and is_import_row(rows[2]):
        return Layout(3, 1, 2)
    if len(rows) < 2:
        return None
    names = [tidy(cell) for cell in rows[0]]
    if is_legacy(peek):
        return Layout(2, 1, None, legacy=True)
    if len(OWN & set(names)) < 3 or not ONLY_HERE & set(names):
        return None
    if is_import_row(rows[1]):
        return Layout(2, None, 1)
    dated = [i for i, name in enumerate(names) if name in DATED]
    if dated and _are_dates(peek, dated, 1):
        return Layout(1, None, None)
    if dated and _are_dates(peek, dated, 2) and not any(DATE_LIKE.fullmatch(rows[1][i].strip()) for i in dated):
        return Layout(2, 1, None)
    return None


def is_legacy(peek: Peek) -> bool:
    """True for an export of the old form: columns V1, V2 ... whose names stand in the second row."""
    if len(peek.records) < 2:
        return False
    pairs = zip(peek.records[0], peek.records[1], strict=False)
    return sum(bool(NUMBERED.fullmatch(tidy(above))) and tidy(below) in LEGACY for above, below in pairs) >= 3


def _are_dates(peek: Peek, columns: list[int], header_rows: int) -> bool:
    """Whether every response has a date in ``columns`` if that many rows are header."""
    cells = [cell for i in columns for cell in peek.values(i, header_rows)]
    return bool(cells) and all(DATE_LIKE.fullmatch(cell) for cell in cells)


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
