"""A file that frictionless reads only in part is read to its end by DuckDB, and the report says what read what."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from packages import describe, publish
from panelpress.model.findings import Finding
from panelpress.validation import frictionless_checks
from panelpress.validation.structure import check_package
from worlds import tiny_edition


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A published tiny world of which frictionless may read three rows of responses."""
    monkeypatch.setattr(frictionless_checks, "MAX_CELLS", 60)
    monkeypatch.setattr(frictionless_checks, "FIRST_CELLS", 30)
    edition, rows = tiny_edition()
    return publish(edition, rows, tmp_path)


def about(descriptor: Path, rule: str) -> list[Finding]:
    return [each for each in check_package(descriptor) if each.rule == rule and each.resource == "tiny_responses"]


def change(descriptor: Path, old: str, new: str) -> None:
    path = descriptor.parent / "data" / "csv" / "tiny_responses.csv"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_the_report_says_how_far_frictionless_read(package: Path) -> None:
    assert [each.message for each in about(package, "package.read_in_full")] == [
        "frictionless read the first 3 rows; DuckDB checked the table in full before it was written"
    ]
    assert [each.failed for each in about(package, "package.read_back")] == [False]


def test_a_changed_byte_beyond_that_is_found_by_its_hash(package: Path) -> None:
    change(package, "p5,b", "p6,b")
    assert [each.message for each in about(package, "package.read_back")] == ["its hash is not the described one"]


@pytest.mark.parametrize(("old", "new"), [("p5,b,,refused,2", "p5,b,,refused,two"), ("p5,b,", "p5,b,,,,,,,,,,,,")])
def test_a_value_of_the_wrong_type_beyond_that_is_found(package: Path, old: str, new: str) -> None:
    change(package, old, new)
    edition, _ = tiny_edition()
    describe(edition, package.parent)
    found = about(package, "package.read_back")
    assert [each.message for each in found] == ["a value is not of its column's type, or a row is of another length"]
    assert "two" not in json.dumps([each.message for each in found])


def test_a_small_package_is_read_in_full_and_says_nothing_of_it(package: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frictionless_checks, "MAX_CELLS", 5_000_000)
    assert about(package, "package.read_in_full") == [] and about(package, "package.read_back") == []
