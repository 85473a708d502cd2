"""A description says what a file is, suggests roles with reasons, and names no code that only few people gave."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from panelpress.cli.main import app
from panelpress.raw.describe import Description, describe_file
from panelpress.raw.drafting.contract import draft_contract
from panelpress.raw.drafting.names import slug
from panelpress.schemas.contracts import read_contract

HEADER = "token,started,consent,age,sex,city,vote,trust,trust2,mail,comment,empty\n"
RARE = "Neverland"


def line(i: int) -> str:
    sex = ("female", "male")[i % 2]
    city = RARE if i == 7 else ("Riga", "Tbilisi")[i % 2]
    trust = ("1", "2", "3", "99")[i % 4]
    comment = f"In my own words number {i} I would say that much has changed" if i % 3 else ""
    day = f"2024-03-{i % 28 + 1:02d} 10:00:00"
    return f"t{i:03d},{day},{'yes' if i % 10 else 'no'},{18 + i % 50},{sex},{city},{i % 2},{trust},{trust},p{i}@example.org,{comment},\n"


@pytest.fixture
def delivery(tmp_path: Path) -> Path:
    path = tmp_path / "export.csv"
    path.write_text(HEADER + "".join(line(i) for i in range(120)), encoding="utf-8")
    return path


@pytest.fixture
def described(delivery: Path) -> Description:
    return describe_file(delivery)


def test_every_column_gets_a_role_and_a_reason(described: Description) -> None:
    roles = {name: suggestion.role for name, suggestion in described.roles.items()}
    assert roles == {
        "token": "id", "started": "paradata", "consent": "paradata", "age": "quasi", "sex": "quasi", "city": "quasi", "vote": "sensitive",
        "trust": "plain", "trust2": "plain", "mail": "direct", "comment": "free_text", "empty": "drop",
    }  # fmt: skip
    assert all(suggestion.why for suggestion in described.roles.values())


def test_types_missing_codes_consent_and_period_are_told(described: Description) -> None:
    assert described.column("age").type == "integer"
    assert described.column("started").type == "datetime"
    assert described.column("trust").suspected_missing == ("99",)
    assert described.consent == ("consent", ("yes",))
    assert described.period == ("2024-03-01", "2024-03-28")
    assert described.id_column == "token"


def test_a_code_that_few_people_gave_is_counted_and_never_named(described: Description, delivery: Path) -> None:
    city = described.column("city")
    assert [each.code for each in city.codes] == ["Riga", "Tbilisi"]
    assert city.n_rare == 1
    printed = CliRunner().invoke(app, ["describe", str(delivery)]).output
    assert RARE not in printed and "1 rare" in printed
    assert RARE not in draft_contract(described, "tiny", "w1")
    assert RARE not in CliRunner().invoke(app, ["describe", str(delivery), "--json"]).output


def test_the_printed_description_names_what_stands_out(delivery: Path) -> None:
    result = CliRunner().invoke(app, ["describe", str(delivery)])
    assert result.exit_code == 0
    for words in (
        "plain_csv, utf-8",
        "120 rows, 120 kept; 12 columns",
        "told apart by: token",
        "consent = yes (108 rows)",
        "email",
    ):
        assert words in result.output
    assert "p7@example.org" not in result.output


def test_machines_get_one_json_object(delivery: Path) -> None:
    facts = json.loads(CliRunner().invoke(app, ["describe", str(delivery), "--json"]).output)
    assert (facts["ok"], facts["platform"], facts["n_columns"]) == (True, "plain_csv", 12)
    assert facts["identifiers"] == [{"column": "mail", "looks_like": "email", "strength": "certain", "cells": "120"}]


def test_the_drafted_contract_is_a_valid_contract(described: Description, tmp_path: Path) -> None:
    path = tmp_path / "tiny_w1.yaml"
    path.write_text(draft_contract(described, "tiny", "w1"), encoding="utf-8")
    contract = read_contract(path, tmp_path)
    assert contract.id_column.name == "token"
    assert contract.consent is not None and contract.consent.given == ("yes",)
    assert {each.name: each.role for each in contract.columns} == {name: each.role for name, each in described.roles.items()}
    assert [code for each in contract.columns if each.name == "trust" for code in each.values] == ["1", "2", "3", "99"]


def test_the_contract_is_written_into_the_project_but_never_over_another(delivery: Path, tmp_path: Path) -> None:
    command = ["describe", str(delivery), "--study", "tiny", "--wave", "w1", "--project", str(tmp_path)]
    assert CliRunner().invoke(app, command).exit_code == 0
    written = tmp_path / "schemas" / "raw" / "tiny_w1.yaml"
    assert read_contract(written, tmp_path).wave == "w1"
    again = CliRunner().invoke(app, command)
    assert again.exit_code == 2 and "is there already" in again.output


def test_a_contract_needs_both_study_and_wave(delivery: Path) -> None:
    assert CliRunner().invoke(app, ["describe", str(delivery), "--study", "tiny"]).exit_code == 2


def test_an_unreadable_file_is_one_clear_refusal(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["describe", str(tmp_path / "nothing.csv")])
    assert result.exit_code == 1
    assert "there is no such file" in result.output and "Traceback" not in result.output


def test_a_row_counter_tells_no_persons_apart(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("rownames,name_id,q1\n" + "".join(f"{i},x{i * 7},1\n" for i in range(1, 40)), encoding="utf-8")
    assert describe_file(path).id_column == "name_id"
    path.write_text("rownames,q1\n" + "".join(f"{i},{i % 3}\n" for i in range(1, 40)), encoding="utf-8")
    described = describe_file(path)
    assert (described.id_column, described.links) == ("rownames", False)


@pytest.mark.parametrize(
    ("text", "name"),
    [("Ваш пол", "vash_pol"), ("Größe (cm)", "groesse_cm"), ("2 q", "item_2_q"), ("???", "item"), ("Q1_a", "q1_a")],
)
def test_any_text_becomes_a_name(text: str, name: str) -> None:
    assert slug(text) == name


def test_the_qualtrics_tutorial_has_21_publishable_responses(shared_data: Path) -> None:
    result = CliRunner().invoke(app, ["describe", str(shared_data / "qualtrics" / "ldi_tutorial.csv")])
    assert "25 rows, 23 kept, 2 refused: survey_preview; 17 columns" in result.output
    assert "consent = Yes (21 rows)" in result.output
    roles = describe_file(shared_data / "qualtrics" / "ldi_tutorial.csv").roles
    assert (roles["name_confidential"].role, roles["number_confidential"].role) == ("direct", "direct")


def test_the_period_is_that_of_the_field_and_not_of_peoples_lives(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    rows = "".join(f"t{i},{1950 + i}-01-02 10:00:00,2023-05-{i + 1:02d} 10:00:00\n" for i in range(20))
    path.write_text("token,married,submitdate\n" + rows, encoding="utf-8")
    assert describe_file(path).period == ("2023-05-01", "2023-05-20")


def test_a_last_row_without_an_id_is_pointed_at_and_the_id_still_told(tmp_path: Path) -> None:
    rows = "".join(f"R{i},{i % 4}\n" for i in range(40))
    (tmp_path / "a.csv").write_text(f"id,q1\n{rows},60\n")
    described = describe_file(tmp_path / "a.csv")
    assert (described.id_column, described.rows) == ("id", 41)
    assert [each.column for each in described.repairs if each.code == "last_row_without_id"] == ["id"]


def test_options_in_columns_of_their_own_are_said_once(tmp_path: Path) -> None:
    answers = ("radio", "tv", "net", "radio tv", "tv net")
    rows = "".join(f"R{i};{answers[i % 5]};{'radio' in answers[i % 5]};{'tv' in answers[i % 5]}\n" for i in range(100))
    (tmp_path / "a.csv").write_text(f"id;uses;uses/radio;uses/tv\n{rows}")
    roles = describe_file(tmp_path / "a.csv").roles
    assert (roles["uses"].role, roles["uses/tv"].role) == ("plain", "drop")
