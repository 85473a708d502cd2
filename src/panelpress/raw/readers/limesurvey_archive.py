"""LimeSurvey archive (.lsa): a zip with the structure (.lss) and the responses (.lsr, XML) of one survey.

Columns are called by question codes, as in the CSV export; answers are codes, with their labels from the structure.
"""

from __future__ import annotations

import zipfile
from typing import Any

import polars as pl

from panelpress.errors import DeliveryError
from panelpress.model.delivery import RawColumn, RawTable
from panelpress.raw.readers.archive import member_bytes
from panelpress.raw.readers.cells import clean_cells
from panelpress.raw.readers.header import column_names
from panelpress.raw.readers.limesurvey_structure import Structure, parse_xml, read_structure
from panelpress.raw.readers.peek import Peek

PLATFORM = "limesurvey"
FORMATS = ("lsa",)


def recognizes(peek: Peek) -> bool:
    return peek.source.kind in ("lsa", "lss")


def read(peek: Peek) -> RawTable:
    """Read the responses of the archive. Raises DeliveryError where it holds none, or parts of it are broken."""
    name = peek.source.name
    if peek.source.kind == "lss":
        raise DeliveryError(name, "is the structure of a survey, without responses.", "Give it beside the CSV of responses.")
    with zipfile.ZipFile(peek.source.path) as archive:
        structure = read_structure(name, member_bytes(name, archive, _only(name, archive, ".lss")))
        root = parse_xml(name, member_bytes(name, archive, _only(name, archive, ".lsr")))
    fields = [(field.text or "").strip() for field in root.findall("responses/fields/fieldname")]
    rows = [_row(row) for row in root.findall("responses/rows/row")]
    if not rows:
        raise DeliveryError(name, "holds a survey and no responses.", "Export the archive again after responses came in.")
    return _table(structure, fields or list(dict.fromkeys(key for row in rows for key in row)), rows)


def _only(name: str, archive: zipfile.ZipFile, ending: str) -> str:
    found = [each for each in archive.namelist() if each.endswith(ending)]
    responses = [each for each in found if each.endswith("_responses.lsr")] or found
    if len(responses) != 1:
        raise DeliveryError(name, f"holds {len(responses)} files {ending} where one is expected.", "Export the archive again.")
    return responses[0]


def _row(row: Any) -> dict[str, str]:
    return {cell.tag: cell.text or "" for cell in row}


def _table(structure: Structure, fields: list[str], rows: list[dict[str, str]]) -> RawTable:
    names, repairs = column_names([structure.fields.get(field.lstrip("_"), field) for field in fields])
    body = pl.DataFrame([pl.Series(str(i), [row.get(field) for row in rows], dtype=pl.String) for i, field in enumerate(fields)])
    data, noticed = clean_cells(body, names)
    columns = tuple(RawColumn(name, structure.texts.get(name, name), structure.labels.get(name, {})) for name in names)
    return RawTable(PLATFORM, columns, data, "utf-8", data.height, {}, (*repairs, *noticed), label=structure.title)
