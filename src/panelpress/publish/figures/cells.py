"""Computes the cells of a figure from the released tables: shares of our samples, and published benchmarks beside them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import duckdb

from panelpress.model.estimate import PrintedNumber, Recomputed
from panelpress.model.figure import Figure, FigureCell, Part
from panelpress.schemas.declarations import Declarations
from panelpress.schemas.figures import label_of
from panelpress.validation.estimates.recompute import Recomputer

BENCHMARK = "benchmark"
# A bound ("more than half") is no value that could be marked on an axis.
MARKED = ("eq", "approx", "approx_below", "le")


def figure_cells(
    figure: Figure,
    declarations: Declarations,
    recomputer: Recomputer,
    rows: duckdb.DuckDBPyConnection,
    register: Sequence[PrintedNumber] = (),
) -> tuple[FigureCell, ...]:
    """Every cell in order of rows and series. ``rows`` holds the released tables (``benchmarks`` among them)."""
    cells = []
    for at, row in enumerate(figure.rows):
        for position, series in enumerate(figure.series):
            cell = figure.of.joined(row).joined(series)
            found, printed = _value(cell, recomputer, rows, register)
            later = figure.series[position:] if figure.chart == "stacked" else ()
            cells.append(
                FigureCell(
                    figure=figure.id,
                    row=at,
                    series=position,
                    row_label=label_of(row, cell, declarations),
                    series_label=label_of(series, cell, declarations),
                    value=None if found.value is None else round(found.value, 1),
                    n=found.n,
                    source=found.source,
                    printed=printed,
                    printed_from_here=_printed_together(cell, later, recomputer, register),
                )
            )
    return tuple(cells)


def _value(
    cell: Part, recomputer: Recomputer, rows: duckdb.DuckDBPyConnection, register: Sequence[PrintedNumber]
) -> tuple[Recomputed, tuple[float, ...]]:
    if cell.benchmark:
        found = rows.execute(
            "SELECT value FROM benchmarks WHERE variable = ? AND answer = ? AND country = ?",
            [cell.variable, cell.answer, cell.benchmark],
        ).fetchall()
        return Recomputed(found[0][0] if found else None, None, BENCHMARK), ()
    number = _as_number(cell)
    return recomputer.compute(number), tuple(sorted(_printed(number, recomputer, register)))


def _printed_together(
    cell: Part, series: Sequence[Part], recomputer: Recomputer, register: Sequence[PrintedNumber]
) -> tuple[float, ...]:
    """What documents print of the answers of all of ``series`` taken together, where there are several."""
    if len(series) < 2:
        return ()
    together = replace(cell, answer="|".join(each.answer or "" for each in series))
    return tuple(sorted(_printed(_as_number(together), recomputer, register)))


def _as_number(cell: Part) -> PrintedNumber:
    waves = (cell.wave,) if cell.wave else ()
    return PrintedNumber(
        id="cell", fact_key="", scope="", study="", locator="", figure="", printed="", value=0, unit="percent", op="eq",
        rounding=0, statistic="share", samples=(cell.sample or "",), versus=None, variable=cell.variable,
        answer=cell.answer or "", waves=waves, from_wave=None, where=cell.where, denominator="valid", inconsistency="", note="",
    )  # fmt: skip


def _printed(cell: PrintedNumber, recomputer: Recomputer, register: Iterable[PrintedNumber]) -> set[float]:
    """What documents print of the very same share, in digits or words."""
    return {
        number.value
        for number in register
        if number.statistic == "share"
        and number.op in MARKED
        and number.samples == cell.samples
        and number.waves == cell.waves
        and number.variable == cell.variable
        and number.where == cell.where
        and recomputer.codes(number) == recomputer.codes(cell)
    }
