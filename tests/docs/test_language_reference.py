"""The reference of the declarations is what the JSON Schemas say, and its examples are read without a mistake."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from language_world import FILES
from panelpress.build.cleaning import clean
from panelpress.build.compiler.study import sample_sql
from panelpress.build.control import control
from panelpress.build.corrections import correct
from panelpress.build.harmonize import harmonize
from panelpress.build.load import connect
from panelpress.paths import Places
from panelpress.schemas.checker import check
from panelpress.schemas.cleaning import load_corrections
from panelpress.schemas.contracts import read_contract
from panelpress.schemas.declarations import Declarations, load_declarations
from panelpress.schemas.reference import PAGES, page
from panelpress.schemas.variable_reader import read_variables
from panelpress.schemas.yaml_reader import read_document


@pytest.mark.parametrize("file", PAGES)
def test_the_page_is_fresh(repository: Path, file: str) -> None:
    written = (repository / "docs" / "reference" / file).read_text(encoding="utf-8")
    assert written == page(file), "run `python -m panelpress.schemas.reference`"


@pytest.mark.parametrize("file", PAGES)
def test_the_example_is_right(tmp_path: Path, file: str) -> None:
    (tmp_path / "example.yaml").write_text(PAGES[file].example, encoding="utf-8")
    assert check(read_document(tmp_path / "example.yaml", tmp_path), PAGES[file].schema) == []


def test_the_example_of_the_crosswalk_is_one_variable(tmp_path: Path) -> None:
    (tmp_path / "example.yaml").write_text(PAGES["crosswalk.md"].example, encoding="utf-8")
    variables, problems = read_variables(read_document(tmp_path / "example.yaml", tmp_path), tmp_path, ("en",))
    assert problems == [] and [variable.id for variable in variables] == ["boss"]


def world(folder: Path, page_file: str, place: str) -> tuple[Places, Declarations]:
    """A project of one study, two waves, whose file at ``place`` is the example of a page."""
    text = PAGES[page_file].example
    for name, content in {**FILES, place: text}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    here = Places(folder, folder / "work")
    return here, load_declarations(here)


def raw_rows() -> duckdb.DuckDBPyConnection:
    """Wave a of the study: who works, how they get on with the boss, what they read, when they answered."""
    rows = connect(":memory:")
    columns = "person_id, record_id, works, boss, news, pay, age, mood"
    values = (
        "('p1', '0123456789ab', '1', '4', 'The web', '1', '300', '1'), ('p1', 'r2', '1', '7', 'The web', '2', '20', '2'), "
        "('p2', 'r3', '0', NULL, 'test', '1', '40', '2'), ('p3', 'r4', '1', '99', 'Television', '1', '50', '9')"
    )
    rows.execute(f"CREATE TABLE raw.little_a AS SELECT * FROM (VALUES {values}) AS t({columns})")
    rows.execute("CREATE TABLE raw.little_b AS SELECT * FROM raw.little_a WHERE record_id = 'r3'")
    return rows


def test_the_example_of_the_crosswalk_is_built(tmp_path: Path) -> None:
    _, declared = world(tmp_path, "crosswalk.md", "build/variables/all.yaml")
    study, rows = declared.studies[0], raw_rows()
    rows.execute("DELETE FROM raw.little_a WHERE record_id = 'r2'")
    harmonize(rows, study, declared.crosswalk.of_study("little"), declared.missing)
    found = rows.execute("SELECT wave, boss, boss__why FROM little_responses ORDER BY person_id, wave").fetchall()
    assert found == [("a", 1, None), ("a", None, "not_applicable"), ("b", None, "not_asked"), ("a", None, "dont_know")]
    assert not [each for each in control(rows, study, declared.variables, study.wave_ids, "r") if each.failed]


def test_the_example_of_cleaning_takes_its_rows_out(tmp_path: Path) -> None:
    _, declared = world(tmp_path, "cleaning.md", "build/cleaning.yaml")
    rows = raw_rows()
    steps = clean(rows, declared.studies[0], "a", declared.cleaning)
    assert [(step.rule, step.n_in, step.n_excluded) for step in steps] == [("previews", 4, 1), ("again", 3, 1)]
    assert rows.execute("SELECT record_id FROM raw.little_a ORDER BY 1").fetchall() == [("r2",), ("r4",)]


def test_the_example_of_corrections_mends_its_cell(tmp_path: Path) -> None:
    here, declared = world(tmp_path, "corrections.md", "work/corrections/example.yaml")
    rows = raw_rows()
    (applied,) = correct(rows, declared.studies[0], "a", load_corrections(here))
    assert applied.n == 1
    assert rows.execute("SELECT age FROM raw.little_a WHERE record_id = '0123456789ab'").fetchall() == [("30",)]


def test_the_example_of_samples_finds_its_people(tmp_path: Path) -> None:
    _, declared = world(tmp_path, "samples.md", "build/samples.yaml")
    rows = duckdb.connect(":memory:")
    rows.execute("CREATE TABLE t AS SELECT * FROM (VALUES ('p1', 'a'), ('p1', 'b'), ('p2', 'a')) AS t(person_id, wave)")
    sizes = {
        sample.id: len(rows.execute(sample_sql(sample, declared.studies[0], "t", [])).fetchall()) for sample in declared.samples
    }
    assert sizes == {"everyone": 3, "twice": 2}


def test_the_example_of_contracts_says_what_each_column_becomes(tmp_path: Path) -> None:
    (tmp_path / "little_a.yaml").write_text(PAGES["contracts.md"].example, encoding="utf-8")
    contract = read_contract(tmp_path / "little_a.yaml", tmp_path, ("en",))
    assert contract.id_column.name == "token" and [column.name for column in contract.kept] == ["mood"]
