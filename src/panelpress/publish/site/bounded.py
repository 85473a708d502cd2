"""The database of one release as Datasette asks it: within what the request may cost, and silent about what was asked.

SQL of ours runs in the server; SQL that a visitor wrote runs in a process that can be killed. Datasette prints a statement that
fails on standard error; this does not, as a log would tell who was looked for.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from datasette.database import QueryInterrupted, Results

from panelpress.publish.site.asked import ASKED, Asked
from panelpress.publish.site.labels import LANGUAGE
from panelpress.publish.site.public import PublicDatabase
from panelpress.publish.site.runner import LARGEST, REASONS, TOO_MUCH_MEMORY
from panelpress.publish.site.runners import Answered, Runners
from panelpress.publish.site.words import words


class OverTime(QueryInterrupted, sqlite3.OperationalError):  # type: ignore[misc]
    """Datasette's kind, where a page can do without the result, and SQLite's, where it shows the error beside the query."""

    def __init__(self, sql: str, params: Any) -> None:
        super().__init__(sqlite3.OperationalError("interrupted"), sql, params)

    def __str__(self) -> str:
        return words(LANGUAGE.get())["too_slow"]


def _failed(said: str) -> sqlite3.OperationalError:
    """A sentence in the language of the reader: ours where ``said`` is one of our reasons, else one around SQLite's message."""
    own = words(LANGUAGE.get())
    if said in REASONS:
        return sqlite3.OperationalError(own[said].format(megabytes=LARGEST // 1_000_000))
    return sqlite3.OperationalError(own["sqlite_says"].format(said=said))


class BoundedDatabase(PublicDatabase):
    """``site`` is the Datasette, ``runners`` its processes for visitors' SQL."""

    def __init__(self, site: Any, path: Path, runners: Runners) -> None:
        super().__init__(site, path)
        self._runners = runners

    async def execute(
        self,
        sql: str,
        params: Any = None,
        truncate: bool = False,
        custom_time_limit: int | None = None,
        page_size: int | None = None,
        log_sql_errors: bool = True,
    ) -> Results:
        """As Datasette's. Raises OverTime where time is over, sqlite3.OperationalError where SQLite or a limit refuses and Busy
        where too many wait; ``log_sql_errors`` is taken and not obeyed."""
        asked = ASKED.get()
        limit = min(asked.left if asked else self.ds.sql_time_limit_ms / 1000, (custom_time_limit or 1e9) / 1000)
        if limit <= 0:
            raise OverTime(sql, params)
        started = time.monotonic()
        try:
            if asked is not None and asked.visitor_sql:
                return await self._elsewhere(asked, sql, params, limit, page_size)
            return await super().execute(sql, params, truncate, max(1, round(limit * 1000)), page_size, log_sql_errors=False)
        except QueryInterrupted:
            raise OverTime(sql, params) from None
        except MemoryError:
            raise _failed(TOO_MUCH_MEMORY) from None
        finally:
            if asked is not None:
                asked.spent += time.monotonic() - started

    async def _elsewhere(self, asked: Asked, sql: str, params: Any, limit: float, page_size: int | None) -> Results:
        most = self.ds.max_returned_rows + (1 if page_size == self.ds.max_returned_rows else 0)
        given = dict(params) if isinstance(params, Mapping) else list(params or ())
        question = {"path": self.path, "sql": sql, "params": given, "seconds": limit, "rows": most, "cells": asked.cells}
        answer = await self._runners.ask(question)
        if "error" in answer:
            raise OverTime(sql, params) if answer["interrupted"] else _failed(answer["error"])
        columns = answer["columns"]
        rows = [Answered(row, columns) for row in answer["rows"]]
        return Results(rows, answer["more"], [(name, None, None, None, None, None, None) for name in columns])
