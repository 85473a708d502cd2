"""``panelpress check`` on a whole little project: go, every reason why not, nothing published, nobody named."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from projects import answers, beside, command, create, deliver

RULES = "validation/rules.yaml"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project as it was created, copied for each test."""
    with pytest.MonkeyPatch.context() as patch:
        folder = tmp_path_factory.mktemp("made")
        beside(patch, folder)
        create(folder / "checkout")
    return folder


@pytest.fixture
def project(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)
    beside(monkeypatch, tmp_path)
    return tmp_path / "checkout"


def check(project: Path) -> tuple[int, dict[str, Any]]:
    done = command(project, "check", "--json")
    return done.exit_code, json.loads(done.stdout.splitlines()[-1])


def failed(report: dict[str, Any]) -> set[tuple[str, str | None]]:
    return {(each["rule"], each["field"]) for each in report["findings"] if each["failed"] and each["severity"] == "error"}


def add(project: Path, text: str) -> None:
    path = project / RULES
    path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")


@pytest.mark.slow
def test_a_sound_project_is_a_go_and_nothing_is_published(project: Path, tmp_path: Path) -> None:
    done = command(project, "check")
    assert done.exit_code == 0, done.output
    assert "GO" in done.output and "NO-GO" not in done.output
    reports = tmp_path / "work" / "reports" / "gate" / "0.1.0"
    assert {path.name for path in reports.iterdir()} == {"gate.html", "gate.json", "gate.junit.xml"}
    assert [path.name for path in (project / "releases").glob("*") if path.is_dir()] == []
    assert not (project / "publish" / "ledger.jsonl").exists()
    stages = {each["stage"] for each in json.loads((reports / "gate.json").read_text(encoding="utf-8"))["findings"]}
    assert {"wave", "build", "panel", "release", "descriptor", "package"} <= stages


@pytest.mark.slow
def test_no_report_names_a_person_by_any_id(project: Path, tmp_path: Path) -> None:
    add(project, 'rules:\n- {id: happy, study: little, holds: "mood >= 4", text: {en: All are happy.}, severity: warning}\n')
    code, report = check(project)
    assert code == 0
    assert {each["n_failed"] for each in report["findings"] if each["rule"] == "project.happy"} == {"44"}
    wave = (tmp_path / "work" / "waves" / "little_a.csv").read_text(encoding="utf-8").splitlines()[1:]
    ids = {cell for line in wave for cell in line.split(",")[:2]}
    assert len(ids) == 80
    for path in (tmp_path / "work" / "reports").rglob("*"):
        if path.is_file():
            text = path.read_text(encoding="utf-8")
            assert "-zq" not in text and not any(each in text for each in ids), path.name


def routed_past(project: Path) -> None:
    rows = [[*row[:4], "2"] if row[3] == "0" else row for row in answers("a")]
    deliver(project, "a", rows, "--replace")


def universe_forgotten(project: Path) -> None:
    path = project / "build" / "variables" / "boss.yaml"
    path.write_text(
        path.read_text(encoding="utf-8").replace('universe: "works = 1"', 'universe: "works IN (0, 1)"'), encoding="utf-8"
    )


def other_people(project: Path) -> None:
    deliver(project, "b", [[f"other-{row[0]}", *row[1:]] for row in answers("b")], "--replace")


def turned(project: Path) -> None:
    deliver(project, "b", [[row[0], "mf"[row[1] == "m"], *row[2:]] for row in answers("b")], "--replace")
    text = (project / RULES).read_text(encoding="utf-8")
    (project / RULES).write_text(text + "severities: {panel.constant: error}\n", encoding="utf-8")


NO_GO: dict[str, tuple[Callable[[Path], None], set[tuple[str, str | None]]]] = {
    "a universe that is not the questionnaire's": (universe_forgotten, {("panel.routing", "boss")}),
    "a panel to which nobody came back": (other_people, {("summary.retention", "b")}),
    "people who change what cannot change": (turned, {("panel.constant", "gender")}),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", NO_GO)
def test_each_fault_is_a_no_go_that_names_its_check(project: Path, name: str) -> None:
    break_it, wanted = NO_GO[name]
    break_it(project)
    code, report = check(project)
    assert (code, report["go"], failed(report)) == (1, False, wanted)


@pytest.mark.slow
def test_a_waiver_lets_a_known_failure_pass_until_its_day(project: Path) -> None:
    universe_forgotten(project)
    waiver = project / "validation" / "waivers.yaml"
    text = (
        "spec: panel-waivers/0.1\nwaivers:\n- {id: known, rule: panel.routing, field: boss, "
        'reason: "the routing is being mended", owner: data manager, expires: "%s"}\n'
    )
    waiver.write_text(text % "2999-12-31")
    assert check(project)[0] == 0
    waiver.write_text(text % "2020-12-31")
    assert check(project)[0] == 1


def test_a_rule_that_cannot_be_read_is_refused_before_anything_is_judged(project: Path, tmp_path: Path) -> None:
    add(project, 'rules:\n- {id: sql, study: little, holds: "mood IN (SELECT 1)", text: {en: No.}}\n')
    done = command(project, "check")
    assert done.exit_code == 2
    assert "validation/rules.yaml:5" in done.output
    assert not (tmp_path / "work" / "reports" / "gate").exists()
