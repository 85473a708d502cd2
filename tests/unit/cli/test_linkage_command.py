"""Three waves with ids of their own, joined by a column and by a private file: what `panelpress intake` tells of persons and codes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from projects import begin, beside
from projects import command as run

WAVES = """
spec: panel-waves/0.1
studies:
- id: tiny
  title: {en: Tiny}
  kind: panel
  waves: [{id: w1, label: {en: One}, start: 2021, end: 2021}, {id: w2, label: {en: Two}, start: 2022, end: 2022}, {id: w3, label: {en: Three}, start: 2023, end: 2023}]
"""
LINKAGE = """
spec: panel-linkage/0.1
studies:
- study: tiny
  ids: per_wave
  crosswalks:
  - {wave: w2, columns: {w1: before}}
  - {file: pairs.csv, columns: {w2: second, w3: third}}
  facts:
  - {id: born, columns: {w1: born, w2: born, w3: born}, tolerance: 1}
"""
CONTRACT = """
spec: panel-contract/0.1
study: tiny
wave: %s
platform: plain_csv
columns:
- {name: id, role: id}
- {name: born, role: quasi, type: integer}
- {name: mood, role: plain, type: integer, values: {1: {en: bad}, 2: {en: good}}}
%s
"""
BEFORE = "- {name: before, role: direct}"
PEOPLE = 20


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """w1 has persons 0-19, w2 the same and a stranger's link, w3 every second of them; one was born in two years, eleven felt 9."""
    beside(monkeypatch, tmp_path)
    root = tmp_path / "tiny"
    first = [f"0{i:02d},{1980 + i},{9 if i < 11 else 1}" for i in range(PEOPLE)]
    second = [f"b{i},{1980 + i + (10 if i == 4 else 1)},2,{'nobody' if i == 19 else f'0{i:02d}'}" for i in range(PEOPLE)]
    third = [f"c{i},{1980 + i},{1 + i % 2}" for i in range(0, PEOPLE, 2)]
    pairs = [f"b{i},c{i}" for i in range(0, PEOPLE, 2)]
    files = {
        "build/waves.yaml": WAVES,
        "raw/linkage.yaml": LINKAGE,
        **{f"schemas/raw/tiny_{wave}.yaml": CONTRACT % (wave, BEFORE if wave == "w2" else "") for wave in ("w1", "w2", "w3")},
        "raw/deliveries/w1.csv": "\n".join(["id,born,mood", *first]),
        "raw/deliveries/w2.csv": "\n".join(["id,born,mood,before", *second]),
        "raw/deliveries/w3.csv": "\n".join(["id,born,mood", *third]),
        "raw/deliveries/pairs.csv": "\n".join(["second,third", *pairs]),
    }
    begin(root, files)
    for wave in ("w1", "w2", "w3"):
        register = run(root, "register", str(root / f"raw/deliveries/{wave}.csv"), "--study", "tiny", "--wave", wave)
        assert register.exit_code == 0, register.output
    return root


def intake(root: Path) -> dict[str, Any]:
    result = run(root, "intake", "--json")
    assert result.exit_code == 0, result.output
    facts: dict[str, Any] = json.loads(result.output)
    return facts


def test_ids_of_each_wave_are_closed_over_a_column_and_a_file(project: Path) -> None:
    persons = intake(project)["persons"][0]
    assert (persons["persons"], persons["by_waves"]) == (21, [2, 9, 10])
    assert [(walk["links"], walk["dangling"]) for walk in persons["crosswalks"]] == [(20, 1), (10, 0)]


def test_dangling_links_and_contradicted_facts_are_told_by_count(project: Path) -> None:
    findings = {each["rule"]: each for each in intake(project)["findings"]}
    assert findings["crosswalk_dangling"]["n_failed"] == 1
    assert (findings["fact_conflict"]["field"], findings["fact_conflict"]["n_failed"]) == ("born", 1)
    shown = run(project, "intake").output
    assert "persons who contradict themselves" in shown and "b4" not in shown


def test_codes_that_no_contract_lists_are_told_by_wave_item_and_count(project: Path) -> None:
    shown = " ".join(run(project, "intake").output.split())
    assert "tiny_w1, mood: codes that the contract does not list: 9 (11), 11 of 20" in shown


def test_without_the_linkage_nobody_is_the_same_person(project: Path) -> None:
    (project / "raw/linkage.yaml").write_text(
        "spec: panel-linkage/0.1\nstudies: [{study: tiny, ids: per_wave}]\n", encoding="utf-8"
    )
    assert intake(project)["persons"][0]["by_waves"] == [50, 0, 0]
