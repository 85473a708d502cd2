"""Telephone numbers, after the numbering plans of ``phonenumbers`` (Google's libphonenumber).

The plans are turned into patterns and run over all values at once, because the library itself reads about a thousand texts a
second. A number in international form is certain in any column. A number in national form depends on the country: it is held
against the plan of the respondent's own country where the contract names a country column, else, if it is written like a
telephone number, against the countries of the locale packs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache

import phonenumbers
import polars as pl
from phonenumbers import PhoneMetadata

from panelpress.raw.detectors.cells import DECIMAL, Cells
from panelpress.raw.detectors.locale import Locales
from panelpress.raw.detectors.weigh import ALL_BUT_EMPTY, Hit, weigh_bare

_CANDIDATE = r"(?:\+|\b00|\()?\s?[0-9][0-9\s().\-–/]{5,20}[0-9]"
# Days as they are written in Europe and in America, where the month comes first; times of day.
_DAY = r"[0-9]{4}[-/][01][0-9][-/][0-3][0-9]|\b[0-3]?[0-9][./-][0-3]?[0-9][./-][0-9]{4}\b"
_DATE = rf"{_DAY}|[0-2]?[0-9]:[0-5][0-9](?::[0-9.]+)?"
# Dates, times, network addresses and versions of programs: digits with separators, but nobody to call.
_BARE_DATE = r"^\s*(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])(?:[0-2][0-9][0-5][0-9](?:[0-5][0-9])?)?\s*$"
_OCTET = r"(?:25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])"
# From 10000 to 20000 is a band of income.
_BAND = r"\b[0-9]{1,6}(?:00|01)\s?[-–]\s?[0-9]{1,6}(?:00|99)\b"
_NO_PHONE = rf"{_BAND}|{_DATE}|{_BARE_DATE}|\b(?:{_OCTET}\.){{3}}{_OCTET}\b|[A-Za-z]/[0-9.]+"
_KINDS = ("mobile", "fixed_line")
# How most countries without a locale pack write a number at home: in groups, the first of which begins with a zero.
_TRUNK_ZERO = r"^0[1-9][0-9]{7,10}$"
# As many digits as a number without its country has; alone in a column, they are somebody's.
_LOST = r"^[0-9]{9,12}$"
_FEWEST, _MOST = 7, 40
# Share of different values with letters in a column of words.
_WORDS = 0.9


@cache
def international_pattern() -> str:
    """``+`` or ``00``, a calling code that exists, and 7 to 12 digits, separators taken out before."""
    codes = sorted(map(str, phonenumbers.COUNTRY_CODE_TO_REGION_CODE), key=len, reverse=True)
    return rf"^(?:\+|00)(?:{'|'.join(codes)})[0-9]{{7,12}}$"


@cache
def national_pattern(region: str, kinds: tuple[str, ...] = _KINDS) -> str | None:
    """A number of ``region`` as people there write it, separators taken out, with or without the national prefix."""
    plan = PhoneMetadata.metadata_for_region(region)
    if plan is None:
        return None
    described = (getattr(plan, kind) for kind in kinds)
    numbers = [each.national_number_pattern for each in described if each is not None and each.national_number_pattern]
    prefixes = [re.escape(each) for each in (plan.national_prefix, str(plan.country_code)) if each]
    return rf"^(?:{'|'.join(prefixes)})?(?:{'|'.join(numbers)})$" if numbers else None


def phones(cells: Cells, locales: Locales, regions: Mapping[str, pl.Series]) -> Iterator[Hit]:
    """Hits of telephone numbers. ``regions`` holds, under ``row``, the ISO 3166 region of each row of ``cells.data``; empty
    where no country is known."""
    in_range = cells.values.filter(pl.col("digits").is_between(_FEWEST, _MOST) & ~pl.col("value").str.contains(DECIMAL))
    texts = in_range.with_columns(written=pl.col("value").str.replace_all(_NO_PHONE, "|").str.extract_all(_CANDIDATE))
    numbers = texts.explode("written").drop_nulls("written")
    if numbers.height == 0:
        return
    numbers = numbers.with_columns(
        plain=pl.col("written").str.replace_all(r"[^0-9+]", ""),
        formatted=pl.col("written").str.strip_chars().str.contains(r"[0-9)][\s().\-–/]+[0-9(]"),
    )
    abroad = numbers.filter(pl.col("plain").str.contains(international_pattern()))
    yield from _hits(abroad)
    seen = abroad.select("column", "value")
    rest = numbers.join(seen, on=["column", "value"], how="anti") if seen.height else numbers
    yield from _national(cells, locales, regions.get("row"), rest)


def _national(cells: Cells, locales: Locales, row_regions: pl.Series | None, rest: pl.DataFrame) -> Iterator[Hit]:
    words = locales.words_for("phone_words")
    for (column,), part in rest.group_by("column", maintain_order=True):
        name = str(column)
        at_home = _of_own_country(cells, name, part, row_regions) if row_regions is not None else part.clear()
        home = "|".join(pattern for region in locales.regions if (pattern := national_pattern(region)))
        grouped = part.filter(pl.col("formatted") & ~pl.col("plain").str.contains("^[+]"))
        written = grouped.filter(pl.col("plain").str.contains(home) | pl.col("plain").str.contains(_TRUNK_ZERO))
        alone = row_regions is None and (cells.facts[name].undeclared <= ALL_BUT_EMPTY or _among_words(cells, name, part))
        lost = part.filter(pl.col("plain").str.contains(_LOST) & alone)
        likely = pl.concat([at_home.filter("formatted"), written, lost]).unique("value")
        bare = at_home.filter(~pl.col("formatted")).join(likely.select("value"), on="value", how="anti").unique("value")
        if likely.height:
            yield Hit(name, "phone", "likely", int(likely["n"].sum()), likely.height)
        if bare.height:
            strength = weigh_bare(cells.facts[name], bare.height, int(bare["plain"].str.ends_with("00").sum()), words)
            yield Hit(name, "phone", strength, int(bare["n"].sum()), bare.height)


def _among_words(cells: Cells, column: str, part: pl.DataFrame) -> bool:
    """Whether the few numbers of ``part`` stand in a column of words: no measure then, but slips of somebody's pen."""
    if part.height > ALL_BUT_EMPTY:
        return False
    lettered = cells.values.filter(pl.col("column") == column)["lettered"]
    return bool(lettered.sum() >= _WORDS * len(lettered))


def _of_own_country(cells: Cells, column: str, part: pl.DataFrame, row_regions: pl.Series) -> pl.DataFrame:
    """The rows of ``part`` that are numbers of the country of somebody who gave them; bare digits as mobile numbers only."""
    rows = pl.DataFrame({"value": cells.data.get_column(column).cast(pl.String), "region": row_regions}).drop_nulls().unique()
    placed = part.join(rows, on="value")
    found = [part.clear()]
    for (region,), group in placed.group_by("region", maintain_order=True):
        any_kind, mobile = national_pattern(str(region)), national_pattern(str(region), ("mobile",))
        if any_kind:
            fits = pl.when("formatted").then(pl.col("plain").str.contains(any_kind))
            found.append(group.filter(fits.otherwise(pl.col("plain").str.contains(mobile or any_kind))).select(part.columns))
    return pl.concat(found).unique()


def _hits(found: pl.DataFrame) -> Iterator[Hit]:
    counts = found.unique(["column", "value"]).group_by("column").agg(cells=pl.col("n").sum(), values=pl.len()).sort("column")
    for column, n, values in counts.rows():
        yield Hit(column, "phone", "certain", int(n), int(values))
