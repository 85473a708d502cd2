"""Repeat groups: described, drafted, taken in as a study of their own, or named with their rows as left out."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest
from typer.testing import Result

from panelpress.paths import places
from panelpress.raw.registry import read_registry
from platform_exports import write_workbook
from projects import begin, beside
from projects import command as run

WAVES = """
spec: panel-waves/0.1
studies:
- {id: tiny, title: {en: Tiny}, kind: panel, waves: [{id: w1, label: {en: One}, start: 2023, end: 2023}]}
- {id: members, title: {en: Members}, kind: records, waves: [{id: members_w1, label: {en: Members}, start: 2023, end: 2023}]}
"""
SHEETS: dict[str, list[list[object]]] = {
    "survey": [["well", "_id", "_uuid", "_submission_time", "_index"], *([i % 2, 10 + i, f"u{i}", "2023-01-01", i] for i in range(1, 6))],
    "members": [
        ["relation", "_index", "_parent_table_name", "_parent_index", "_submission__uuid"],
        *([("son", "daughter")[i % 2], i, "survey", i % 5 + 1, f"u{i % 5 + 1}"] for i in range(1, 13)),
    ],
}  # fmt: skip


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    beside(monkeypatch, tmp_path)
    root = tmp_path / "tiny"
    (root / "raw" / "deliveries").mkdir(parents=True)
    write_workbook(SHEETS)(root / "raw" / "deliveries" / "kobo.xlsx")
    return begin(root, {"build/waves.yaml": WAVES})


def take(root: Path, study: str, wave: str, *platform: str) -> Result:
    """Draft the contract of one table of the workbook, register it."""
    file = str(root / "raw" / "deliveries" / "kobo.xlsx")
    drafted = run(root, "describe", file, "--study", study, "--wave", wave, *platform)
    assert drafted.exit_code == 0, drafted.output
    return run(root, "register", file, "--study", study, "--wave", wave, *platform)


def test_a_description_counts_the_child_table_and_says_how_to_see_it(project: Path) -> None:
    told = run(project, "describe", str(project / "raw/deliveries/kobo.xlsx"))
    assert "child table members: 12 rows, 12 kept; 5 columns; described by --platform kobo_xlsx:members" in " ".join(
        told.output.split()
    )
    inner = json.loads(
        run(project, "describe", str(project / "raw/deliveries/kobo.xlsx"), "--platform", "kobo:members", "--json").output
    )
    assert (inner["rows"], inner["id"]) == (12, "_submission__uuid")
    assert next(each["name"] for each in inner["columns"]) == "relation"


def test_a_child_table_that_nobody_registered_is_named_with_its_rows(project: Path) -> None:
    take(project, "tiny", "w1")
    told = run(project, "intake")
    assert told.exit_code == 0
    assert "tiny_w1, members: rows of this child table are not taken in" in " ".join(told.output.split())
    assert "12 of 12" in told.output


def test_a_child_table_is_taken_in_as_a_list_of_records(project: Path) -> None:
    take(project, "tiny", "w1")
    assert take(project, "members", "members_w1", "--platform", "kobo_xlsx:members").exit_code == 0
    told = json.loads(run(project, "intake", "--json").output)
    assert [(each["study"], each["rows_in"], each["rows_kept"]) for each in told["waves"]] == [
        ("members", 12, 12),
        ("tiny", 5, 5),
    ]
    assert "child_table_left_out" not in {each["rule"] for each in told["findings"]}
    rows = pl.read_csv(places(project).wave_file("members", "members_w1"), infer_schema=False)
    assert rows.columns == ["person_id", "record_id", "relation"]
    assert (rows["person_id"].n_unique(), rows["record_id"].n_unique()) == (5, 12)


def test_who_withdraws_leaves_the_child_table_too(project: Path) -> None:
    take(project, "tiny", "w1")
    take(project, "members", "members_w1", "--platform", "kobo_xlsx:members")
    assert run(project, "intake").exit_code == 0
    left = run(project, "withdraw", given="u2\n")
    assert left.exit_code == 0, left.output
    files = {each.study: each.file for each in read_registry(places(project))}
    assert files == {"members": "kobo.xlsx.members.without-withdrawn.csv", "tiny": "kobo.xlsx.without-withdrawn.csv"}
    assert not (project / "raw/deliveries/kobo.xlsx").exists()
    told = json.loads(run(project, "intake", "--json").output)
    assert [(each["study"], each["rows_kept"]) for each in told["waves"]] == [("members", 9), ("tiny", 4)]


def test_an_unknown_child_table_is_refused_and_the_known_are_named(project: Path) -> None:
    told = run(project, "describe", str(project / "raw/deliveries/kobo.xlsx"), "--platform", "kobo:pets")
    assert told.exit_code == 1 and "Its child tables are: members" in " ".join(told.output.split())
