"""The example of eight exports whose names and texts drift: its declarations hold, and known counts of the source come out."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import duckdb
import pytest

from panelpress.build.control import control
from panelpress.build.harmonize import harmonize
from panelpress.build.load import connect, load_wave
from panelpress.paths import Places
from panelpress.schemas.contracts import find_contract
from panelpress.schemas.declarations import Declarations, load_declarations
from panelpress.schemas.lint import lint

FOLDERS = {
    "uk16": "2016/uk",
    "ca17": "2017/can",
    "de17": "2017/de",
    "nl17": "2017/nl",
    "uk17": "2017/uk",
    "us17": "2017/us",
    "za17": "2017/zaf",
    "all18": "2018",
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
        "uk16": 273,
        "ca17": 110,
        "de17": 325,
        "nl17": 77,
        "uk17": 253,
        "us17": 164,
        "za17": 22,
        "all18": 997,
    }


def test_the_countries_of_2018_are_those_of_the_source(rows: duckdb.DuckDBPyConnection) -> None:
    counted = "SELECT country, count(*) FROM rse_responses WHERE wave = 'all18' GROUP BY country ORDER BY 2 DESC LIMIT 3"
    assert rows.execute(counted).fetchall() == [("Germany", 333), ("United Kingdom", 237), ("United States", 147)]


def test_every_built_in_check_holds(rows: duckdb.DuckDBPyConnection, declared: Declarations) -> None:
    (study,) = declared.studies
    found = control(rows, study, declared.variables, study.wave_ids, "run")
    assert [(each.rule, each.resource, each.field) for each in found if each.failed] == []
    assert len(declared.variables) >= 15


def test_frequencies_are_those_of_the_files_counted_by_hand(
    rows: duckdb.DuckDBPyConnection, declared: Declarations, shared_data: Path
) -> None:
    """Every raw answer of every column that a map reads, counted in the files with csv alone and mapped by the YAML as text."""
    (study,) = declared.studies
    compared = 0
    for wave in study.wave_ids:
        source = shared_data / "rse" / "analysis" / FOLDERS[wave] / "data" / "public_data.csv"
        with source.open(encoding="utf-8-sig", newline="") as stream:
            answers = list(csv.DictReader(stream))
        for variable in declared.variables:
            rule = variable.waves[wave]
            if rule.status == "impossible" or not rule.value_map:
                continue
            means = {raw: (code, None) for raw, code in rule.value_map} | {raw: (None, why) for raw, why in rule.missing_map}
            wanted = Counter(means[row[rule.source[0]] or None] for row in answers)
            counted = f"SELECT {variable.id}, {variable.why}, count(*) FROM rse_responses WHERE wave = ? GROUP BY ALL"
            found = {(code, why): n for code, why, n in rows.execute(counted, [wave]).fetchall()}
            assert found == wanted, f"{variable.id}, {wave}"
            compared += 1
    assert compared >= 100 and len({variable.id for variable in declared.variables}) >= 15
