"""``panelpress lint`` reads every declaration, also the one whose reader is not in the schemas: the register of printed numbers."""

from __future__ import annotations

from pathlib import Path

import pytest

from panelpress.validation.estimates.register import COLUMNS
from projects import FILES, beside, command

SAMPLES = """
spec: panel-samples/0.1
samples:
- {id: all_of_a, study: little, label: {en: Everybody in a}, where: wave = 'a'}
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The little project without data, with a register of one printed number."""
    beside(monkeypatch, tmp_path)
    root = tmp_path / "little"
    contract = FILES["schemas/raw/little_a.yaml"]
    more = {"schemas/raw/little_b.yaml": contract.replace("wave: a", "wave: b"), "build/samples.yaml": SAMPLES}
    for name, text in {**FILES, **more}.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text.lstrip("\n"), encoding="utf-8")
    register(root, "works")
    return root


def register(root: Path, variable: str) -> None:
    row = dict.fromkeys(COLUMNS, "") | {
        "id": "one", "fact_key": "f", "scope": "survey", "study": "little", "locator": "1:1", "printed": "50%", "value": "50",
        "unit": "percent", "op": "eq", "rounding": "0.5", "statistic": "share", "sample": "all_of_a", "variable": variable, "answer": "1",
    }  # fmt: skip
    (root / "validation/estimates.csv").write_text(f"{','.join(COLUMNS)}\n{','.join(row.values())}\n", encoding="utf-8")


def test_a_wrong_row_of_the_register_is_a_mistake_with_its_line(project: Path) -> None:
    assert command(project, "lint").output.strip() == "no mistakes found"
    register(project, "wages")
    found = command(project, "lint")
    assert found.exit_code == 2
    said = " ".join(found.output.split())
    assert "validation/estimates.csv:2" in said and "no variable is called `wages`" in said and "1 mistake(s)" in said
