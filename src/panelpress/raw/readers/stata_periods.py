"""Stata's dates that are no days: months, quarters, half-years and weeks, stored as numbers counted from 1960.

    %tm 760 -> 2023-05    %tq 252 -> 2023-Q1    %th 126 -> 2023-H1    %tw 3276 -> 2023-W01

Stata's 52nd week has eight days or nine: its weeks are not those of ISO 8601. A year (``%ty``) is a number and stays one.
Source: Stata 18 User's Guide, section 25 (Working with dates and times).
"""

from __future__ import annotations

import re
from dataclasses import replace

import polars as pl

from panelpress.model.delivery import RawTable

FORMAT = re.compile(r"%-?t([mqhw])")
PER_YEAR = {"m": 12, "q": 4, "h": 2, "w": 52}
EPOCH = 1960


def with_periods(table: RawTable, formats: dict[str, str]) -> RawTable:
    """``table`` with the columns of a period format written out; ``formats`` holds Stata's display formats by column."""
    kinds = {name: found.group(1) for name, fmt in formats.items() if (found := FORMAT.match(fmt or ""))}
    if not kinds:
        return table
    data = table.data.with_columns(_written(pl.col(name), kind).alias(name) for name, kind in kinds.items())
    columns = tuple(replace(each, type="string") if each.name in kinds else each for each in table.columns)
    return replace(table, data=data, columns=columns)


def _written(cells: pl.Expr, kind: str) -> pl.Expr:
    """Periods as text; what is no whole number (an extended missing value) stays."""
    number = cells.cast(pl.Int64, strict=False)
    year = (EPOCH + number // PER_YEAR[kind]).cast(pl.String).str.zfill(4)
    place = (number % PER_YEAR[kind] + 1).cast(pl.String)
    sign = {"m": "-", "q": "-Q", "h": "-H", "w": "-W"}[kind]
    wide = 2 if kind in "mw" else 1
    return pl.coalesce(pl.concat_str(year, pl.lit(sign), place.str.zfill(wide)), cells)
