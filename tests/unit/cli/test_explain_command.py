"""``explain`` tells where a variable comes from, and of a cell only what was asked for."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from panelpress.cli.main import app


def explained(repository: Path, *arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["explain", *arguments, "--project", str(repository), "--json"])
    return result.exit_code, result.stdout


def test_a_passport_names_delivery_columns_question_and_rule(repository: Path) -> None:
    code, printed = explained(repository, "outrush_responses", "general_trust")
    facts = json.loads(printed)
    first = facts["waves"][0]
    assert code == 0
    assert facts["declared_in"].endswith("general_trust.yaml")
    assert first["delivery"].endswith(".csv")
    assert first["question"]
    assert any(line.startswith("a blank cell → ") for line in first["rule"])


@pytest.mark.parametrize(("table", "variable"), [("nowhere", "general_trust"), ("outrush_responses", "nothing")])
def test_an_unknown_table_or_variable_is_a_wrong_call(repository: Path, table: str, variable: str) -> None:
    code, printed = explained(repository, table, variable)
    assert code == 2
    assert json.loads(printed)["ok"] is False


def test_a_mistyped_variable_is_told_what_may_be_meant(repository: Path) -> None:
    assert "Is it one of these: general_trust" in explained(repository, "outrush_responses", "general_trus")[1]


def test_a_person_without_a_wave_is_a_wrong_call(repository: Path) -> None:
    assert explained(repository, "outrush_responses", "general_trust", "--person", "x")[0] == 2
