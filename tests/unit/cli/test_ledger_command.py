"""``panelpress ledger`` and ``panelpress diff`` from the command line: exit codes, and not a number that shows few people."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from panelpress.cli.diff import diff_facts
from panelpress.cli.main import app
from panelpress.model.changes import CellChange, PeopleChange, ReleaseDiff
from panelpress.paths import WORK_VARIABLE, Places
from panelpress.publish.versions import ledger
from releasing import project, release

PROJECT = """\
spec: panel-project/0.1
id: tiny-panel
title: {en: Tiny panel (simulated)}
description: {en: Five invented persons.}
simulated: true
languages: [en]
licence: {name: CC-BY-4.0, title: CC BY, path: "https://creativecommons.org/licenses/by/4.0/"}
contributors: [{title: Tiny panel team, role: author}]
"""


@pytest.fixture
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Places:
    here = project(tmp_path)
    here.project_file.write_text(PROJECT, encoding="utf-8")
    monkeypatch.setenv(WORK_VARIABLE, str(here.work))
    release(here, exporters=())
    return here


def call(places: Places, *arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, [*arguments, "--project", str(places.root)])
    return done.exit_code, done.output


def test_a_whole_ledger_verifies_with_exit_0(places: Places) -> None:
    code, output = call(places, "ledger", "verify")
    assert (code, output.strip()) == (0, "holds  2 entries")


def test_a_changed_line_verifies_with_exit_1_and_is_named(places: Places) -> None:
    places.ledger.write_text(places.ledger.read_text(encoding="utf-8").replace('"0.1.0"', '"0.1.9"'), encoding="utf-8")
    code, output = call(places, "ledger", "verify", "--json")
    assert code == 1
    assert json.loads(output)["problems"][0].startswith("line 1")


def test_the_entries_are_listed(places: Places) -> None:
    code, output = call(places, "ledger", "show", "--json")
    assert code == 0
    assert [each["kind"] for each in json.loads(output)["entries"]] == ["sign_off", "release"]


def test_a_sign_off_is_recorded(places: Places) -> None:
    code, _ = call(places, "ledger", "sign-off", "0.2.0", "--role", "maintainer", "--report", "d" * 64)
    assert code == 0
    assert ledger.signed_off(ledger.read(places), "0.2.0", "d" * 64) is not None


@pytest.mark.parametrize("arguments", [("0.2", "d" * 64), ("0.2.0", "digest")])
def test_a_sign_off_of_nothing_is_refused_with_exit_2(places: Places, arguments: tuple[str, str]) -> None:
    version, report = arguments
    code, _ = call(places, "ledger", "sign-off", version, "--role", "maintainer", "--report", report)
    assert code == 2


def test_a_diff_of_one_release_with_itself_is_refused_with_exit_2(places: Places) -> None:
    assert call(places, "diff", "0.1.0")[0] == 2


def test_a_diff_tells_no_count_below_k() -> None:
    cells = (
        CellChange("s", "v", "w", "1", None, "2", None, 4, False),
        CellChange("s", "u", "w", "1", None, "2", None, 11, False),
    )
    people = (PeopleChange("s", None, 3, 0, 100), PeopleChange("s", "w", 0, 12, 100))
    facts = diff_facts(ReleaseDiff("0.1.0", "0.2.0", 11, True, False, cells=cells, people=people))
    assert [each["cells"] for each in facts["corrected"]] == ["< 11", "11"]
    assert [(each["added"], each["gone"]) for each in facts["people"]] == [("< 11", "0"), ("0", "12")]
