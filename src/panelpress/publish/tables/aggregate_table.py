"""The table ``aggregates`` of a release, and how other parts of the release read shares back from it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import duckdb

from panelpress.model.aggregate import PublishedCell
from panelpress.model.estimate import Base, Recomputed
from panelpress.model.release import Edition
from panelpress.model.table import Table
from panelpress.publish.tables.catalogue import Row, fill
from panelpress.schemas.catalogue import catalogue, column

LATEST = "latest"
SOURCE = "aggregates"
# Whole percent, whole units: what is printed lies within half of one of what was counted.
ROUNDED = 0.5
AGGREGATES = catalogue(
    "aggregates",
    "Published aggregates",
    "Shares of answers to variables that are not in this tier at all: a fixed, declared list of margins, the only table of a"
    " release that is no function of its open tables. Whole percent, bases rounded to ten, cells and complements of at least the"
    " declared number of people.",
    [
        column("study", "Study", required=True),
        column("sample", "Sample", required=True),
        column("wave", "Wave", required=True, about="latest: each person once, by the latest answer"),
        column("variable", "Variable", required=True),
        column("category", "Answer", required=True, about="code, name of a top box of the variable, or mean"),
        column("condition", "Restriction of the base", required=True, about="everyone where there is none"),
        column("denominator", "Who counts", required=True),
        column("share", "Percent of the base, or the mean", "integer", about="empty where the cell may not be printed"),
        column("n", "Base, rounded to ten", "integer", about="empty where the cell may not be printed"),
        column("hidden", "Why the cell is empty"),
    ],
    ["study", "sample", "wave", "variable", "category", "condition"],
)
UNCONDITIONAL = "everyone"
Lookup = Callable[[Base, str, Sequence[str]], Recomputed | None]


def contribute_aggregates(cells: Iterable[PublishedCell]) -> Callable[[Edition, duckdb.DuckDBPyConnection], tuple[Table, ...]]:
    """A contributor that adds the table with ``cells`` of variables that the edition does not hold."""

    def contribute(edition: Edition, rows: duckdb.DuckDBPyConnection) -> tuple[Table, ...]:
        held = {variable.id for variable in edition.variables}
        fill(rows, AGGREGATES, [_row(cell) for cell in cells if cell.margin.variable not in held])
        return (AGGREGATES,)

    return contribute


def _row(cell: PublishedCell) -> Row:
    base = cell.margin.base
    return {
        "study": cell.margin.study,
        "sample": base.samples[0],
        "wave": base.wave or LATEST,
        "variable": cell.margin.variable,
        "category": cell.box,
        "condition": base.where or UNCONDITIONAL,
        "denominator": base.denominator,
        "share": cell.share,
        "n": cell.n,
        "hidden": cell.hidden or None,
    }


def lookup(rows: duckdb.DuckDBPyConnection, wave_of_one: Callable[[str], str | None]) -> Lookup:
    """Reads shares back from the table ``aggregates`` in ``rows``. ``wave_of_one`` gives the only wave of a sample's study, or
    None: there the wave and no wave mean the same. Nothing is found where a needed cell is hidden or was not declared."""
    found = rows.execute("SELECT sample, wave, variable, category, condition, denominator, share, n FROM aggregates").fetchall()
    cells = {tuple(row[:6]): (row[6], row[7]) for row in found}

    def share(base: Base, variable: str, answers: Sequence[str]) -> Recomputed | None:
        if len(base.samples) != 1:
            return None
        only = wave_of_one(base.samples[0])
        for wave in (only, LATEST) if only else (base.wave or LATEST,):
            keys = [
                (base.samples[0], wave, variable, answer, base.where or UNCONDITIONAL, base.denominator) for answer in answers
            ]
            got = [cells.get(key, (None, None)) for key in keys]
            if all(value is not None for value, _ in got):
                return Recomputed(float(sum(value for value, _ in got)), got[0][1], SOURCE, ROUNDED * len(got))
        return None

    return share
