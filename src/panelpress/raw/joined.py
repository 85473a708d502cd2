"""Finds columns in which one cell holds several chosen answers: ``Radio, Press``.

A separator is believed where the pieces between it are few, repeat, and mostly also occur alone; then ``Yes, definitely`` is one
answer and no list. A separator in brackets, ``Networks (VK, OK)``, is part of its answer. Pieces that too few people gave are
counted and not named.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import polars as pl

SEPARATORS = (", ", "; ", ",", ";", "|", " ")
MOST_OPTIONS = 40
MOST_LISTS = 5000  # different combinations; people who tick boxes do not make more
COVERED = 0.95
ALONE = 0.5
FEWEST_LISTS = 0.05


@dataclass(frozen=True, slots=True)
class Joined:
    """How the answers of a multiple-choice question stand in one column."""

    separator: str
    options: tuple[str, ...]
    n_rare: int


def find_joined(counts: pl.DataFrame, fewest: int) -> Joined | None:
    """The separator and options of a column of joined answers, None where it is none. ``counts`` has its different values, and
    in ``n`` how many rows hold each; pieces in at least ``fewest`` rows are named."""
    if counts.height > MOST_LISTS:
        return None
    for separator in SEPARATORS:
        found = _with(separator, counts, fewest)
        if found is not None:
            return found
    return None


def _with(separator: str, counts: pl.DataFrame, fewest: int) -> Joined | None:
    value = pl.col(counts.columns[0])
    total = int(counts["n"].sum() or 0)
    lists = counts.filter(value.str.contains(separator, literal=True))
    if not total or int(lists["n"].sum() or 0) < FEWEST_LISTS * total or lists.height < 2:
        return None
    if separator == "," and not lists.select(value.str.contains(r"[^\d,]|,\d+,").any()).item():
        return None  # 1,5 is a number with a decimal comma
    split = counts.with_columns(_split(counts.to_series(0), separator).alias("piece")).explode("piece")
    pieces = split.group_by("piece").agg(pl.col("n").sum())
    frequent = pieces.filter((pl.col("n") >= fewest) & (pl.col("piece").str.len_chars() > 0))
    if not 2 <= frequent.height <= MOST_OPTIONS or int(frequent["n"].sum() or 0) < COVERED * int(pieces["n"].sum() or 0):
        return None
    alone = frequent.filter(pl.col("piece").is_in(counts.to_series(0).to_list())).height
    if alone < ALONE * frequent.height or frequent.height > counts.height:
        return None
    options = tuple(frequent.sort(["n", "piece"], descending=[True, False])["piece"].to_list())
    return Joined(separator, options, pieces.height - frequent.height)


def _split(values: pl.Series, separator: str) -> pl.Series:
    """The pieces of each value; a separator in brackets does not separate."""
    if not values.str.contains("(", literal=True).any():
        return values.str.split(separator)
    outside = re.compile(re.escape(separator) + r"(?![^()]*\))")
    return pl.Series([outside.split(value) for value in values], dtype=pl.List(pl.String))
