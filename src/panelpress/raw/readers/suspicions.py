"""Cell contents that point at damage done before the export reached us. Never mended: each has more than one explanation.

A suspicion looks at the distinct values of one column and says how many cells it concerns. Messages hold no values.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import polars as pl

# What 8-, 16- and 32-bit numbers turn a lost value into.
OVERFLOWS = ("127", "-128", "255", "32767", "-32768", "65535", "2147483647", "-2147483648", "4294967295")
SPREADSHEET_ERRORS = ("#N/A", "#REF!", "#NAME?", "#VALUE!", "#DIV/0!", "#NUM!", "#NULL!")
MOJIBAKE = "Ð[\u0080-\u00bfЀ-ӿ‚-™]|Ã[\u0080-\u00bf]|â€|Ñ[\u0080-\u008f‚-™]|Ð°|Ð¾"
MISSING_WORDS = ("NA", "N/A", "NULL", "NaN", "nan", "None", "#NULL!", "NONE", "null")
MANY_CODES = 40


@dataclass(frozen=True, slots=True)
class Suspicion:
    """``count(distinct values, column)`` is the number of suspicious cells; ``message`` says what may have happened."""

    code: str
    message: str
    count: Callable[[pl.Series, pl.Series], int]


def _cells_in(column: pl.Series, values: pl.Series) -> int:
    return int(column.is_in(values.to_list()).sum()) if len(values) else 0


def _matching(pattern: str) -> Callable[[pl.Series, pl.Series], int]:
    def count(distinct: pl.Series, column: pl.Series) -> int:
        return _cells_in(column, distinct.filter(distinct.str.contains(pattern)))

    return count


def _among(values: tuple[str, ...]) -> Callable[[pl.Series, pl.Series], int]:
    def count(distinct: pl.Series, column: pl.Series) -> int:
        return _cells_in(column, distinct.filter(distinct.is_in(values)))

    return count


def _overflow(distinct: pl.Series, column: pl.Series) -> int:
    """An overflow number in a column of few whole-number codes that are all far smaller."""
    if not 2 <= len(distinct) <= MANY_CODES or not distinct.str.contains(r"^-?\d{1,10}$").all():
        return 0
    odd = distinct.filter(distinct.is_in(OVERFLOWS))
    rest = distinct.filter(~distinct.is_in(OVERFLOWS)).cast(pl.Int64).abs()
    if not len(odd) or not len(rest):
        return 0
    largest = rest.max()
    beyond = odd.filter(odd.cast(pl.Int64).abs() > 5 * (largest if isinstance(largest, int) else 0))
    return _cells_in(column, beyond)


def _leading_zeros(distinct: pl.Series, column: pl.Series) -> int:
    if not len(distinct) or not distinct.str.contains(r"^\d+$").all():
        return 0
    return _cells_in(column, distinct.filter(distinct.str.contains(r"^0\d")))


def _decimal_comma(distinct: pl.Series, column: pl.Series) -> int:
    if not len(distinct) or not distinct.str.contains(r"^\s*-?\d+(,\d+)?\s*$").all():
        return 0
    return _cells_in(column, distinct.filter(distinct.str.contains(",")))


def _edge_blanks(distinct: pl.Series, column: pl.Series) -> int:
    return _cells_in(column, distinct.filter(distinct.str.strip_chars() != distinct))


SUSPICIONS: tuple[Suspicion, ...] = (
    Suspicion("overflow_code", "a code such as 127 or 32767 far beyond all others, which a lost value turns into", _overflow),
    Suspicion("leading_zero", "numbers with leading zeros; they stay text", _leading_zeros),
    Suspicion("decimal_comma", "numbers with a decimal comma, or several codes in one cell; they stay text", _decimal_comma),
    Suspicion(
        "scientific_id",
        "long numbers in scientific notation: a spreadsheet has cut their digits off",
        _matching(r"^\d(\.\d+)?[Ee]\+\d{2}$"),
    ),
    Suspicion("spreadsheet_error", "error values of a spreadsheet in place of answers", _among(SPREADSHEET_ERRORS)),
    Suspicion("mojibake", "letters garbled by reading the text in a wrong encoding before the export", _matching(MOJIBAKE)),
    Suspicion("replacement_character", "letters lost before the export (U+FFFD stands in their place)", _matching("\ufffd")),
    Suspicion("missing_word", "words such as NA or NULL that may stand for a blank cell", _among(MISSING_WORDS)),
    Suspicion("edge_blank", "answers that begin or end with blanks; codes must be listed with them", _edge_blanks),
)
