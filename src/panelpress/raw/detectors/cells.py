"""The cells that detectors look at: every different value of every column once, with how often it stands there.

A survey of 400 columns repeats few values many times, so that each pattern runs over thousands of texts instead of millions of
cells. Declared codes are left out: what the questionnaire offered is nobody's phone number. So are values of three characters
and less.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from panelpress.model.delivery import Contract, RawTable

SHORTEST = 4
# A number with a fraction: measured or computed, and neither a telephone nor a document.
DECIMAL = r"^-?[0-9]*[.,][0-9]+(?:[eE][+-]?[0-9]+)?$"
_SCHEMA = {"column": pl.String, "value": pl.String, "n": pl.UInt32}


@dataclass(frozen=True, slots=True)
class ColumnFacts:
    """``filled``: cells that are not blank. ``undeclared``: different values that are no declared code. ``title``: name and
    question, in small letters. ``bounded``: declared a number with a least and a largest value."""

    name: str
    filled: int
    undeclared: int
    title: str
    bounded: bool


@dataclass(frozen=True, slots=True)
class Cells:
    """``values`` has a row for each different value of each column: column, value, n (cells), digits (how many), ``lettered`` and
    ``at`` (whether it holds a letter, an @). ``facts`` describes the columns, ``data`` is the delivery itself, row by row."""

    values: pl.DataFrame
    facts: Mapping[str, ColumnFacts]
    data: pl.DataFrame


def gather(raw: RawTable, contract: Contract | None = None) -> Cells:
    """The cells of ``raw``; with a contract, codes that it declares are left out."""
    declared = {each.name: each for each in contract.columns} if contract else {}
    facts: dict[str, ColumnFacts] = {}
    parts = [pl.DataFrame(schema=_SCHEMA)]
    for column in raw.columns:
        about = declared.get(column.name)
        codes = {*column.values, *column.missing, *(about.values if about else ())}
        cells = raw.data.get_column(column.name).cast(pl.String).drop_nulls().alias("value")
        values = cells.value_counts(name="n")
        if codes:
            values = values.filter(~pl.col("value").is_in(list(codes)))
        question = list(about.text.by_language.values()) if about else []
        facts[column.name] = ColumnFacts(
            name=column.name,
            filled=cells.len(),
            undeclared=values.height,
            title=_title(column.name, column.text, *question),
            bounded=about is not None and about.type in ("integer", "number") and None not in (about.minimum, about.maximum),
        )
        values = values.filter(pl.col("value").str.len_chars() >= SHORTEST)
        if values.height:
            parts.append(values.select(pl.lit(column.name).alias("column"), "value", pl.col("n").cast(pl.UInt32)))
    frame = pl.concat(parts).with_columns(
        digits=pl.col("value").str.count_matches(r"[0-9]"),
        lettered=pl.col("value").str.contains(r"\p{L}"),
        at=pl.col("value").str.contains("@", literal=True),
    )
    return Cells(frame, facts, raw.data)


def _title(*texts: str) -> str:
    """Small letters, with a blank between the words of a name like ``LocationLatitude``."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", " ".join(texts)).casefold()
