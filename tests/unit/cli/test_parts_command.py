"""A wave in six files, one a country, with ids that repeat from country to country: registered, taken in, linked, counted."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import polars as pl
import pytest
from typer.testing import Result

from panelpress.paths import places
from panelpress.raw.registry import read_registry
from projects import begin, beside
from projects import command as run

COUNTRIES = ("AM", "DE", "GE", "KZ", "RS", "TR")
PEOPLE = 5
WAVES = """
spec: panel-waves/0.1
studies:
- id: tiny
  title: {en: Tiny}
  kind: panel
  waves: [{id: w1, label: {en: One}, start: 2023, end: 2023}, {id: w2, label: {en: Two}, start: 2024, end: 2024}]
"""
LINKAGE = """
spec: panel-linkage/0.1
studies: [{study: tiny, within: {w1: country, w2: country}}]
"""
CONTRACT = """
spec: panel-contract/0.1
study: tiny
wave: %s
platform: plain_csv
part_column: country
columns:
- {name: number, role: id}
- {name: agree, role: paradata}
- {name: mood, role: plain, type: integer, values: {1: {en: bad}, 2: {en: good}}}
- {name: party_ge, role: sensitive, parts: [GE]}
- {name: country, role: quasi}
consent: {column: agree, given: ["yes"]}
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    beside(monkeypatch, tmp_path)
    root = tmp_path / "tiny"
    files = {
        "build/waves.yaml": WAVES,
        "raw/linkage.yaml": LINKAGE,
        "schemas/raw/tiny_w1.yaml": CONTRACT % "w1",
        "schemas/raw/tiny_w2.yaml": CONTRACT % "w2",
    }
    return begin(root, files)


def deliver(root: Path, wave: str, country: str, people: int = PEOPLE) -> Path:
    """The same ids in every country; one respondent of each file did not agree, one row is cut off."""
    path = root / "raw" / "deliveries" / f"{wave}_{country}.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    own = ["party_ge"] if country == "GE" else []
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(["number", "agree", "mood", *own])
        for person in range(1, people + 1):
            writer.writerow([person, "yes" if person > 1 else "no", 1 + (person == len(country + wave)), *("A" for _ in own)])
        writer.writerow([country, "yes"])
    return path


def register(root: Path, path: Path, *options: str) -> Result:
    wave, _, country = path.stem.partition("_")
    part = ["--part", country] if "--part" not in options else []
    return run(root, "register", str(path), "--study", "tiny", "--wave", wave, *part, *options)


def test_six_files_of_one_wave_are_counted_each_and_linked_within_their_country(project: Path) -> None:
    for country in COUNTRIES:
        assert register(project, deliver(project, "w1", country)).exit_code == 0
    for country in COUNTRIES[:2]:
        assert register(project, deliver(project, "w2", country)).exit_code == 0
    result = run(project, "intake", "--json")
    assert result.exit_code == 0, result.output
    told = json.loads(result.output)
    assert [(each["wave"], each["part"]) for each in told["waves"]] == [
        *(("w1", country) for country in COUNTRIES),
        *(("w2", country) for country in COUNTRIES[:2]),
    ]
    for each in told["waves"]:
        assert each["refused"] == {"too_few_fields": 1, "no_consent": 1}
        assert each["rows_in"] == PEOPLE + 1 == each["rows_kept"] + sum(each["refused"].values())
    assert told["persons"][0]["by_waves"] == [4 * (PEOPLE - 1), 2 * (PEOPLE - 1)]
    wave = pl.read_csv(places(project).wave_file("tiny", "w1"), infer_schema=False)
    assert wave["country"].unique().sort().to_list() == list(COUNTRIES)
    assert wave.filter(pl.col("party_ge").is_not_null())["country"].unique().to_list() == ["GE"]
    assert wave["record_id"].n_unique() == wave.height == len(COUNTRIES) * (PEOPLE - 1)
    assert wave["person_id"].is_sorted(), "the order of the files would tell countries apart"
    assert "w1, GE" in run(project, "intake").output


def test_without_within_the_same_id_in_two_countries_is_refused_as_one_person(project: Path) -> None:
    (project / "raw/linkage.yaml").unlink()
    for country in COUNTRIES[:2]:
        register(project, deliver(project, "w1", country))
    result = run(project, "intake")
    assert result.exit_code == 1 and "4 persons stand in more than one row" in result.output


def test_a_new_export_is_compared_with_that_of_its_own_part(project: Path) -> None:
    for country in COUNTRIES[:2]:
        register(project, deliver(project, "w1", country))
    again = register(project, deliver(project, "w1", "AM", people=PEOPLE + 1))
    assert again.exit_code == 1 and "tiny, w1, AM has a delivery already" in " ".join(again.output.split())
    assert register(project, deliver(project, "w1", "AM", people=PEOPLE + 1), "--replace").exit_code == 0
    assert [(each.part, each.rows) for each in read_registry(places(project))] == [("AM", PEOPLE + 2), ("DE", PEOPLE + 1)]


def test_a_wave_comes_whole_or_in_parts_and_no_file_twice(project: Path) -> None:
    path = deliver(project, "w1", "AM")
    assert register(project, path, "--part", "").exit_code == 0
    mixed = register(project, deliver(project, "w1", "GE"))
    assert mixed.exit_code == 2 and "whole or in parts" in mixed.output
    assert register(project, path).exit_code == 0, "naming the part of a registered file is allowed"
    twice = register(project, path, "--part", "DE")
    assert twice.exit_code == 2 and "as part AM" in twice.output


def test_a_file_without_its_part_or_with_a_foreign_column_is_refused(project: Path) -> None:
    path = deliver(project, "w1", "GE")
    register(project, path, "--part", "")
    assert "without a part" in run(project, "intake").output
    register(project, path, "--part", "AM")
    assert "declared to lack" in " ".join(run(project, "intake").output.split())


def test_who_withdraws_leaves_the_file_of_her_country_alone(project: Path) -> None:
    for country in COUNTRIES[:2]:
        register(project, deliver(project, "w1", country))
    assert run(project, "intake").exit_code == 0
    left = run(project, "withdraw", given="AM:3\n")
    assert left.exit_code == 0, left.output
    files = {each.part: each.file for each in read_registry(places(project))}
    assert files == {"AM": "w1_AM.csv.without-withdrawn.csv", "DE": "w1_DE.csv"}
    told = json.loads(run(project, "intake", "--json").output)
    assert [each["rows_kept"] for each in told["waves"]] == [PEOPLE - 2, PEOPLE - 1]


def test_a_bare_id_that_every_country_gives_out_names_nobody(project: Path) -> None:
    for country in COUNTRIES[:2]:
        register(project, deliver(project, "w1", country))
    left = run(project, "withdraw", given="3\n")
    assert left.exit_code == 2 and "names a person" in " ".join(left.output.split())
