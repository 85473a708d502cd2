"""Every picture was looked at: its hash stands beside a finding, and drawing the reviewed cells again gives the same bytes."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from panelpress.paths import Places, places
from panelpress.publish.figures.caption import words
from panelpress.publish.figures.draw import draw
from panelpress.publish.figures.tables import figure_tables, read_figures
from panelpress.schemas.project import load_project

LANGUAGES = ("en", "ru")
TYPES = {"integer": "BIGINT", "number": "DOUBLE"}


def _reviewed(repository: Path) -> list[dict[str, str]]:
    with (repository / "publish" / "figures" / "reviewed.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def _drawn(repository: Path, only: set[int] | None = None) -> Iterator[tuple[str, str, str]]:
    here = places(repository)
    project = load_project(Places(root=here.root, work=repository / "unused"))
    rows = duckdb.connect(":memory:")
    for table in figure_tables(LANGUAGES):
        columns = {field.name: TYPES.get(field.type, "VARCHAR") for field in table.fields}
        path = here.figures / "reviewed" / f"{table.name}.csv"
        rows.execute(f"CREATE TABLE {table.name} AS SELECT * FROM read_csv('{path}', header = true, columns = {columns!r})")
    version = _reviewed(repository)[0]["release"]
    for figure, cells in read_figures(rows, LANGUAGES):
        if only is None or figure.number in only:
            for language in LANGUAGES:
                title = project.title.in_language(language)
                said = words(figure, cells, language, title, version, project.simulated)
                yield figure.id, language, hashlib.sha256(draw(figure, cells, said, language)[1]).hexdigest()


def test_every_figure_was_looked_at_in_every_language_and_something_was_found(repository: Path) -> None:
    reviewed = _reviewed(repository)
    declared = {path.stem for path in (repository / "publish" / "figures").glob("*.yaml")}
    assert len(declared) == 22
    assert {(row["figure"], row["language"]) for row in reviewed} == {(name, each) for name in declared for each in LANGUAGES}
    assert all(len(row["finding"]) > 20 for row in reviewed)


def test_one_picture_of_each_kind_is_drawn_as_it_was_reviewed(repository: Path) -> None:
    known = {(row["figure"], row["language"]): row["sha256"] for row in _reviewed(repository)}
    found = list(_drawn(repository, {7, 14, 17}))
    assert len(found) == 6
    assert {(name, language): digest for name, language, digest in found}.items() <= known.items()


@pytest.mark.slow
def test_all_pictures_are_drawn_as_they_were_reviewed(repository: Path) -> None:
    known = {(row["figure"], row["language"]): row["sha256"] for row in _reviewed(repository)}
    assert {(name, language): digest for name, language, digest in _drawn(repository)} == known
