"""A Datasette plugin that limits every SQLite connection of the server: see ``limits``. What visitors write themselves does not
run on these connections but in processes of its own (``runner``)."""

from __future__ import annotations

import sqlite3

from datasette import hookimpl

from panelpress.publish.site.limits import restrict

HEAP = 128 * 1024 * 1024  # all connections of the process together


@hookimpl(trylast=True)  # type: ignore[untyped-decorator]
def prepare_connection(conn: sqlite3.Connection, database: str) -> None:
    """Limits ``conn``; connections of Datasette itself (``_internal``) stay as they are."""
    if not database.startswith("_"):
        restrict(conn, HEAP)
