"""Bad input, met by a project that already has a release: one clear error, the right exit code, and everything as it was."""

from __future__ import annotations

import csv
import json
import re
import secrets
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import pandas as pd
import pyreadstat
import pytest

from projects import FILES, HEADER, answers, beside, command, create, must

pytestmark = pytest.mark.slow
# What a failed build may write: a private list of what it could not map, and reports of the gate that was asked.
MAY_CHANGE = re.compile(r"work/(failures|reports)/")


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The little project, wave b as an SPSS file, after its first release."""
    folder = tmp_path_factory.mktemp("released")
    with pytest.MonkeyPatch.context() as patch:
        beside(patch, folder)
        root = create(folder / "checkout")
        deliver_spss(root)
        must(root, "run")
    return folder


@pytest.fixture
def project(released: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(released, tmp_path, dirs_exist_ok=True)
    beside(monkeypatch, tmp_path)
    return tmp_path / "checkout"


def deliver_spss(root: Path) -> None:
    text = (root / "schemas/raw/little_b.yaml").read_text(encoding="utf-8")
    (root / "schemas/raw/little_b.yaml").write_text(text.replace("plain_csv", "spss_sav"), encoding="utf-8")
    (root / "raw/deliveries/wave_b.csv").unlink()
    frame = pd.DataFrame(answers("b"), columns=list(HEADER)).astype({"mood": float, "works": float})
    frame["boss"] = pd.to_numeric(frame["boss"])
    path = root / "raw/deliveries/wave_b.sav"
    pyreadstat.write_sav(frame, str(path))
    must(root, "register", str(path), "--study", "little", "--wave", "b", "--received", "2024-01-31", "--replace")


def write(project: Path, rows: Sequence[Sequence[str]], header: Sequence[str] = HEADER) -> None:
    with (project / "raw/deliveries/wave_a.csv").open("w", newline="", encoding="utf-8") as stream:
        csv.writer(stream).writerows([header, *rows])


def register(project: Path) -> None:
    must(project, "register", str(project / "raw/deliveries/wave_a.csv"), "--study", "little", "--wave", "a", "--replace")


def missing_file(project: Path) -> None:
    (project / "raw/deliveries/wave_a.csv").unlink()


def truncated(project: Path) -> None:
    path = project / "raw/deliveries/wave_b.sav"
    path.write_bytes(path.read_bytes()[:900])


def short_header(project: Path) -> None:
    write(project, answers("a"), HEADER[:-1])


def without_role(project: Path) -> None:
    write(project, [[*row, "x"] for row in answers("a")], (*HEADER, "remarks"))
    register(project)


def person_twice(project: Path) -> None:
    write(project, [*answers("a"), answers("a")[0]])
    register(project)


def unmapped(project: Path) -> None:
    write(project, [[*row[:2], "7", *row[3:]] if at < 13 else row for at, row in enumerate(answers("a"))])
    register(project)
    plan = project / "publish/releases.yaml"
    plan.write_text(plan.read_text(encoding="utf-8") + "- {version: 0.2.0, date: 2026-02-28, notes: {en: Next.}}\n")
    must(project, "intake")


def wrong_key(project: Path) -> None:
    """Another well-made demo key, not the one of the last release."""
    path = project / "raw/demo-key.txt"
    *header, key = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([*header, key[:-32] + secrets.token_hex(16)]) + "\n", encoding="utf-8")


BAD: list[tuple[Callable[[Path], None], int, str, str]] = [
    (missing_file, 1, "raw/deliveries/wave_a.csv", "is missing"),
    (truncated, 1, "raw/deliveries/wave_b.sav", "were registered"),
    (short_header, 1, "raw/deliveries/wave_a.csv", "were registered"),
    (without_role, 1, "wave_a.csv", "without a role: `remarks`"),
    (person_twice, 1, "wave_a.csv", "more than one row of the wave (2 rows)"),
    (unmapped, 1, "build/variables/mood.yaml", "no rule for raw code '7' of column `mood` in wave a of little (13 row(s))"),
    (wrong_key, 1, "key", "of the last release"),
]


def state(project: Path) -> dict[str, bytes]:
    return {
        each.relative_to(project.parent).as_posix(): each.read_bytes() for each in project.parent.rglob("*") if each.is_file()
    }


@pytest.mark.parametrize(("break_it", "code", "where", "what"), BAD, ids=[case[0].__name__ for case in BAD])
def test_bad_input_is_one_clear_error_and_loses_nothing(
    project: Path, break_it: Callable[[Path], None], code: int, where: str, what: str
) -> None:
    break_it(project)
    before = state(project)
    told, spoken = command(project, "run", "--json"), command(project, "run")
    assert told.exit_code == spoken.exit_code == code
    error = json.loads(told.stdout)
    assert error["ok"] is False and error["where"] == where and what in error["what"] and error["todo"]
    assert spoken.output.count("refused ") == 1 and spoken.output.count("next ") == 1 and "Traceback" not in spoken.output
    assert "token-" not in told.output + spoken.output, "an id of a person"
    after = state(project)
    assert [name for name in before | after if before.get(name) != after.get(name) and not MAY_CHANGE.match(name)] == []


@pytest.mark.parametrize(
    ("break_it", "what"), [(truncated, "wave_b.sav"), (short_header, "the header (line 1) has 4 fields, the records 5")]
)
def test_a_damaged_file_is_not_registered_either(project: Path, break_it: Callable[[Path], None], what: str) -> None:
    break_it(project)
    registry = (project / "raw/deliveries.csv").read_bytes()
    name, wave = ("wave_b.sav", "b") if break_it is truncated else ("wave_a.csv", "a")
    refused = command(
        project, "register", str(project / "raw/deliveries" / name), "--study", "little", "--wave", wave, "--replace"
    )
    assert refused.exit_code == 1 and what in refused.output and "Traceback" not in refused.output
    assert (project / "raw/deliveries.csv").read_bytes() == registry


def test_a_second_run_says_that_nothing_changed(project: Path) -> None:
    before = state(project)
    again = command(project, "run")
    assert again.exit_code == 0 and "nothing changed: release 0.1.0 is in releases/0.1.0" in again.output
    assert json.loads(command(project, "run", "--json").stdout)["changed"] is False
    assert state(project) == before


def test_a_wrong_declaration_and_a_wrong_call_exit_with_two(project: Path) -> None:
    assert command(project, "run", "--release", "9.9.9").exit_code == 2
    assert command(project, "run", "--nonsense").exit_code == 2
    path = project / "schemas/raw/little_a.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("role: id", "role: ident"), encoding="utf-8")
    refused = command(project, "run")
    assert refused.exit_code == 2 and "schemas/raw/little_a.yaml:6" in refused.output and "'ident'" in refused.output


def test_the_demo_key_serves_no_project_of_real_respondents(project: Path) -> None:
    path = project / "panelpress.yaml"
    path.write_text(FILES["panelpress.yaml"].replace("simulated: true", "simulated: false"), encoding="utf-8")
    before = state(project)
    refused = command(project, "run")
    assert refused.exit_code == 1 and "`panelpress key init`" in refused.output
    assert state(project) == before
