"""The tables ``figures`` and ``figure_cells`` of a release: everything that the pictures are drawn from.

A contributor fills them from the released tables; whoever draws reads them back, so a picture shows what a query returns.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import duckdb

from panelpress.model.estimate import PrintedNumber
from panelpress.model.figure import Figure, FigureCell, Part
from panelpress.model.release import Edition
from panelpress.model.table import Table
from panelpress.model.text import LocalText
from panelpress.publish.figures.cells import figure_cells
from panelpress.publish.tables.catalogue import Row, fill, texts
from panelpress.publish.tables.printed_numbers import open_recomputer
from panelpress.schemas.catalogue import catalogue, column, per_language
from panelpress.schemas.declarations import Declarations


def figure_tables(languages: Sequence[str]) -> tuple[Table, Table]:
    """Declarations of both tables."""
    figures = catalogue(
        "figures",
        "Figures",
        "Figures of the report, drawn anew from this release.",
        [
            column("figure", "Figure", required=True),
            column("number", "Number in the report", "integer", required=True),
            column("chart", "Kind of chart", required=True),
            *per_language("title", "Title", languages),
            *per_language("sample", "Whom it shows", languages),
            *per_language("note", "Note", languages),
        ],
        ["figure"],
    )
    cells = catalogue(
        "figure_cells",
        "Cells of figures",
        "One bar, segment or point a row: its value in this release and what documents print of it.",
        [
            column("figure", "Figure", required=True),
            column("row", "Place along the axis", "integer", required=True),
            column("series", "Place among the series", "integer", required=True),
            *per_language("row_label", "Row", languages),
            *per_language("series_label", "Series", languages),
            column("value", "Percent", "number", about="empty where this tier cannot show it"),
            column("n", "Base", "integer"),
            column("source", "Computed from", required=True, about="tables, aggregates or benchmark"),
            column("printed", "Printed values", about="joined by |"),
            column("printed_from_here", "Printed values of this and all later series together", about="joined by |"),
        ],
        ["figure", "row", "series"],
    )
    return figures, cells


def contribute_figures(
    figures: Sequence[Figure], declarations: Declarations, register: Sequence[PrintedNumber]
) -> Callable[[Edition, duckdb.DuckDBPyConnection], tuple[Table, ...]]:
    """A contributor that adds both tables. It runs after aggregates and records."""

    def contribute(edition: Edition, rows: duckdb.DuckDBPyConnection) -> tuple[Table, ...]:
        recomputer = open_recomputer(edition, rows, declarations)
        listed, cells = figure_tables(edition.project.languages)
        fill(rows, listed, [_figure_row(figure, edition) for figure in figures])
        found = [cell for figure in figures for cell in figure_cells(figure, declarations, recomputer, rows, register)]
        fill(rows, cells, [_cell_row(cell, edition) for cell in found])
        return (listed, cells)

    return contribute


def _figure_row(figure: Figure, edition: Edition) -> Row:
    return {
        "figure": figure.id,
        "number": figure.number,
        "chart": figure.chart,
        **texts("title", figure.title, edition),
        **texts("sample", figure.sample, edition),
        **texts("note", figure.note, edition),
    }


def _cell_row(cell: FigureCell, edition: Edition) -> Row:
    return {
        "figure": cell.figure,
        "row": cell.row,
        "series": cell.series,
        **texts("row_label", cell.row_label, edition),
        **texts("series_label", cell.series_label, edition),
        "value": cell.value,
        "n": cell.n,
        "source": cell.source,
        "printed": _joined(cell.printed),
        "printed_from_here": _joined(cell.printed_from_here),
    }


def _joined(values: Sequence[float]) -> str | None:
    return "|".join(f"{value:g}" for value in values) or None


def _parted(values: str | None) -> tuple[float, ...]:
    return tuple(float(value) for value in (values or "").split("|") if value)


def read_figures(rows: duckdb.DuckDBPyConnection, languages: Sequence[str]) -> tuple[tuple[Figure, tuple[FigureCell, ...]], ...]:
    """Figures and their cells as the two tables in ``rows`` hold them, by number."""
    made = []
    for given in _dicts(rows, "SELECT * FROM figures ORDER BY number, figure"):
        figure = Figure(
            id=given["figure"],
            number=given["number"],
            title=_text(given, "title", languages),
            chart=given["chart"],
            sample=_text(given, "sample", languages),
            of=Part(),
            rows=(),
            series=(),
            note=_text(given, "note", languages),
        )
        cells = _dicts(rows, "SELECT * FROM figure_cells WHERE figure = ? ORDER BY row, series", [figure.id])
        made.append((figure, tuple(_cell(each, languages) for each in cells)))
    return tuple(made)


def _dicts(rows: duckdb.DuckDBPyConnection, query: str, values: Sequence[str] = ()) -> list[Row]:
    found = rows.execute(query, list(values))
    names = [str(each[0]) for each in found.description or ()]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def _text(given: Row, name: str, languages: Sequence[str]) -> LocalText:
    return LocalText({language: given[f"{name}_{language}"] for language in languages if given[f"{name}_{language}"]})


def _cell(given: Row, languages: Sequence[str]) -> FigureCell:
    return FigureCell(
        figure=given["figure"],
        row=given["row"],
        series=given["series"],
        row_label=_text(given, "row_label", languages),
        series_label=_text(given, "series_label", languages),
        value=given["value"],
        n=given["n"],
        source=given["source"],
        printed=_parted(given["printed"]),
        printed_from_here=_parted(given["printed_from_here"]),
    )
