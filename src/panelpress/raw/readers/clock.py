"""Dates and times of statistics programs, which are numbers counted from a day of their own, as ISO text.

A number outside the years 1 to 9999 has no ISO date; it stays a number, and the caller reports it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime

import polars as pl

from panelpress.raw.readers.as_text import number_text

LAST_SECOND = 253_402_300_799  # 9999-12-31T23:59:59 counted from 1970
FIRST_SECOND = -62_135_596_800  # 0001-01-01T00:00:00


@dataclass(frozen=True, slots=True)
class Clock:
    """How a program counts time: the moment that is zero, its display formats of dates, moments and times of day, and how many
    seconds one unit of a date and of the others is."""

    epoch: datetime
    date: re.Pattern[str]
    moment: re.Pattern[str]
    time: re.Pattern[str]
    date_unit: int
    moment_unit: float

    def kind(self, fmt: str | None) -> str | None:
        """``date``, ``datetime`` or ``time`` for a display format of the program, None for plain numbers."""
        for kind, pattern in (("time", self.time), ("datetime", self.moment), ("date", self.date)):
            if fmt and pattern.match(fmt):
                return kind
        return None

    def text(self, values: pl.Series, kind: str) -> tuple[pl.Series, int]:
        """Numbers as ISO text, and how many have none and stay numbers. Fractions of a second are kept where there are any."""
        unit = self.date_unit if kind == "date" else self.moment_unit
        seconds = values.cast(pl.Float64).fill_nan(None) * unit
        if kind == "time":
            return _time_of_day(seconds), 0
        since_1970 = seconds + (self.epoch - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds()
        fits = since_1970.is_between(FIRST_SECOND, LAST_SECOND)
        moments = (since_1970.set(~fits.fill_null(False), None) * 1000).round().cast(pl.Int64).cast(pl.Datetime("ms"))
        seconds_format = "%H:%M:%S%.3f" if (moments.dt.millisecond() > 0).any() else "%H:%M:%S"
        iso = moments.dt.strftime("%Y-%m-%d" if kind == "date" else f"%Y-%m-%dT{seconds_format}")
        outside = int((~fits).sum())
        return (iso.zip_with(fits.fill_null(True), number_text(values)) if outside else iso), outside


def _time_of_day(seconds: pl.Series) -> pl.Series:
    """``HH:MM:SS``, with thousandths where there are any and a sign where a duration is negative."""
    thousandths = (seconds.abs() * 1000).round().cast(pl.Int64)
    whole = thousandths // 1000
    parts = pl.DataFrame({"h": whole // 3600, "m": whole // 60 % 60, "s": whole % 60, "f": thousandths % 1000})
    shown = parts.select(pl.format("{}:{}:{}", *(pl.col(each).cast(pl.String).str.zfill(2) for each in "hms"))).to_series()
    if (parts["f"] > 0).any():
        shown = shown + "." + parts["f"].cast(pl.String).str.zfill(3)
    signed = pl.DataFrame({"negative": seconds < 0, "shown": shown})
    return signed.select(pl.when("negative").then("-" + pl.col("shown")).otherwise("shown")).to_series()
