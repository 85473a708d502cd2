"""``panelpress init`` on waves that are more than one file, and on files that are more than one table. Each draft is linted and
its own list of commands (``DECIDE.md``) is run up to intake."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from panelpress.cli.main import app
from panelpress.schemas.yaml_reader import read_document
from platform_exports import write_workbook
from projects import beside, command

PEOPLE = 30


@pytest.fixture(autouse=True)
def private(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    beside(monkeypatch, tmp_path)


def drafted(folder: Path, *given: Path) -> Path:
    """A drafted project without mistakes."""
    result = CliRunner().invoke(app, ["init", str(folder), *map(str, given), "--study", "tiny"])
    assert result.exit_code == 0, result.output
    checked = command(folder, "lint")
    assert checked.exit_code == 0, checked.output
    return folder


def taken_in(folder: Path) -> dict[str, Any]:
    """What intake says after the registrations that the draft lists."""
    project = folder / "panelpress.yaml"
    project.write_text(project.read_text().replace("simulated: false", "simulated: true\ndemo_key: raw/key.txt"))
    assert command(folder, "key", "init", "--demo").exit_code == 0
    for line in re.findall(r"^\$ panelpress (register .*)$", (folder / "DECIDE.md").read_text(), re.MULTILINE):
        words = [str(folder / word) if word.startswith("raw/") else word for word in shlex.split(line)]
        registered = command(folder, *words)
        assert registered.exit_code == 0, registered.output
    told: dict[str, Any] = json.loads(command(folder, "intake", "--json").output)
    return told


def csv_of(path: Path, header: str, *rows: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return path


def countries(folder: Path) -> Path:
    """One wave of two files that number their people alike; only one asks about the vote."""
    csv_of(folder / "georgia all.csv", "id,sex,vote_ge", *(f"{i},{i % 2},{i % 3}" for i in range(1, PEOPLE)))
    csv_of(folder / "armenia.csv", "id,sex", *(f"{i},{i % 2}" for i in range(1, PEOPLE)))
    return folder


def test_a_folder_is_one_wave_in_parts(tmp_path: Path) -> None:
    folder = drafted(tmp_path / "panel", countries(tmp_path / "spring"))
    contract = read_document(folder / "schemas/raw/tiny_w1.yaml").content
    columns = {each["name"]: each for each in contract["columns"]}
    assert columns["vote_ge"]["parts"] == ["georgia_all"] and "parts" not in columns["sex"]
    assert set(columns[contract["part_column"]]["values"]) == {"armenia", "georgia_all"}
    told = taken_in(folder)
    assert [(each["part"], each["rows_kept"]) for each in told["waves"]] == [("armenia", 29), ("georgia_all", 29)]
    assert told["persons"][0]["by_waves"] == [58], "number 1 of one country is not number 1 of the other"


def test_parts_of_several_platforms_are_refused(tmp_path: Path) -> None:
    folder = countries(tmp_path / "spring")
    csv_of(folder / "turkey.csv", "Timestamp,sex", "2023/05/17 10:11:12 AM GMT+3,1", "2023/05/18 10:11:12 AM GMT+3,1")
    refused = CliRunner().invoke(app, ["init", str(tmp_path / "panel"), str(folder), "--json"])
    assert refused.exit_code == 2
    assert "several platforms (google_forms_csv, plain_csv)" in json.loads(refused.output)["what"]


def test_a_folder_without_an_export_is_refused(tmp_path: Path) -> None:
    (tmp_path / "spring").mkdir()
    refused = CliRunner().invoke(app, ["init", str(tmp_path / "panel"), str(tmp_path / "spring"), "--json"])
    assert json.loads(refused.output)["what"] == "holds no export of responses."


def test_the_events_of_one_file_are_waves_and_its_instruments_lists_of_records(tmp_path: Path) -> None:
    header = "record_id,redcap_event_name,redcap_repeat_instrument,redcap_repeat_instance,sex,child_sex,base_complete"
    rows = []
    for i in range(1, PEOPLE):
        rows += [f"{i},base_arm_1,,,{i % 2 + 1},,2", f"{i},later_arm_1,,,{i % 2 + 1},,2"]
        rows += [f"{i},base_arm_1,children,1,,{i % 2 + 1},"] if i % 2 else []
    folder = drafted(tmp_path / "panel", csv_of(tmp_path / "redcap.csv", header, *rows))
    told = taken_in(folder)
    assert [(each["study"], each["wave"], each["rows_kept"]) for each in told["waves"]] == [
        ("children", "children_w1", 15), ("tiny", "w1", 29), ("tiny", "w2", 29),
    ]  # fmt: skip
    assert told["persons"][0]["by_waves"] == [0, 29]
    assert "child_table_left_out" not in {each["rule"] for each in told["findings"]}


def test_an_event_with_a_colon_in_its_label_is_found(tmp_path: Path) -> None:
    rows = [f"{i},{event},{i % 2}" for i in range(1, 12) for event in ("Baseline (Arm 1: One)", "Later (Arm 1: One)")]
    folder = drafted(tmp_path / "panel", csv_of(tmp_path / "labels.csv", "Record ID,Event Name,Sex", *rows))
    assert [each["rows_kept"] for each in taken_in(folder)["waves"]] == [11, 11]


def submissions(keys: str) -> dict[str, list[list[object]]]:
    """A workbook with a repeat group whose rows belong to the submissions called ``keys``."""
    main = ["sex", "uses", "uses/radio", "uses/tv", "_id", "_uuid", "_submission_time", "_index"]
    return {
        "survey": [
            main,
            *([i % 2, ("radio", "tv", "radio tv")[i % 3], i % 3 != 1, i % 3 != 0, i, f"u{i:04d}", "2023-01-01", i] for i in range(1, PEOPLE)),
        ],
        "members": [
            ["member_age", "sex", "_index", "_parent_index", "_submission__uuid"],
            *([i % 60, i % 2, i, i % 29 + 1, f"{keys}{i % 29 + 1:04d}"] for i in range(1, 60)),
        ],
    }  # fmt: skip


def test_a_repeat_group_becomes_a_list_of_records_of_the_same_persons(tmp_path: Path) -> None:
    write_workbook(submissions("u"))(tmp_path / "kobo.xlsx")
    folder = drafted(tmp_path / "panel", tmp_path / "kobo.xlsx")
    waves = read_document(folder / "build/waves.yaml").content["studies"]
    assert [(each["id"], each["kind"]) for each in waves] == [("tiny", "panel"), ("members", "records")]
    assert (folder / "build/variables/members/members_sex.yaml").is_file(), "the sex of a member is not the respondent's"
    assert "role: quasi, type: integer" in (folder / "schemas/raw/members_members_w1.yaml").read_text()
    assert [each["rows_kept"] for each in taken_in(folder)["waves"]] == [59, 29]


def test_records_whose_parent_is_no_id_of_the_wave_are_said_to_stay(tmp_path: Path) -> None:
    write_workbook(submissions("v"))(tmp_path / "kobo.xlsx")
    folder = drafted(tmp_path / "panel", tmp_path / "kobo.xlsx")
    assert "59 of its rows hold no id that w1 has: who withdraws there stays here" in (folder / "DECIDE.md").read_text()


def test_what_is_read_beside_an_export_lies_in_its_folder(tmp_path: Path) -> None:
    dictionary = 'Variable / Field Name,Field Type,Field Label,"Choices, Calculations, OR Slider Labels"'
    csv_of(tmp_path / "base" / "dictionary.csv", dictionary, 'sex,radio,Your sex,"1, Woman | 2, Man"')
    csv_of(tmp_path / "base" / "records.csv", "record_id,sex,base_complete", *(f"{i},{i % 2 + 1},2" for i in range(1, PEOPLE)))
    folder = drafted(tmp_path / "panel", tmp_path / "base")
    assert '"1": {en: "Woman"}' in (folder / "schemas/raw/tiny_w1.yaml").read_text()
    assert "--beside raw/deliveries/base_dictionary.csv" in (folder / "DECIDE.md").read_text()
    assert [each["rows_kept"] for each in taken_in(folder)["waves"]] == [29]


def test_rare_answers_are_named_as_work_and_never_as_answers(tmp_path: Path) -> None:
    rows = [f"{i:03d},{'never heard' if i < 3 else ('yes', 'no')[i % 2]}" for i in range(1, PEOPLE)]
    folder = drafted(tmp_path / "panel", csv_of(tmp_path / "one.csv", "id,heard", *rows))
    told = (folder / "DECIDE.md").read_text() + (folder / "build/variables/plain/heard.yaml").read_text()
    assert "answers that fewer than 11 people gave are in no draft: w1 `heard`" in told
    assert "# w1: 1 rare codes are not in the map" in told and "never heard" not in told
