"""``panelpress init`` drafts a project that ``lint`` finds no mistake in, with every wave of every item undetermined."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from panelpress.cli.main import app
from panelpress.paths import places
from panelpress.schemas.yaml_reader import read_document
from projects import beside

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


def anonymous(folder: Path) -> list[Path]:
    """Two waves in which nothing tells persons apart, of questions too long for Stata."""
    asked = "Taking everything together, how satisfied are you nowadays with the following parts of your life? [Your home and neighbours]"
    files = []
    for name in ("one.csv", "two.csv"):
        rows = (f"{i % 3 + 1}.05.2023 10:00:00,{('low', 'high')[i % 2]},{i % 4}" for i in range(60))
        files.append(folder / name)
        files[-1].write_text(f'Отметка времени,"{asked}",mood\n' + "\n".join(rows) + "\n", encoding="utf-8")
    return files


def test_waves_without_any_id_are_drafted_as_rows_that_link_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "panel"
    result = CliRunner().invoke(app, ["init", str(folder), *map(str, anonymous(tmp_path)), "--study", "mood"])
    assert result.exit_code == 0, result.output
    assert CliRunner().invoke(app, ["lint", "--project", str(folder)]).output.strip() == "no mistakes found"
    contract = read_document(folder / "schemas/raw/mood_w1.yaml").content
    assert contract["row_column"] == contract["columns"][0]["name"]
    assert read_document(folder / "raw/linkage.yaml").content["studies"] == [{"study": "mood", "ids": "per_wave"}]


def test_rows_as_persons_are_taken_in_and_never_linked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    beside(monkeypatch, tmp_path)
    folder = tmp_path / "panel"

    def run(*arguments: str) -> Result:
        return CliRunner().invoke(app, [*arguments, "--project", str(folder)])

    CliRunner().invoke(app, ["init", str(folder), *map(str, anonymous(tmp_path)), "--study", "mood"])
    project = folder / "panelpress.yaml"
    project.write_text(project.read_text().replace("simulated: false", "simulated: true\ndemo_key: raw/key.txt"))
    assert run("key", "init", "--demo").exit_code == 0
    for wave, file in (("w1", "one.csv"), ("w2", "two.csv")):
        assert run("register", str(folder / "raw/deliveries" / file), "--study", "mood", "--wave", wave).exit_code == 0
    told = json.loads(run("intake", "--json").output)
    assert [each["rows_kept"] for each in told["waves"]] == [60, 60]
    assert told["persons"][0]["by_waves"] == [120, 0]


def test_the_list_of_decisions_names_what_stands_out(drafted: tuple[Path, Result]) -> None:
    text = (drafted[0] / "DECIDE.md").read_text(encoding="utf-8")
    for words in ("`token` tells persons apart", "w1 `trust`, w2 `trust` are not matched", "--study movers --wave w2"):
        assert words in text
    assert "example.org" not in text, "a list of decisions names columns and no answers"


def test_whole_numbers_of_one_wave_and_fractions_of_another_become_decimals(tmp_path: Path) -> None:
    for name, half in (("one.csv", 0.0), ("two.csv", 0.5)):
        rows = (f"t{i:03d},{20 + i if not half else 20 + i + half}" for i in range(60))
        (tmp_path / name).write_text("token,hours\n" + "\n".join(rows) + "\n", encoding="utf-8")
    folder = tmp_path / "panel"
    assert CliRunner().invoke(app, ["init", str(folder), str(tmp_path / "one.csv"), str(tmp_path / "two.csv")]).exit_code == 0
    assert read_document(next(places(folder).variables.rglob("hours.yaml"))).content["type"] == "decimal"
