"""The example of eight exports whose names and texts drift: its declarations hold, and known counts of the source come out."""

from __future__ import annotations

import csv
from pathlib import Path

import duckdb
import pytest

from panelpress.build.control import control
from panelpress.build.harmonize import harmonize
from panelpress.build.load import connect, load_wave
from panelpress.paths import Places
from panelpress.schemas.contracts import find_contract
from panelpress.schemas.declarations import Declarations, lint, load_declarations

FOLDERS = {
    "uk_2016": "2016/uk",
    "canada_2017": "2017/can",
    "germany_2017": "2017/de",
    "netherlands_2017": "2017/nl",
    "uk_2017": "2017/uk",
    "usa_2017": "2017/us",
    "south_africa_2017": "2017/zaf",
    "world_2018": "2018",
}


@pytest.fixture(scope="module")
def declared(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Declarations:
    return load_declarations(Places(repository / "examples" / "rse", tmp_path_factory.mktemp("work")))


@pytest.fixture(scope="module")
def rows(declared: Declarations, shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> duckdb.DuckDBPyConnection:
    """The study harmonized from the eight real files, each with the columns that its contract keeps."""
    found, folder = connect(":memory:"), tmp_path_factory.mktemp("waves")
    (study,) = declared.studies
    for wave in study.wave_ids:
        contract = find_contract(declared.contracts, study.id, wave)
        kept = [column.name for column in contract.columns if column.role == "plain"]
        source = shared_data / "rse" / "analysis" / FOLDERS[wave] / "data" / "public_data.csv"
        with (
            source.open(encoding="utf-8-sig", newline="") as stream,
            (folder / wave).open("w", encoding="utf-8", newline="") as out,
        ):
            writer = csv.writer(out)
            writer.writerow(["person_id", "record_id", *kept])
            for row in csv.DictReader(stream):
                person = f"{wave}-{row['']}"
                writer.writerow([person, person, *(row[name] for name in kept)])
        load_wave(found, study, wave, folder / wave)
    harmonize(found, study, declared.variables, declared.missing)
    return found


def test_the_declarations_hold(repository: Path, tmp_path: Path) -> None:
    assert lint(Places(repository / "examples" / "rse", tmp_path)) == []


def test_every_answer_sheet_is_in_its_wave(rows: duckdb.DuckDBPyConnection) -> None:
    counted = rows.execute("SELECT wave, count(*) FROM rse_responses GROUP BY wave").fetchall()
    assert dict(counted) == {
        "uk_2016": 273,
        "canada_2017": 110,
        "germany_2017": 325,
        "netherlands_2017": 77,
        "uk_2017": 253,
        "usa_2017": 164,
        "south_africa_2017": 22,
        "world_2018": 997,
    }


def test_the_countries_of_2018_are_those_of_the_source(rows: duckdb.DuckDBPyConnection) -> None:
    counted = "SELECT country, count(*) FROM rse_responses WHERE wave = 'world_2018' GROUP BY country ORDER BY 2 DESC LIMIT 3"
    assert rows.execute(counted).fetchall() == [("Germany", 333), ("United Kingdom", 237), ("United States", 147)]


def test_every_built_in_check_holds(rows: duckdb.DuckDBPyConnection, declared: Declarations) -> None:
    (study,) = declared.studies
    found = control(rows, study, declared.variables, study.wave_ids, "run")
    assert [(each.rule, each.resource, each.field) for each in found if each.failed] == []
    assert len(declared.variables) >= 15
