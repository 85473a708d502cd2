"""What each column of a read delivery holds: type, codes, what may stand for a missing answer. Facts, no advice and no printing.

Which columns are closed questions, and which of their codes may be named, is decided in ``closed``; rarer ones are counted. What
few people answered is nobody's business, and a code list comes from the questionnaire.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import polars as pl

from panelpress.model.delivery import RawColumn, RawTable
from panelpress.raw.closed import MOST_CODES, Shared, fewest, is_closed, nameable, shared_answers
from panelpress.raw.joined import Joined, find_joined

DATETIME = (
    r"^(\d{4}-\d{2}-\d{2}|\d{1,2}[./]\d{1,2}[./]\d{4})[T ]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?( ?[AP]M)?( ?(Z|UTC|[+-]\d{2}:?\d{2}))?$"
)
TYPES: tuple[tuple[str, str], ...] = (
    ("integer", r"^-?\d{1,15}$"),
    ("number", r"^-?\d{1,15}([.,]\d+)?([eE][+-]?\d+)?$"),
    ("date", r"^(\d{4}-\d{2}-\d{2}|\d{1,2}[./]\d{1,2}[./]\d{4})$"),
    ("datetime", DATETIME),
)
MISSING_NUMBERS = re.compile(r"-(\d|[789]\d|[789]{3})|9[6-9]|99[6-9]|999[6-9]|77|88|777|888")
MISSING_WORDS = re.compile(
    r"don.?t know|do not know|not sure|refus|prefer not|no answer|not applicable|no opinion|hard to say|missing|skipped|\bn/?a\b|"
    r"не знаю|затрудня|отказ|не хочу отвечать|предпочита\w+ не|нет ответа|неприменимо|"
    r"weiß nicht|weiss nicht|keine angabe|trifft nicht zu|keine antwort|ne sait pas|sans réponse|refuse|no sabe|no contesta",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class CodeCount:
    """One code of a closed question: its label where the platform gives one, and how many rows hold it."""

    code: str
    label: str
    n: int


@dataclass(frozen=True, slots=True)
class ColumnProfile:
    """Facts of one column. ``codes`` are those that may be named, ``n_rare`` counts the others; empty where the question is open.
    ``unlabelled`` counts different codes without a label in a column that has labels; ``joined`` is how several chosen answers
    stand in one cell; ``one_word`` says that no value has a blank in it."""

    column: RawColumn
    type: str
    n_filled: int
    n_blank: int
    n_distinct: int
    longest: int
    mean_length: float
    codes: tuple[CodeCount, ...] = ()
    n_rare: int = 0
    unlabelled: int = 0
    suspected_missing: tuple[str, ...] = ()
    joined: Joined | None = None
    one_word: bool = True

    @property
    def name(self) -> str:
        return self.column.name

    @property
    def closed(self) -> bool:
        """True for a question whose answers are codes."""
        return bool(self.codes) or self.n_rare > 0

    @property
    def unique(self) -> bool:
        """True where every row holds a value and none stands twice."""
        return self.n_blank == 0 and self.n_filled == self.n_distinct > 0


def profile_columns(table: RawTable) -> tuple[ColumnProfile, ...]:
    """A profile of every column of ``table``, in its order."""
    counted = [_count(column, table.data[column.name]) for column in table.columns]
    shared = shared_answers(counts for profile, counts in counted if counts is not None and profile.type == "string")
    rows = table.data.height
    return tuple(profile if counts is None else _closed(profile, counts, rows, shared) for profile, counts in counted)


def _count(column: RawColumn, cells: pl.Series) -> tuple[ColumnProfile, pl.DataFrame | None]:
    """The facts of one column by itself, and its answers with their counts (value, n) where it may be a closed question."""
    counts = cells.drop_nulls().value_counts(sort=True, name="n")
    values, n = counts.to_series(0), counts["n"]
    lengths = values.str.len_chars()
    filled = cells.len() - cells.null_count()
    longest, total = lengths.max(), (lengths * n).sum()
    profile = ColumnProfile(
        column,
        _type(column, values),
        filled,
        cells.null_count(),
        len(values),
        longest if isinstance(longest, int) else 0,
        float(total) / filled if filled else 0.0,
        unlabelled=len(values.filter(~values.is_in(list(column.values)))) if column.values else 0,
        one_word=not values.str.contains(" ", literal=True).any(),
    )
    if profile.type == "string" and not column.values:
        joined = find_joined(counts, fewest(cells.len()))
        if joined is not None:
            return replace(profile, joined=joined), None
    return profile, counts if column.values or counts.height <= MOST_CODES else None


def _closed(profile: ColumnProfile, counts: pl.DataFrame, rows: int, shared: Shared) -> ColumnProfile:
    """``profile`` with its codes, where it is a closed question."""
    if profile.column.values or is_closed(profile.type, counts, profile.longest, rows, shared):
        return _with_codes(profile, dict(counts.rows()), rows, shared)
    return profile


def _type(column: RawColumn, values: pl.Series) -> str:
    """The narrowest type that every value has, codes that the file marks missing left aside."""
    if column.type in ("date", "datetime"):
        return column.type
    shown = values.filter(~values.is_in(list(column.missing))) if column.missing else values
    if not len(shown):
        return "string"
    padded = shown.str.contains(r"^0\d").any()
    for name, pattern in TYPES:
        if shown.str.contains(pattern).all() and not (padded and name in ("integer", "number")):
            return name
    return "string"


def _with_codes(profile: ColumnProfile, counts: Mapping[str, int], rows: int, shared: Shared) -> ColumnProfile:
    labels = profile.column.values
    codes = [CodeCount(code, label, counts.get(code, 0)) for code, label in labels.items()]
    others = {code: n for code, n in counts.items() if code not in labels}
    named = [CodeCount(code, "", others[code]) for code in nameable(others, rows, shared)]
    every = [*codes, *named]
    return replace(
        profile,
        codes=tuple(every) if codes else tuple(sorted(every, key=lambda each: _order(each.code))),
        n_rare=len(others) - len(named),
        suspected_missing=_suspected(every, profile.column),
    )


def _order(code: str) -> tuple[int, float, str]:
    try:
        return (0, float(code), code)
    except ValueError:
        return (1, 0.0, code)


def _suspected(codes: Sequence[CodeCount], column: RawColumn) -> tuple[str, ...]:
    """Codes that may stand for a missing answer: by what their label says, as a number far from all others, or as a negative
    number among answers in words (-99 where a question was seen and not answered)."""
    numbers = {each.code: float(each.code) for each in codes if re.fullmatch(r"-?\d+", each.code)}
    usual = [abs(number) for code, number in numbers.items() if not MISSING_NUMBERS.fullmatch(code)]
    found = []
    among_words = not usual and len(numbers) < len(codes)
    for each in codes:
        below = among_words and each.code in numbers and each.code.startswith("-")
        if below or each.code in column.missing or MISSING_WORDS.search(each.label or each.code):
            found.append(each.code)
        elif each.code in numbers and usual and MISSING_NUMBERS.fullmatch(each.code) and not each.label:
            number = numbers[each.code]
            if number < 0 or number > 3 * max(usual):
                found.append(each.code)
    return tuple(found)
