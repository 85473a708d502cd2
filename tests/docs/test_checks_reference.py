"""The reference of checks lists exactly what the gate knows, in the gate's own words."""

from __future__ import annotations

import re
from pathlib import Path

from panelpress.build.control import CHECKS as BUILD_CHECKS
from panelpress.validation.checks import CHECKS


def test_every_check_stands_in_the_reference_as_the_gate_knows_it(repository: Path) -> None:
    page = (repository / "docs" / "reference" / "checks.md").read_text(encoding="utf-8")
    rows = [f"| `{each.id}` | {each.owner} | {each.severity} | {each.holds} | {each.todo} |" for each in CHECKS.values()]
    assert [row for row in rows if row not in page] == []
    assert [each for each in BUILD_CHECKS if f"| `{each}` |" not in page] == []


def test_the_reference_lists_no_check_that_is_gone(repository: Path) -> None:
    page = (repository / "docs" / "reference" / "checks.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^\| `([a-z_.]+)` \|", page, flags=re.M)) == set(CHECKS) | set(BUILD_CHECKS)
