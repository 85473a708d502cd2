"""Where somebody lives, to the building: postal codes, and coordinates spread over two columns.

Pairs of coordinates in one cell are a matter of ``patterns``.
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from panelpress.raw.detectors.cells import Cells, ColumnFacts
from panelpress.raw.detectors.locale import Locales
from panelpress.raw.detectors.weigh import ALL_BUT_EMPTY, Hit, Strength, named, weigh_bare

_VALUE = pl.col("value").str.strip_chars()
_YEAR = r"^(?:19|20)[0-9]{2}$"
_MONTH = r"^(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])$"
# Postal codes of a country have one length; numbers given out in order hardly leave gaps.
SAME_LENGTH = 0.95
DENSE = 2
_TOWN = r"\p{Lu}\p{Ll}+(?:[ -]\p{L}+){0,3}"
_DECIMAL_DEGREES = r"^-?(?:1[0-7][0-9]|[0-9]{1,2})[.,][0-9]{3,}$"


def postal_codes(cells: Cells, locales: Locales) -> Iterator[Hit]:
    """Hits of postal codes. Four digits are a year or an amount more often than a code: they count only where the column's name
    says so, or where they stand in a column that is all but empty."""
    words = locales.words_for("postal_words")
    anywhere = "|".join(shape.pattern for shape in locales.postal if shape.form == "anywhere")
    written = "|".join(shape.pattern for shape in locales.postal if shape.form == "written")
    bare = "|".join(shape.pattern for shape in locales.postal if shape.form == "bare")
    short = cells.values.filter(pl.col("digits").is_between(2, 12))
    whole = _VALUE.str.contains(rf"(?i)^(?:{written}|{anywhere})$")
    sure = short.filter(whole | _VALUE.str.contains(rf"\b(?:{anywhere})\b"))
    yield from _by_column(sure, "postal_code", "certain")
    with_town = _VALUE.str.contains(rf"^(?:{bare}),? {_TOWN}$|^{_TOWN},? (?:{bare})$")
    numbers = short.filter(_VALUE.str.contains(rf"^(?:{bare})$") | with_town)
    for (column,), part in numbers.group_by("column", maintain_order=True):
        facts = cells.facts[str(column)]
        if not (named(facts.title, words) or facts.undeclared <= ALL_BUT_EMPTY):
            part = part.filter((pl.col("digits") > 4) & ~pl.col("lettered"))
        elif not named(facts.title, words):
            part = part.filter(~_VALUE.str.contains(_YEAR))
        if part.height:
            strength = weigh_bare(facts, part.height, int(part["value"].str.ends_with("00").sum()), words)
            every = cells.values.filter(pl.col("column") == column)["value"]
            if not named(facts.title, words) and _measured(facts, part["value"], every, locales.words_for("quantity_words")):
                strength = "possible"
            yield Hit(str(column), "postal_code", strength, int(part["n"].sum()), part.height)


def _measured(facts: ColumnFacts, values: pl.Series, every: pl.Series, quantity_words: tuple[str, ...]) -> bool:
    """Whether the numbers of a well-filled column are an amount or a count and no postal codes: the column says so, the numbers
    among ``every`` value of it have different numbers of digits, they are months such as 202305, or count up without gaps. In a
    column that is all but empty, only round numbers where it asks for an amount are one."""
    amount = named(facts.title, quantity_words)
    if facts.undeclared <= ALL_BUT_EMPTY:
        return amount and bool(values.str.ends_with("000").all())
    if amount:
        return True
    digits = values.filter(values.str.contains(r"^[0-9]+$"))
    if len(digits) < len(values) or digits.str.starts_with("0").any():
        return False
    lengths = every.filter(every.str.contains(r"^[0-9]+$")).str.len_chars().value_counts()["count"].to_list()
    if max(lengths) < SAME_LENGTH * sum(lengths) or digits.str.contains(_MONTH).all():
        return True
    numbers = digits.cast(pl.Int64).sort().to_list()
    return bool(numbers[-1] - numbers[0] < DENSE * len(numbers))


def single_coordinates(cells: Cells, locales: Locales) -> Iterator[Hit]:
    """Hits of latitudes and longitudes in columns that say so; elsewhere a number with decimals is only a number."""
    words = locales.words_for("place_words")
    columns = [name for name, facts in cells.facts.items() if named(facts.title, words)]
    found = cells.values.filter(pl.col("column").is_in(columns)).filter(_VALUE.str.contains(_DECIMAL_DEGREES))
    yield from _by_column(found, "coordinates", "likely")


def _by_column(found: pl.DataFrame, detector: str, strength: Strength) -> Iterator[Hit]:
    counts = found.group_by("column", maintain_order=True).agg(cells=pl.col("n").sum(), values=pl.len())
    for column, cells, values in counts.rows():
        yield Hit(column, detector, strength, int(cells), int(values))
