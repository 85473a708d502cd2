"""An item is proposed as ordinal only where its labels are steps of one known scale in the order of its codes."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pyreadstat
import pytest
from typer.testing import CliRunner

from panelpress.cli.main import app
from panelpress.raw.drafting.scales import is_scale
from panelpress.schemas.yaml_reader import read_document


@pytest.mark.parametrize(
    "labels",
    [
        ["Strongly disagree", "Disagree", "Neither agree nor disagree", "Agree", "Strongly agree"],
        ["Very satisfied", "Rather satisfied", "Rather dissatisfied", "Very dissatisfied"],
        ["Not at all important", "Somewhat important", "Very important"],
        ["Полностью согласен", "Скорее согласен", "Скорее не согласен", "Полностью не согласен"],
        ["Никогда", "Редко", "Иногда", "Часто", "Очень часто"],
        ["Always", "Often", "Sometimes", "Rarely", "Never"],
        ["Stimme überhaupt nicht zu", "Stimme eher nicht zu", "Teils, teils", "Stimme eher zu", "Stimme voll zu"],
    ],
)
def test_steps_in_order_are_a_scale(labels: list[str]) -> None:
    assert is_scale(labels)


@pytest.mark.parametrize(
    "labels",
    [
        ["Yes", "No", "Perhaps"],
        ["Agree", "Strongly agree", "Disagree"],
        ["Disagree", "Agree"],
        ["Never", "Often", "Other"],
        ["Riga", "Tbilisi", "Yerevan"],
        ["Agree", "Agree", "Strongly agree"],
        [],
    ],
)
def test_anything_else_is_not(labels: list[str]) -> None:
    assert not is_scale(labels)


def test_a_draft_proposes_ordinal_and_leaves_it_undetermined(tmp_path: Path) -> None:
    frame = pl.DataFrame(
        {
            "id": [f"{i:03d}" for i in range(100)],
            "well": [float(i % 5 + 1) for i in range(100)],
            "sex": [float(i % 3 + 1) for i in range(100)],
        }
    )
    steps = dict(enumerate(["Strongly disagree", "Disagree", "Neither", "Agree", "Strongly agree"], start=1))
    labels = {"well": steps, "sex": {1: "Woman", 2: "Man", 3: "Another"}}
    pyreadstat.write_sav(frame, str(tmp_path / "a.sav"), variable_value_labels=labels)
    result = CliRunner().invoke(app, ["init", str(tmp_path / "panel"), str(tmp_path / "a.sav")])
    assert result.exit_code == 0, result.output
    drafted = {path.stem: read_document(path).content for path in (tmp_path / "panel/build/variables").rglob("*.yaml")}
    assert {name: each["type"] for name, each in drafted.items()} == {"well": "ordinal", "sex": "nominal"}
    assert drafted["well"]["waves"]["w1"]["status"] == "undetermined"
    assert CliRunner().invoke(app, ["lint", "--project", str(tmp_path / "panel")]).exit_code == 0
