"""``panelpress init`` drafts a project that ``lint`` finds no mistake in, with every wave of every item undetermined."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from panelpress.cli.main import app
from panelpress.paths import places
from panelpress.schemas.yaml_reader import read_document

PEOPLE = 120


def spring(path: Path) -> Path:
    rows = (
        f"t{i:03d},2023-05-{i % 28 + 1:02d} 10:00:00,{20 + i % 40},{('female', 'male')[i % 2]},{(1, 2, 99)[i % 3]},"
        f'{i % 5 + 1},"{("Radio", "Press", "Radio, Press")[i % 3]}",p{i}@example.org\n'
        for i in range(PEOPLE)
    )
    path.write_text("token,submitted,age,gender,trust,happy,media,mail\n" + "".join(rows), encoding="utf-8")
    return path


def autumn(path: Path) -> Path:
    rows = (
        f'"t{i:03d}";"{21 + i % 40}";"{("female", "male")[i % 2]}";"{("yes", "no")[i % 2]}";"{i % 5 + 1}";"{("Press", "Radio")[i % 2]}"\n'
        for i in range(40, 40 + PEOPLE)
    )
    path.write_text('"token";"age";"sex";"trust";"happy";"news"\n' + "".join(rows), encoding="utf-8")
    return path


@pytest.fixture
def drafted(tmp_path: Path) -> tuple[Path, Result]:
    files = [spring(tmp_path / "spring.csv"), autumn(tmp_path / "autumn.csv")]
    folder = tmp_path / "panel"
    return folder, CliRunner().invoke(app, ["init", str(folder), *map(str, files), "--study", "movers"])


def test_the_draft_is_a_project_without_mistakes(drafted: tuple[Path, Result]) -> None:
    folder, result = drafted
    assert result.exit_code == 0, result.output
    checked = CliRunner().invoke(app, ["lint", "--project", str(folder)])
    assert checked.exit_code == 0, checked.output


def test_every_wave_of_every_item_waits_for_a_decision(drafted: tuple[Path, Result]) -> None:
    folder, _ = drafted
    variables = {path.stem: read_document(path).content["waves"] for path in places(folder).variables.rglob("*.yaml")}
    assert {rule["status"] for waves in variables.values() for rule in waves.values()} == {"undetermined"}
    assert {wave: rule["source"] for wave, rule in variables["gender"].items()} == {"w1": ["gender"], "w2": ["sex"]}
    assert {"trust", "trust_2"} <= set(variables)


def test_identifiers_are_in_no_drafted_variable(drafted: tuple[Path, Result]) -> None:
    folder, _ = drafted
    text = "".join(path.read_text(encoding="utf-8") for path in (folder / "build" / "variables").rglob("*.yaml"))
    assert "mail" not in text and "submitted" not in text and "token" not in text


def test_persons_who_came_back_are_counted_and_traps_told(drafted: tuple[Path, Result]) -> None:
    _, result = drafted
    assert "persons by token, 80 of them in earlier waves" in result.output
    assert "no match  w1 trust, w2: same name, 0 of 2 answers in common: other categories" in result.output


def test_the_deliveries_are_copied_and_ignored_by_git(drafted: tuple[Path, Result]) -> None:
    folder, _ = drafted
    assert sorted(path.name for path in (folder / "raw" / "deliveries").iterdir()) == ["autumn.csv", "spring.csv"]
    assert "/raw/deliveries/" in (folder / ".gitignore").read_text(encoding="utf-8")


def test_a_project_is_never_drafted_over_another(drafted: tuple[Path, Result], tmp_path: Path) -> None:
    folder, _ = drafted
    again = CliRunner().invoke(app, ["init", str(folder), str(tmp_path / "spring.csv"), "--json"])
    assert again.exit_code == 2
    assert json.loads(again.output)["what"] == "is a project already."


def test_the_shipped_missing_reasons_are_those_of_the_reference_project(drafted: tuple[Path, Result], repository: Path) -> None:
    folder, _ = drafted
    assert (folder / "schemas" / "missing.csv").read_bytes() == (repository / "schemas" / "missing.csv").read_bytes()
