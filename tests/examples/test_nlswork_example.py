"""The example of a panel of 15 waves from one file: its declarations hold, and the known answers of the source come out."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import duckdb
import pytest

from panelpress.build.compiler.quote import name, text
from panelpress.build.control import control
from panelpress.build.disclosure.protect import protect
from panelpress.build.harmonize import harmonize
from panelpress.build.load import connect
from panelpress.model.delivery import Contract
from panelpress.paths import Places
from panelpress.schemas.contracts import find_contract
from panelpress.schemas.declarations import Declarations, load_declarations
from panelpress.schemas.disclosure import load_disclosure
from panelpress.schemas.lint import lint


@pytest.fixture(scope="module")
def declared(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Declarations:
    return load_declarations(Places(repository / "examples" / "nlswork", tmp_path_factory.mktemp("work")))


@pytest.fixture(scope="module")
def rows(declared: Declarations, shared_data: Path) -> duckdb.DuckDBPyConnection:
    """The study harmonized from the real file, each wave cut out as its contract says."""
    found = connect(":memory:")
    (study,) = declared.studies
    for wave in study.wave_ids:
        _cut(found, find_contract(declared.contracts, study.id, wave), shared_data / "nlswork" / "nlswork.csv")
    harmonize(found, study, declared.variables, declared.missing)
    return found


def _cut(rows: duckdb.DuckDBPyConnection, contract: Contract, file: Path) -> None:
    (identifier,) = [column.name for column in contract.columns if column.role == "id"]
    kept = ", ".join(
        f"NULLIF({name(column.name)}, '') AS {name(column.name)}"
        for column in contract.columns
        if column.role in ("plain", "quasi")
    )
    assert contract.rows is not None
    given = ", ".join(text(code) for code in contract.rows.given)
    rows.execute(
        f"CREATE TABLE raw.{contract.study}_{contract.wave} AS SELECT {name(identifier)} AS person_id, "
        f"{name(identifier)} AS record_id, {kept} FROM read_csv({text(str(file))}, header = true, all_varchar = true) "
        f"WHERE {name(contract.rows.column)} IN ({given})"
    )


def test_the_declarations_hold(repository: Path, tmp_path: Path) -> None:
    assert lint(Places(repository / "examples" / "nlswork", tmp_path)) == []


def test_every_row_of_the_file_is_in_one_wave(rows: duckdb.DuckDBPyConnection) -> None:
    counted = "SELECT count(*), count(DISTINCT person_id), count(DISTINCT wave) FROM nlswork_responses"
    assert rows.execute(counted).fetchall() == [(28534, 4711, 15)]


def test_the_counts_of_race_are_those_of_the_source(rows: duckdb.DuckDBPyConnection) -> None:
    counted = "SELECT race, count(*) FROM nlswork_responses GROUP BY race ORDER BY race"
    assert rows.execute(counted).fetchall() == [(1, 20180), (2, 8051), (3, 303)]


def test_every_built_in_check_holds(rows: duckdb.DuckDBPyConnection, declared: Declarations) -> None:
    (study,) = declared.studies
    found = control(rows, study, declared.variables, study.wave_ids, "run")
    assert [(each.rule, each.resource, each.field) for each in found if each.failed] == []
    assert len(declared.variables) >= 15


def test_at_least_five_women_share_every_published_history(rows: duckdb.DuckDBPyConnection, declared: Declarations) -> None:
    (study,) = declared.studies
    declaration = load_disclosure(declared.places, declared.studies, declared.variables, declared.samples)
    result = protect(rows, study, declared.variables, declaration, "open", declared.missing, declared.samples)
    cells = ", ".join(f"{name(key)}, {name(key + '__why')}" for key in result.keys)
    histories: dict[str, list[object]] = {}
    for person, *seen in rows.execute(f"SELECT person_id, wave, {cells} FROM {result.table} ORDER BY wave").fetchall():
        histories.setdefault(person, []).append(tuple(seen))
    sizes = Counter(tuple(history) for history in histories.values())
    assert min(sizes.values()) == result.smallest_class == 5
    assert set(result.keys) == {"race", "college_graduate", "south"}
    assert {"age", "birth_year", "log_wage"} <= set(result.left_out)
    assert len(histories) == result.persons - result.persons_left_out == 4642
