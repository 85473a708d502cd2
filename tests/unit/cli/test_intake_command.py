"""``panelpress register`` and ``intake``: real files of several platforms in, pseudonyms out, and not one planted token."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Sequence
from pathlib import Path

import openpyxl
import pandas as pd
import pyreadstat
import pytest
from typer.testing import Result

from projects import begin, beside
from projects import command as run

HEADER = ["token", "mail", "telegram", "phone", "comment", "ip", "started", "country", "vote", "score"]
ROLES = ["id", "direct", "direct", "direct", "free_text", "paradata", "paradata", "quasi", "sensitive", "plain"]
PEOPLE = 6
WAVES = """
spec: panel-waves/0.1
studies:
- {id: tiny, title: {en: Tiny}, kind: panel, waves: [{id: w1, label: {en: One}, start: 2023, end: 2023}]}
"""


def canary(person: int, column: str) -> str:
    """A token that occurs nowhere else in the world."""
    return f"canary{person}{column}zq"


def cells(person: int) -> list[str]:
    return [
        canary(person, "id"),
        f"{canary(person, 'mail')}@example.org",
        f"@{canary(person, 'telegram')}",
        f"+99555512345{person} {canary(person, 'phone')}",
        f"My brother {canary(person, 'comment')} left too",
        f"203.0.113.{person} {canary(person, 'ip')}",
        canary(person, "started"),
        "GE" if person % 2 else "AM",
        str(1 + person % 2),
        str(person),
    ]


ROWS = [cells(person) for person in range(PEOPLE)]
Write = Callable[[Path, Sequence[Sequence[str]]], str]


def plain_csv(folder: Path, rows: Sequence[Sequence[str]]) -> str:
    with (folder / "w1.csv").open("w", newline="", encoding="utf-8") as stream:
        csv.writer(stream).writerows([HEADER, *rows])
    return "w1.csv"


def qualtrics(folder: Path, rows: Sequence[Sequence[str]]) -> str:
    imports = [json.dumps({"ImportId": f"QID{number}"}) for number in range(len(HEADER))]
    with (folder / "w1.csv").open("w", newline="", encoding="utf-8") as stream:
        csv.writer(stream).writerows([HEADER, [f"Question {name}" for name in HEADER], imports, *rows])
    return "w1.csv"


def limesurvey(folder: Path, rows: Sequence[Sequence[str]]) -> str:
    with (folder / "w1.csv").open("w", newline="", encoding="utf-8-sig") as stream:
        csv.writer(stream, delimiter=";", quoting=csv.QUOTE_ALL).writerows([HEADER, *rows])
    return "w1.csv"


def workbook(folder: Path, rows: Sequence[Sequence[str]]) -> str:
    book = openpyxl.Workbook()
    for row in [HEADER, *rows]:
        book.active.append(list(row))
    book.save(folder / "w1.xlsx")
    return "w1.xlsx"


def spss(folder: Path, rows: Sequence[Sequence[str]]) -> str:
    pyreadstat.write_sav(pd.DataFrame(rows, columns=HEADER), str(folder / "w1.sav"))
    return "w1.sav"


def stata(folder: Path, rows: Sequence[Sequence[str]]) -> str:
    pyreadstat.write_dta(pd.DataFrame(rows, columns=HEADER), str(folder / "w1.dta"))
    return "w1.dta"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    beside(monkeypatch, tmp_path)
    root = tmp_path / "checkout"
    for folder in ("raw/deliveries", "schemas/raw", "build", "publish"):
        (root / folder).mkdir(parents=True)
    return begin(root, {"build/waves.yaml": WAVES})


def declare(project: Path, platform: str, roles: Sequence[str] = ROLES) -> None:
    columns = "\n".join(f"- {{name: {name}, role: {role}}}" for name, role in zip(HEADER, roles, strict=True))
    text = f"spec: panel-contract/0.1\nstudy: tiny\nwave: w1\nplatform: {platform}\ncolumns:\n{columns}\n"
    (project / "schemas" / "raw" / "tiny_w1.yaml").write_text(text)


def deliver(project: Path, write: Write, rows: Sequence[Sequence[str]] = ROWS, *more: str) -> Result:
    name = write(project / "raw" / "deliveries", rows)
    path = project / "raw" / "deliveries" / name
    words = ["--study", "tiny", "--wave", "w1", "--received", "2024-01-31"]
    return run(project, "register", str(path), *words, *more)


def register_and_declare(project: Path, write: Write) -> None:
    registered = deliver(project, write)
    assert registered.exit_code == 0, registered.output
    line = (project / "raw" / "deliveries.csv").read_text().splitlines()[1]
    declare(project, line.split(",")[6])


def leaks(folder: Path) -> list[str]:
    """Names of the files below ``folder``, or of files that are named after somebody, in which a planted token stands."""
    found = [path.name for path in folder.rglob("*") if path.is_file() and b"canary" in path.read_bytes()]
    return found + [path.name for path in folder.rglob("*") if "canary" in path.name]


@pytest.mark.parametrize("write", [plain_csv, qualtrics, limesurvey, workbook, spss, stata])
def test_no_planted_token_reaches_the_work_folder_or_the_screen(project: Path, tmp_path: Path, write: Write) -> None:
    register_and_declare(project, write)
    taken = run(project, "intake", "--json")
    assert taken.exit_code == 0, taken.output
    [wave] = json.loads(taken.stdout)["waves"]
    assert (wave["rows_kept"], wave["columns_kept"]) == (PEOPLE, 3)
    assert "GE" in (tmp_path / "work" / "waves" / "tiny_w1.csv").read_text()
    assert leaks(tmp_path / "work") == [] and "canary" not in taken.output
    people = run(project, "intake")
    assert "canary" not in people.output and "nothing changed" in people.output
    assert "canary" not in (project / "raw" / "deliveries.csv").read_text()


BAD: list[tuple[str, Callable[[Path], object], int, str]] = [
    ("a missing file", lambda project: (project / "raw/deliveries/w1.csv").unlink(), 1, "is missing"),
    ("another file", lambda project: plain_csv(project / "raw/deliveries", ROWS[1:]), 1, "were registered"),
    ("a header one field short", lambda project: deliver(project, header_short), 1, "w1.csv"),
    ("a column without a role", lambda project: declare_without(project, "comment"), 1, "without a role: `comment`"),
    ("an identifier let in", lambda project: declare(project, "plain_csv", ["id", "plain", *ROLES[2:]]), 1, "email"),
    ("a person twice", lambda project: deliver(project, plain_csv, [*ROWS, ROWS[0]], "--replace"), 1, "more than one row"),
    ("a blank id", lambda project: deliver(project, plain_csv, [*ROWS, ["", *ROWS[0][1:]]], "--replace"), 1, "blank in 1 of 7"),
    (
        "a wrong key",
        lambda project: (project / "publish/ledger.jsonl").write_text('{"key_fingerprint": "00"}\n'),
        1,
        "last release",
    ),
    ("a contract that is no YAML", lambda project: (project / "schemas/raw/tiny_w1.yaml").write_text("a: [b"), 2, "tiny_w1.yaml"),
]


def header_short(folder: Path, rows: Sequence[Sequence[str]]) -> str:
    with (folder / "w1.csv").open("w", newline="", encoding="utf-8") as stream:
        csv.writer(stream).writerows([HEADER[:-1], *rows])
    return "w1.csv"


def declare_without(project: Path, name: str) -> None:
    path = project / "schemas" / "raw" / "tiny_w1.yaml"
    path.write_text("\n".join(line for line in path.read_text().splitlines() if f"name: {name}," not in line))


def state(work: Path) -> dict[str, bytes]:
    return {str(path.relative_to(work)): path.read_bytes() for path in sorted(work.rglob("*")) if path.is_file()}


@pytest.mark.parametrize(("break_it", "code", "message"), [case[1:] for case in BAD], ids=[case[0] for case in BAD])
def test_bad_input_gives_one_clear_error_and_leaves_everything_as_it_was(
    project: Path, tmp_path: Path, break_it: Callable[[Path], object], code: int, message: str
) -> None:
    register_and_declare(project, plain_csv)
    assert run(project, "intake").exit_code == 0
    before = state(tmp_path / "work")
    did = break_it(project)
    refused = did if isinstance(did, Result) and did.exit_code else run(project, "intake")
    assert refused.exit_code == code, refused.output
    assert message in refused.output
    assert refused.output.count("refused") == 1 and "next" in refused.output and "Traceback" not in refused.output
    assert "canary" not in refused.output
    assert state(tmp_path / "work") == before


def test_a_truncated_spss_file_is_refused_and_nothing_changes(project: Path, tmp_path: Path) -> None:
    register_and_declare(project, spss)
    assert run(project, "intake").exit_code == 0
    before = state(tmp_path / "work")
    file = project / "raw" / "deliveries" / "w1.sav"
    file.write_bytes(file.read_bytes()[:700])
    refused = run(project, "register", str(file), "--study", "tiny", "--wave", "w1")
    assert refused.exit_code == 1 and "Traceback" not in refused.output and "canary" not in refused.output
    assert run(project, "intake").exit_code == 1, "the damaged file is not the registered one"
    assert state(tmp_path / "work") == before


def test_only_files_in_the_folder_of_deliveries_and_declared_waves_are_registered(project: Path, tmp_path: Path) -> None:
    plain_csv(tmp_path, ROWS)
    elsewhere = run(project, "register", str(tmp_path / "w1.csv"), "--study", "tiny", "--wave", "w1")
    assert elsewhere.exit_code == 2 and "raw/deliveries" in elsewhere.output
    plain_csv(project / "raw" / "deliveries", ROWS)
    unknown = run(project, "register", str(project / "raw/deliveries/w1.csv"), "--study", "tiny", "--wave", "w9")
    assert unknown.exit_code == 2 and "w9" in unknown.output
    assert not (project / "raw" / "deliveries.csv").exists()


def retaken() -> list[list[str]]:
    """One person answered again, one slip was mended, one left, one came."""
    again = [*ROWS[0][:6], "canary0restarted", "AM", "2", "9"]
    mended = [*ROWS[1][:9], "8"]
    return [again, mended, *ROWS[2:5], cells(7)]


def test_a_new_export_is_compared_before_it_may_replace_the_old_one(project: Path, tmp_path: Path) -> None:
    register_and_declare(project, plain_csv)
    assert run(project, "intake").exit_code == 0
    registry = (project / "raw" / "deliveries.csv").read_bytes()
    (project / "raw/deliveries/w1.csv").rename(project / "raw/deliveries/old.csv")
    (project / "raw/deliveries.csv").write_bytes(registry.replace(b"w1.csv", b"old.csv"))
    asked = deliver(project, plain_csv, retaken())
    assert asked.exit_code == 1 and "--replace" in asked.output and "canary" not in asked.output
    for counted in ("6 rows before, 6 now", "1 added", "1 gone", "in 2 rows", "1 responses retaken"):
        assert counted in " ".join(asked.output.split()), counted
    assert (project / "raw/deliveries.csv").read_bytes() == registry.replace(b"w1.csv", b"old.csv")
    assert deliver(project, plain_csv, retaken(), "--replace").exit_code == 0
    assert run(project, "intake").exit_code == 0


def test_where_the_old_export_was_overwritten_the_wave_file_stands_in_for_it(project: Path) -> None:
    register_and_declare(project, plain_csv)
    overwritten = deliver(project, plain_csv, retaken())
    assert overwritten.exit_code == 1 and "the old export is gone" in overwritten.output
    plain_csv(project / "raw/deliveries", ROWS)
    assert run(project, "intake").exit_code == 0
    compared = deliver(project, plain_csv, retaken())
    assert compared.exit_code == 1 and "1 added" in compared.output and "3 cells changed" in compared.output


def test_an_implausibly_short_export_is_refused(project: Path) -> None:
    register_and_declare(project, plain_csv)
    for more in ((), ("--replace",)):
        short = deliver(project, plain_csv, ROWS[:4], *more)
        assert short.exit_code == 1 and "has 4 rows" in short.output and "has 6" in short.output


def test_registering_the_same_file_again_changes_nothing(project: Path) -> None:
    register_and_declare(project, plain_csv)
    before = (project / "raw" / "deliveries.csv").read_bytes()
    assert deliver(project, plain_csv).exit_code == 0
    assert (project / "raw" / "deliveries.csv").read_bytes() == before


def test_replay_names_what_a_cleaning_log_does_not_document(project: Path, tmp_path: Path) -> None:
    raw = project / "raw" / "deliveries" / plain_csv(project / "raw" / "deliveries", ROWS)
    cleaned = tmp_path / plain_csv(tmp_path, [[*ROWS[0][:9], "77"], *ROWS[1:]])
    log = tmp_path / "log.csv"
    log.write_text(f"id,column,old,new,reason\n{ROWS[0][0]},score,0,77,asked again\n")
    arguments = ["replay", str(raw), str(log), str(cleaned), "--id", "token"]
    complete = run(project, *arguments, "--json")
    assert complete.exit_code == 0 and json.loads(complete.stdout)["documented"] is True
    log.write_text("id,column,old,new,reason\nnobody,score,0,1,no such person\n")
    missing = run(project, *arguments, "--list", str(tmp_path / "cells.csv"))
    assert missing.exit_code == 1 and "score" in missing.output and "canary" not in missing.output
    assert (tmp_path / "cells.csv").read_text().splitlines()[1] == f"{ROWS[0][0]},score"
    committed = run(project, *arguments, "--list", str(project / "cells.csv"))
    assert committed.exit_code == 2 and not (project / "cells.csv").exists()


def test_every_column_that_looks_like_an_identifier_is_named_before_the_refusal(project: Path) -> None:
    register_and_declare(project, plain_csv)
    declare(project, "plain_csv", ["id", "plain", "quasi", "sensitive", *ROLES[4:]])
    refused = run(project, "intake")
    assert refused.exit_code == 1 and "canary" not in refused.output
    for column, kind in (("mail", "email"), ("telegram", "handle"), ("phone", "phone")):
        assert f"tiny_w1, {column}: looks like {kind} (certain), < 11 of 6" in refused.output
    assert "and 2 other columns" in refused.output
