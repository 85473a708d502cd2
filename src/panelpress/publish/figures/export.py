"""Writes the figures of a release: ``figures/<number>_<id>.<language>.svg`` and ``.png``, drawn from its own tables."""

from __future__ import annotations

from pathlib import Path

import duckdb

from panelpress.model.figure import Figure
from panelpress.model.release import Edition
from panelpress.publish.figures.caption import words
from panelpress.publish.figures.draw import draw
from panelpress.publish.figures.tables import read_figures

FOLDER = "figures"


def picture_name(figure: Figure, language: str) -> str:
    """File name without ending."""
    return f"{figure.number:02d}_{figure.id}.{language}"


def write(edition: Edition, rows: duckdb.DuckDBPyConnection, folder: Path) -> tuple[Path, ...]:
    """Every figure in every language of the project. Writes nothing where the edition holds no figures."""
    if not any(table.name == "figures" for table in edition.tables):
        return ()
    target = folder / FOLDER
    target.mkdir(parents=True, exist_ok=True)
    paths = []
    for figure, cells in read_figures(rows, edition.project.languages):
        for language in edition.project.languages:
            title = edition.project.title.in_language(language)
            svg, png = draw(figure, cells, words(figure, cells, language, title, edition.version, edition.simulated), language)
            base = target / picture_name(figure, language)
            drawn, painted = base.with_name(base.name + ".svg"), base.with_name(base.name + ".png")
            drawn.write_text(svg, encoding="utf-8", newline="")
            painted.write_bytes(png)
            paths += [drawn, painted]
    return tuple(paths)
