"""Typed columns (numbers, dates, times) as the text that a raw cell holds: ``1`` for 1.0, ISO for dates, NULL for missing."""

from __future__ import annotations

import polars as pl

from panelpress.errors import DeliveryError

# Beyond 2**53 a double is no longer an exact whole number.
EXACT = 2**53


def number_text(values: pl.Series) -> pl.Series:
    """A numeric column as text. NaN becomes NULL, whole numbers lose ``.0``, others keep their shortest exact form."""
    if values.dtype.is_integer():
        return values.cast(pl.String)
    filled = values.fill_nan(None)
    whole = filled.is_null() | ((filled == filled.floor()) & (filled.abs() < EXACT))
    if whole.all():
        return filled.cast(pl.Int64).cast(pl.String)
    text = filled.cast(pl.String)
    return text.zip_with(~whole.fill_null(False) | filled.is_null(), text.str.strip_suffix(".0"))


def column_text(name: str, values: pl.Series, where: str) -> pl.Series:
    """Any flat column as text. Raises DeliveryError for nested columns, which no cell can hold."""
    kind = values.dtype
    if kind == pl.String:
        return values.set(values.str.len_bytes() == 0, None)
    if kind == pl.Boolean:
        return values.replace_strict({True: "true", False: "false"}, return_dtype=pl.String)
    if kind.is_numeric():
        return values.cast(pl.String) if kind.is_decimal() else number_text(values)
    if kind == pl.Date:
        return values.dt.strftime("%Y-%m-%d")
    if isinstance(kind, pl.Datetime):
        return values.dt.strftime("%Y-%m-%dT%H:%M:%S%:z" if kind.time_zone else "%Y-%m-%dT%H:%M:%S")
    if kind == pl.Time:
        return values.dt.strftime("%H:%M:%S")
    if isinstance(kind, pl.Categorical | pl.Enum):
        return values.cast(pl.String)
    if kind == pl.Null:
        return values.cast(pl.String)
    raise DeliveryError(
        where, f"the column {name!r} holds {kind}, not one value a row.", "Write it as text or as several columns."
    )
