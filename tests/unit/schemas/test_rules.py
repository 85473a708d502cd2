"""``validation/rules.yaml`` and ``waivers.yaml``: what they may say, and that every mistake names its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from panelpress.errors import DeclarationError
from panelpress.model.rules import Bounds, Listed, Routing, Rules, Waiver, Weight
from panelpress.paths import Places
from panelpress.schemas.rules import load_rules
from panelpress.schemas.waivers import load_waivers
from worlds import STUDY, VARIABLES


@pytest.fixture
def here(tmp_path: Path) -> Places:
    (tmp_path / "validation").mkdir()
    return Places(tmp_path, tmp_path / "work")


def rules(here: Places, text: str) -> Rules:
    here.rules_file.write_text(f"spec: panel-rules/0.1\n{text}", encoding="utf-8")
    return load_rules(here, [STUDY], VARIABLES)


FULL = """
smallest_count: 5
thresholds: {missing: 0.5, psi: 0.3}
severities: {summary.missing_share: info}
empty: [{variable: age, wave: a, reason: "lost by the platform"}]
minimum_cells: {distributions: 30}
panel:
  constant: [gender]
  conflict_tolerance: 0.02
  participation: {tiny: [a, b, "a b"]}
  retention: [{wave: b, minimum: 0.1, maximum: 1}]
  field_dates: [age]
  weights: [{variable: age, study: tiny}]
  routing: [{variable: trust, study: tiny, asked_when: "gender = 1", waves: [a]}]
rules:
- {id: adults, study: tiny, holds: "age >= 18", text: {en: "Adults only."}, severity: warning, tolerance: 0.1}
"""


def test_a_full_file_is_read_as_written(here: Places) -> None:
    read = rules(here, FULL)
    assert read.smallest_count == 5
    assert (read.thresholds.missing, read.thresholds.psi, read.thresholds.tvd) == (0.5, 0.3, 0.1)
    assert read.severities == {"summary.missing_share": "info"}
    assert read.empty == (Listed("age", "a", "lost by the platform"),)
    assert read.minimum_cells == {"distributions": 30}
    assert read.constant == ("gender",) and read.field_dates == ("age",) and read.conflict_tolerance == 0.02
    assert read.participation == {"tiny": ("a", "b", "a b")}
    assert read.retention == (Bounds("b", 0.1, 1.0),)
    assert read.weights == (Weight("age", "tiny"),)
    assert read.routing == (Routing("trust", "tiny", "gender = 1", ("a",)),)
    assert [(each.id, each.severity, each.tolerance) for each in read.rules] == [("adults", "warning", 0.1)]


def test_no_file_means_the_defaults(here: Places) -> None:
    assert load_rules(here, [STUDY], VARIABLES) == Rules()
    assert load_waivers(here) == ()


MISTAKES = {
    "threshold: {missing: 0.5}": "thresholds",
    "thresholds: {missing: 1.5}": "missing",
    "severities: {summary.missing_share: fatal}": "error, warning, info",
    "empty: [{variable: wage, reason: 'lost by the platform'}]": "wage",
    "empty: [{variable: age, reason: short}]": "reason",
    "panel: {constant: [wage]}": "wage",
    "panel: {participation: {tiny: [a, c]}}": "no wave `c`",
    "panel: {participation: {other: [a]}}": "other",
    "panel: {retention: [{wave: c, minimum: 0, maximum: 1}]}": "`c`",
    "panel: {routing: [{variable: trust, study: tiny, asked_when: 'wage = 1'}]}": "wage",
    "panel: {routing: [{variable: trust, study: tiny, asked_when: 'age + 1'}]}": "no condition",
    "panel: {weights: [{variable: wage, study: tiny}]}": "wage",
    "rules: [{id: x, study: tiny, holds: \"read_text('/etc/passwd') = 'x'\", text: no}]": "read_text",
    "rules: [{id: x, study: tiny, holds: 'age IN (SELECT 1)', text: no}]": "IN",
    "rules: [{id: x, study: none, holds: 'age > 1', text: no}]": "none",
    "rules: [{id: x, study: tiny, holds: 'age > 1', text: t, waves: [z]}]": "no wave `z`",
    "rules: [{id: x, study: tiny, holds: 'age > 1', text: t}, {id: x, study: tiny, holds: 'age > 2', text: t}]": "twice",
}


@pytest.mark.parametrize("text", MISTAKES)
def test_a_mistake_is_refused_by_file_and_line(here: Places, text: str) -> None:
    with pytest.raises(DeclarationError) as refused:
        rules(here, text)
    assert refused.value.where.startswith("validation/rules.yaml")
    assert MISTAKES[text] in refused.value.what + refused.value.todo


def waivers(here: Places, text: str) -> tuple[Waiver, ...]:
    here.waivers_file.write_text(f"spec: panel-waivers/0.1\nwaivers:\n{text}", encoding="utf-8")
    return load_waivers(here)


GOOD = '- {id: w, rule: table.codes, reason: "a late code list", owner: data manager, expires: "2026-12-31"}\n'


def test_a_waiver_needs_a_reason_an_owner_and_a_day_that_exists(here: Places) -> None:
    assert waivers(here, GOOD)[0] == Waiver(
        "w", "table.codes", "a late code list", "data manager", "2026-12-31", declared_in="validation/waivers.yaml:3"
    )
    for wrong in (
        GOOD.replace("owner: data manager, ", ""),
        GOOD.replace('"a late code list"', '""'),
        GOOD.replace(', expires: "2026-12-31"', ""),
        GOOD.replace("12-31", "02-30"),
        GOOD + GOOD,
    ):
        with pytest.raises(DeclarationError, match=r"validation/waivers\.yaml"):
            waivers(here, wrong)
