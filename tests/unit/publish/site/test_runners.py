"""Visitors' SQL runs in a process that is killed when it overstays, and brings back what SQLite would."""

from __future__ import annotations

import asyncio
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hostile import LONG
from panelpress.publish.site import runner as own
from panelpress.publish.site.runner import NOT_RUN, TOO_LARGE, TOO_MUCH_MEMORY
from panelpress.publish.site.runners import LONGEST_LINE, Answered, Busy, Runner, Runners

ENDLESS = "WITH RECURSIVE t(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM t) SELECT count(*) FROM t"
# One instruction that takes minutes: no progress handler of SQLite is asked meanwhile.
STUCK = (
    "WITH RECURSIVE s(x) AS (SELECT 'aaaaaaaa' UNION ALL SELECT x || x FROM s WHERE length(x) < 400000), "
    "l(h, n) AS (SELECT max(x), substr(max(x), 1, 250000) FROM s) SELECT "
    + ", ".join(f"instr(h, n || '{number}')" for number in range(500))
    + " FROM l"
)


@pytest.fixture
def database(tmp_path: Path) -> str:
    path = tmp_path / "a b#1.sqlite"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE t (n INTEGER, word TEXT, raw BLOB)")
        connection.executemany("INSERT INTO t VALUES (?, ?, ?)", [(number, "слово", b"\x00\xff") for number in range(50)])
    return str(path)


@pytest.fixture
def runner() -> Iterator[Runner]:
    found = Runner()
    yield found
    found.stop()


def question(database: str, sql: str, params: Any = (), **limits: Any) -> dict[str, Any]:
    return {"path": database, "sql": sql, "params": params, "seconds": 5, "rows": 20, "cells": None, **limits}


def test_rows_come_back_as_they_are_and_say_whether_there_are_more(runner: Runner, database: str) -> None:
    found = runner.ask(question(database, "SELECT n, word, raw, NULL AS empty FROM t WHERE n < :n", {"n": 2}))
    assert found == {
        "columns": ["n", "word", "raw", "empty"],
        "rows": [[0, "слово", b"\x00\xff", None], [1, "слово", b"\x00\xff", None]],
        "more": False,
    }
    cut = runner.ask(question(database, "SELECT n FROM t"))
    assert (len(cut["rows"]), cut["more"]) == (20, True)
    page = runner.ask(question(database, "SELECT n, word FROM t", cells=10))
    assert (len(page["rows"]), page["more"]) == (5, True)


@pytest.mark.parametrize(
    ("sql", "interrupted"),
    [
        pytest.param(ENDLESS, True, id="an endless query"),
        pytest.param(STUCK, True, id="an instruction that cannot be interrupted"),
        pytest.param("SELECT nothing FROM t", False, id="a column that is not there"),
        pytest.param("SELECT ?", False, id="a parameter that is not given"),
        pytest.param("SELECT 1; SELECT 2", False, id="two statements"),
        pytest.param("ATTACH '/x' AS y", False, id="a door that is closed"),
    ],
)
def test_what_cannot_be_answered_is_an_error_and_the_next_query_runs(
    runner: Runner, database: str, sql: str, interrupted: bool
) -> None:
    found = runner.ask(question(database, sql, seconds=1.0))
    assert set(found) == {"error", "interrupted"}
    assert found["interrupted"] is interrupted
    assert runner.ask(question(database, "SELECT 1 AS one"))["rows"] == [[1]]


def test_a_result_that_is_too_large_is_an_error(runner: Runner, database: str) -> None:
    sql = (
        "WITH RECURSIVE s(x) AS (SELECT 'aaaaaaaa' UNION ALL SELECT x || x FROM s WHERE length(x) < 400000), l(x) AS (SELECT max(x) FROM s) "
        "SELECT x FROM l, t LIMIT 12"
    )
    assert runner.ask(question(database, sql))["error"] == TOO_LARGE


def test_a_process_that_took_much_memory_is_not_used_again(runner: Runner, database: str) -> None:
    first = runner._process.pid
    runner.ask(question(database, "SELECT n FROM t"))
    assert runner._process.pid == first
    assert runner.ask(question(database, LONG["{doubling}"], seconds=20))["error"] == TOO_MUCH_MEMORY
    assert runner._process.pid != first
    assert runner.ask(question(database, "SELECT 1 AS one"))["rows"] == [[1]]


def test_a_process_that_died_is_a_reason_of_ours_and_the_next_query_runs(runner: Runner, database: str) -> None:
    runner._process.kill()
    assert runner.ask(question(database, "SELECT 1 AS one")) == {"error": NOT_RUN, "interrupted": False}
    assert runner.ask(question(database, "SELECT 1 AS one"))["rows"] == [[1]]


def test_where_no_proc_tells_the_memory_a_process_counts_as_new(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert own._resident_mb() > 1
    monkeypatch.setattr(own, "STATM", tmp_path / "statm")
    assert own._resident_mb() == 0


def test_no_key_of_the_environment_goes_along(monkeypatch: pytest.MonkeyPatch, database: str) -> None:
    monkeypatch.setenv("PANELPRESS_KEY", "a secret")
    runner = Runner()
    try:
        runner.ask(question(database, "SELECT 1"))
        pid = runner._process.pid
        assert b"a secret" not in Path(f"/proc/{pid}/environ").read_bytes()
        assert os.getpriority(os.PRIO_PROCESS, pid) > os.getpriority(os.PRIO_PROCESS, 0)
    finally:
        runner.stop()


def test_who_comes_when_the_line_is_full_is_told_at_once(database: str) -> None:
    async def many() -> list[Any]:
        runners = Runners(1)
        endless = question(database, ENDLESS, seconds=0.01)
        try:
            return await asyncio.gather(*(runners.ask(endless) for _ in range(LONGEST_LINE + 2)), return_exceptions=True)
        finally:
            runners.stop()

    answers = asyncio.run(many())
    assert [isinstance(answer, Busy) for answer in answers] == [False] * LONGEST_LINE + [True] * 2


def test_a_row_is_asked_by_number_and_by_name() -> None:
    row = Answered([1, "a"], ["n", "word"])
    assert (row[0], row["word"], tuple(row), list(row.keys())) == (1, "a", (1, "a"), ["n", "word"])
    with pytest.raises(IndexError):
        row["nothing"]
