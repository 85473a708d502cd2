"""Rows of totals below the responses, as spreadsheets and reports leave them: they are nobody's answers.

    1001,34,4
    1002,41,5
    Total,75,9

Refused where it is certain: the last row has such a word where every other row has a value of its own with a digit in it, as ids
have. A last row that lacks an id altogether may be a respondent; it stays, and ``without_id_below`` finds it.
"""

from __future__ import annotations

import polars as pl

from panelpress.raw.readers.header import tidy

FEWEST = 3  # rows above, fewer show no rule
WORDS = frozenset({
    "average", "durchschnitt", "gemiddelde", "genel toplam", "gesamt", "gesamtsumme", "grand total", "insgesamt",
    "mean", "media", "median", "mittelwert", "moyenne", "média", "ortalama", "promedio", "razem", "soma", "somma",
    "somme", "subtotal", "sum", "suma", "summe", "sums", "toplam", "totaal", "total", "total general", "total général",
    "totale", "totals", "średnia", "всего", "итого", "общий итог", "разом", "среднее", "сумарно", "сумма", "усього",
    "ჯამი",
})  # fmt: skip


def summary_rows(data: pl.DataFrame) -> pl.Series:
    """Which rows of ``data`` are totals (boolean): none, or the last ones."""
    last = data.height - max((_summed_up(column) for column in data.iter_columns()), default=0)
    return pl.select(pl.int_range(data.height) >= last).to_series()


def _summed_up(column: pl.Series) -> int:
    """How many rows at the end of ``column`` hold words for totals, where every row above holds an id; else 0."""
    n = 0
    while n < len(column) and (cell := column[-1 - n]) is not None and tidy(cell).rstrip(":").lower() in WORDS:
        n += 1
    above = column[: len(column) - n]
    own = n and len(above) >= FEWEST and not above.null_count() and above.str.contains(r"\d").all() and above.is_unique().all()
    return n if own else 0


def without_id_below(data: pl.DataFrame) -> tuple[str, ...]:
    """Columns in which every row has a value of its own, and only the last row none."""
    if data.height <= FEWEST:
        return ()
    return tuple(
        column.name
        for column in data.iter_columns()
        if column.null_count() == 1 and column[-1] is None and column.n_unique() == data.height
    )
