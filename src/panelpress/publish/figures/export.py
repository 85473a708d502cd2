"""Writes the figures of a release: ``figures/<number>_<id>.<language>.svg`` and ``.png``, drawn from its own tables."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import duckdb

from panelpress.model.figure import Figure, FigureCell
from panelpress.model.project import ProjectFacts
from panelpress.model.release import Edition
from panelpress.publish.beside import beside
from panelpress.publish.figures.caption import words
from panelpress.publish.figures.draw import draw
from panelpress.publish.figures.tables import read_figures

FOLDER = "figures"
# Half of the figures is drawn beside the other half from so many on: each takes a quarter of a second.
SOME = 8


def picture_name(figure: Figure, language: str) -> str:
    """File name without ending."""
    return f"{figure.number:02d}_{figure.id}.{language}"


def write(edition: Edition, rows: duckdb.DuckDBPyConnection, folder: Path) -> tuple[Path, ...]:
    """Every figure in every language of the project. Writes nothing where the edition holds no figures."""
    if not any(table.name == "figures" for table in edition.tables):
        return ()
    target = folder / FOLDER
    target.mkdir(parents=True, exist_ok=True)
    figures = read_figures(rows, edition.project.languages)
    half = len(figures) // 2
    with beside(_draw, figures[:half], edition.project, edition.version, target, worth=half >= SOME) as drawn:
        others = _draw(figures[half:], edition.project, edition.version, target)
        return drawn() + others


def _draw(
    figures: Sequence[tuple[Figure, Sequence[FigureCell]]], project: ProjectFacts, version: str, target: Path
) -> tuple[Path, ...]:
    paths = []
    for figure, cells in figures:
        for language in project.languages:
            said = words(figure, cells, language, project.title.in_language(language), version, project.simulated)
            svg, png = draw(figure, cells, said, language)
            base = target / picture_name(figure, language)
            drawn, painted = base.with_name(base.name + ".svg"), base.with_name(base.name + ".png")
            drawn.write_text(svg, encoding="utf-8", newline="")
            painted.write_bytes(png)
            paths += [drawn, painted]
    return tuple(paths)
