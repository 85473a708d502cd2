"""What is wrong inside the cells of a read table: mended where certain, else only reported. Counts and column names, no values.

Works on the distinct values of each column, because 50,000 answers to a closed question have six of them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import polars as pl

from panelpress.model.delivery import Repair
from panelpress.raw.readers.suspicions import SUSPICIONS

INVISIBLE = "[\u200b\u2060\ufeff]"
ESCAPE = r"<U\+([0-9A-Fa-f]{4,6})>"
ZERO_DATE = r"^0000-00-00( 00:00:00)?$"
FLOAT_CODE = r"^-?\d{1,15}\.0$"


@dataclass(slots=True)
class Tally:
    """How many cells of how many columns one kind of repair touched."""

    cells: int = 0
    columns: list[str] = field(default_factory=list)

    def count(self, column: str, cells: int) -> None:
        self.cells += cells
        self.columns.append(column)


def _mend_invisible(values: pl.Series) -> pl.Series:
    return values.str.replace_all(INVISIBLE, "")


def _mend_escapes(values: pl.Series) -> pl.Series:
    pieces = values.str.extract_all(ESCAPE).explode().drop_nulls().unique().to_list()
    for piece in pieces:
        code = int(piece[3:-1], 16)
        if code < 0x110000 and not 0xD800 <= code < 0xE000:
            values = values.str.replace_all(piece, chr(code), literal=True)
    return values


def _mend_zero_dates(values: pl.Series) -> pl.Series:
    return values.set(values.str.contains(ZERO_DATE), None)


# code, pattern that finds it in any cell, what to do, what to say
CELL_REPAIRS: tuple[tuple[str, str, Callable[[pl.Series], pl.Series], str], ...] = (
    ("invisible_character", INVISIBLE, _mend_invisible, "cells held invisible characters (U+FEFF and the like), now removed"),
    ("unicode_escape", ESCAPE, _mend_escapes, "cells held escapes such as <U+043E> in place of letters, now letters"),
    ("zero_date", ZERO_DATE, _mend_zero_dates, "cells held the date 0000-00-00, now blank"),
)


def clean_cells(body: pl.DataFrame, names: tuple[str, ...]) -> tuple[pl.DataFrame, tuple[Repair, ...]]:
    """``body`` with columns called ``names``, blank cells NULL and certain repairs made; and everything that was noticed."""
    tallies = {code: Tally() for code, *_ in CELL_REPAIRS} | {"whitespace_cell": Tally(), "float_code": Tally()}
    notices: list[Repair] = []
    columns: list[pl.Series] = []
    for name, column in zip(names, body.iter_columns(), strict=True):
        cleaned = _clean(name, column.rename(name), tallies)
        columns.append(cleaned)
        distinct = cleaned.unique().drop_nulls()
        notices.extend(
            Repair(each.code, each.message, n, column=name, repaired=False)
            for each in SUSPICIONS
            if (n := each.count(distinct, cleaned))
        )
    messages = {code: message for code, _, _, message in CELL_REPAIRS}
    messages["whitespace_cell"] = "cells held nothing but blanks and count as blank"
    messages["float_code"] = "whole numbers were written with .0 in every cell of a column; the .0 was removed"
    told = [
        Repair(code, f"{messages[code]} (in {len(tally.columns)} columns)", tally.cells, column=tally.columns[0])
        for code, tally in tallies.items()
        if tally.cells
    ]
    return pl.DataFrame(columns), (*told, *notices)


def _clean(name: str, column: pl.Series, tallies: dict[str, Tally]) -> pl.Series:
    distinct = column.unique()
    for code, pattern, mend, _ in CELL_REPAIRS:
        if distinct.str.contains(pattern).any():
            tallies[code].count(name, int(column.str.contains(pattern).sum()))
            column = mend(column)
            distinct = column.unique()
    blank = distinct.str.strip_chars().str.len_bytes() == 0
    if blank.any():
        is_blank = column.str.strip_chars().str.len_bytes() == 0
        only_white = int((is_blank & (column.str.len_bytes() > 0)).sum())
        if only_white:
            tallies["whitespace_cell"].count(name, only_white)
        column = column.set(is_blank, None)
    filled = distinct.filter(~blank.fill_null(True))
    if len(filled) and filled.str.contains(FLOAT_CODE).all():
        tallies["float_code"].count(name, column.len() - column.null_count())
        column = column.str.strip_suffix(".0")
    return column
