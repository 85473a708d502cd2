"""What SPSS, Stata and SAS files share: pyreadstat reads them, and this module turns its arrays into text cells.

Dates are kept as the platform's numbers while reading and converted here, because a single date past the year 9999 makes
pyreadstat raise OverflowError for the whole file. Such a date stays a number, and is reported.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np
import polars as pl
import pyreadstat

from panelpress.errors import DeliveryError
from panelpress.model.delivery import RawColumn, RawTable, Repair
from panelpress.raw.readers.as_text import number_text
from panelpress.raw.readers.cells import clean_cells
from panelpress.raw.readers.peek import Peek

Arrays = Mapping[str, Any]
DAY = 86_400
LAST_SECOND = 253_402_300_799  # 9999-12-31T23:59:59 counted from 1970
FIRST_SECOND = -62_135_596_800  # 0001-01-01


@dataclass(frozen=True, slots=True)
class Clock:
    """How a platform counts time: the day that is zero, and the formats of dates (with days or seconds a unit) and times."""

    epoch: datetime
    date: re.Pattern[str]
    moment: re.Pattern[str]
    time: re.Pattern[str]
    date_unit: int
    moment_unit: float

    def kind(self, fmt: str | None) -> str | None:
        """``date``, ``datetime`` or ``time`` for a display format of the platform, None for plain numbers."""
        for kind, pattern in (("time", self.time), ("datetime", self.moment), ("date", self.date)):
            if fmt and pattern.match(fmt):
                return kind
        return None

    def text(self, values: pl.Series, kind: str) -> tuple[pl.Series, int]:
        """Platform numbers as ISO text, and how many lie outside the years 1 to 9999 and stay numbers."""
        unit = self.date_unit if kind == "date" else self.moment_unit
        seconds = values.cast(pl.Float64).fill_nan(None) * unit
        if kind == "time":
            return _clock_time(seconds), 0
        shifted = (seconds + (self.epoch - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds()).round()
        fits = shifted.is_between(FIRST_SECOND, LAST_SECOND)
        moments = (shifted.set(~fits.fill_null(False), None).cast(pl.Int64) * 1000).cast(pl.Datetime("ms"))
        iso = moments.dt.strftime("%Y-%m-%d" if kind == "date" else "%Y-%m-%dT%H:%M:%S")
        outside = int((~fits).sum())
        return (iso.zip_with(fits.fill_null(True), number_text(values)) if outside else iso), outside


def _clock_time(seconds: pl.Series) -> pl.Series:
    whole = seconds.floor().cast(pl.Int64)
    parts = pl.DataFrame({"h": whole // 3600, "m": whole // 60 % 60, "s": whole % 60})
    return parts.select(pl.format("{}:{}:{}", *(pl.col(each).cast(pl.String).str.zfill(2) for each in "hms"))).to_series()


def read_with(reader: Callable[..., tuple[Arrays, Any]], peek: Peek, **options: Any) -> tuple[Arrays, Any]:
    """Call a pyreadstat reader. Raises DeliveryError where it cannot read the file, or finds no rows."""
    name = peek.source.name
    if peek.source.encoding:
        options["encoding"] = peek.source.encoding
    try:
        arrays, meta = reader(str(peek.source.path), output_format="dict", disable_datetime_conversion=True, **options)
    except (pyreadstat.ReadstatError, pyreadstat.PyreadstatError, OSError, OverflowError, ValueError, UnicodeError) as error:
        raise DeliveryError(
            name,
            f"cannot be read as what it is marked as ({_reason(error)}).",
            "Open it in the program that wrote it and save it again, or ask for CSV.",
        ) from error
    if not arrays or not len(next(iter(arrays.values()))):
        raise DeliveryError(name, "holds variables and no responses.", "Check the filter of the export, then save it again.")
    return arrays, meta


def _reason(error: Exception) -> str:
    """The library's own words, which name formats and never cells."""
    return str(error).strip().rstrip(".") or type(error).__name__


def build(platform: str, peek: Peek, arrays: Arrays, meta: Any, clock: Clock, columns: Sequence[RawColumn]) -> RawTable:
    """Text cells and repairs for ``arrays``; ``columns`` (same order) already carry labels and missing codes."""
    repairs: list[Repair] = []
    series: list[pl.Series] = []
    typed: list[RawColumn] = []
    for column, (name, array) in zip(columns, arrays.items(), strict=True):
        kind = clock.kind(meta.original_variable_types.get(name))
        text, found = _column(array, kind, meta.readstat_variable_types.get(name, ""), clock)
        if found.outside:
            repairs.append(
                Repair(
                    "date_out_of_range",
                    "dates after the year 9999 or before the year 1 stay numbers",
                    found.outside,
                    column=name,
                    repaired=False,
                )
            )
        series.append(text.rename(name))
        typed.append(RawColumn(column.name, column.text, column.values, column.missing, column.missing_ranges, found.type))
    data, noticed = clean_cells(pl.DataFrame(series), tuple(arrays))
    return RawTable(
        platform,
        tuple(typed),
        data,
        meta.file_encoding.lower() if meta.file_encoding else None,
        data.height,
        {},
        (*repairs, *noticed),
        label=(meta.file_label or "").strip(),
    )


@dataclass(frozen=True, slots=True)
class _Found:
    type: str
    outside: int = 0


def _column(array: Any, kind: str | None, stored: str, clock: Clock) -> tuple[pl.Series, _Found]:
    if stored == "string":
        return pl.Series(array, dtype=pl.String), _Found("string")
    letters: dict[int, str] = {}
    array = np.asarray(array, dtype=object) if isinstance(array, list) else array
    if array.dtype == object:
        letters = {i: f".{value}" for i, value in enumerate(array) if isinstance(value, str)}
        array = np.array([np.nan if value is None or isinstance(value, str) else value for value in array], dtype=np.float64)
    values = pl.Series(array.astype(np.float32) if stored == "float" and kind is None else array)
    if kind is not None:
        text, outside = clock.text(values, kind)
        found = _Found(kind, outside)
    else:
        text = number_text(values)
        found = _Found("integer" if not text.str.contains(r"[.eE]").any() else "number")
    if letters:
        text = text.scatter(list(letters), list(letters.values()))
    return text, found


def code_text(code: Any) -> str:
    """One code of a value label as the text that a cell holds."""
    if isinstance(code, float):
        return str(int(code)) if code.is_integer() and abs(code) < 1e15 else repr(code)
    return str(code)
