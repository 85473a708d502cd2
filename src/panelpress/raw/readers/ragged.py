"""Records with too many or too few fields: mended where only one reading is possible, else refused by reason.

Mended: blank extra fields at the end, and one number written with an unquoted decimal comma, where exactly one column that holds
fractions in other records can take it, every other number staying in its column. A cut-off record is never filled up.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl

from panelpress.model.delivery import Repair

REASONS = {
    "blank_row": "every cell is blank",
    "repeated_header": "a header row is repeated in place of a record",
    "too_few_fields": "too few fields",
    "too_many_fields": "too many fields, perhaps an unquoted comma inside a cell",
    "summary_row": "totals below the responses",
    "other_event": "of another event than the one asked for",
    "survey_preview": "a preview or test of the questionnaire, marked so by the platform",
}
WHOLE = re.compile(r"-?\d{1,9}")
FRACTION = re.compile(r"\d{1,6}")
INTEGER = r"^\s*-?\d+\s*$"
NUMBER = r"^\s*-?\d+([.,]\d+)?\s*$"


@dataclass(slots=True)
class Ragged:
    """Records whose number of fields is not ``width``, with their lines."""

    width: int
    rows: list[tuple[int, list[str]]] = field(default_factory=list)

    def add(self, line: int, record: list[str]) -> None:
        self.rows.append((line, record))


@dataclass(frozen=True, slots=True)
class Mended:
    """The body with mended records in their places, and the lines of those refused."""

    frame: pl.DataFrame
    lines: tuple[int, ...]
    refused: Mapping[str, list[int]]
    repairs: tuple[Repair, ...]


def mend(ragged: Ragged, frame: pl.DataFrame, lines: tuple[int, ...]) -> Mended:
    """Put records of ``ragged`` into ``frame`` (at ``lines``) where it is certain how."""
    numeric = _numeric_columns(frame)
    mended: list[tuple[int, list[str]]] = []
    refused: dict[str, list[int]] = {}
    trimmed, joined = [], []
    for line, record in ragged.rows:
        if len(record) > ragged.width and not any(cell.strip() for cell in record[ragged.width :]):
            mended.append((line, record[: ragged.width]))
            trimmed.append(line)
        elif (whole := _joined(record, ragged.width, numeric)) is not None:
            mended.append((line, whole))
            joined.append(line)
        else:
            refused.setdefault("too_few_fields" if len(record) < ragged.width else "too_many_fields", []).append(line)
    repairs = []
    if trimmed:
        repairs.append(
            Repair(
                "trailing_delimiter",
                "records ended with delimiters too many; the blank fields were left out",
                len(trimmed),
                trimmed[0],
            )
        )
    if joined:
        repairs.append(
            Repair(
                "decimal_comma_unquoted",
                "a decimal comma without quotation marks split a number; it was joined again",
                len(joined),
                joined[0],
            )
        )
    if not mended:
        return Mended(frame, lines, refused, tuple(repairs))
    added = pl.DataFrame([row for _, row in mended], schema=dict.fromkeys(frame.columns, pl.String), orient="row")
    order = pl.Series("order", [*lines, *(line for line, _ in mended)])
    whole_frame = pl.concat([frame, added]).with_columns(order).sort("order")
    return Mended(whole_frame.drop("order"), tuple(whole_frame["order"].to_list()), refused, tuple(repairs))


def _numeric_columns(frame: pl.DataFrame) -> dict[int, bool]:
    """Positions of the columns in which every filled cell is a number, and whether some of them have a fraction."""
    found: dict[int, bool] = {}
    for position, column in enumerate(frame.iter_columns()):
        values = column.unique()
        filled = values.filter(values.str.len_bytes() > 0)
        if len(filled) and filled.str.contains(NUMBER).all():
            found[position] = bool(filled.str.contains("[.,]").any())
    return found


def _joined(record: list[str], width: int, numeric: Mapping[int, bool]) -> list[str] | None:
    """The record with one split decimal joined, where exactly one column of fractions can take it."""
    if len(record) != width + 1:
        return None
    readings = []
    for i, fractions in numeric.items():
        if fractions and WHOLE.fullmatch(record[i]) and FRACTION.fullmatch(record[i + 1]):
            candidate = [*record[:i], f"{record[i]}.{record[i + 1]}", *record[i + 2 :]]
            if all(re.match(NUMBER if numeric[at] else INTEGER, candidate[at]) for at in numeric if candidate[at].strip()):
                readings.append(candidate)
    return readings[0] if len(readings) == 1 else None
