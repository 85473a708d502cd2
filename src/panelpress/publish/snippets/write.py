"""Writes ``snippets/``: the templates beside this file, filled with a table and variables that this release really has."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from panelpress.model.release import Edition
from panelpress.model.table import Field, Table

FOLDER = "snippets"
TEMPLATES = Path(__file__).with_name("templates")


@dataclass(frozen=True, slots=True)
class Example:
    """What the snippets load: a table of answers, and a variable of it whose codes are numbers."""

    table: Table
    variable: Field


def example_of(edition: Edition) -> Example | None:
    """The first panel table with a variable of two to nine numeric codes; None where the release has none."""
    for table in edition.tables:
        coded = [field for field in table.fields if field.variable and field.categories and field.type == "integer"]
        short = [field for field in coded if 2 <= len(field.categories) <= 9]
        if table.kind == "responses" and short:
            return Example(table, short[0])
    return None


def write(edition: Edition, rows: duckdb.DuckDBPyConnection, folder: Path) -> tuple[Path, ...]:
    """Write ``snippets/load.{py,R,do,sps,sql}`` and ``figure.py``; nothing where the release has no coded variable."""
    example = example_of(edition)
    if example is None:
        return ()
    language = edition.project.languages[0]
    environment = Environment(loader=FileSystemLoader(TEMPLATES), undefined=StrictUndefined, keep_trailing_newline=True)
    target = folder / FOLDER
    target.mkdir(parents=True, exist_ok=True)
    facts = {
        "project": edition.project.id,
        "version": edition.version,
        "simulated": " (simulated data)" if edition.simulated else "",
        "table": example.table.name,
        "variable": example.variable.name,
        "wave": "wave",
        "language": language,
        "title": example.variable.title.in_language(language).replace('"', "'"),
        "database": f"{edition.project.id}-{edition.version}.duckdb",
    }
    paths = []
    for template in sorted(TEMPLATES.glob("*.j2")):
        path = target / template.name.removesuffix(".j2")
        path.write_text(environment.get_template(template.name).render(facts), encoding="utf-8", newline="")
        paths.append(path)
    return tuple(paths)
