"""A Datasette plugin that makes one query cost little: limits, an authorizer and a heap limit on every SQLite connection.

Stock Datasette lets one GET request use 5.5 GB (nested ``json_array``), 10 s under a 1 s limit (``printf``) or show a heap
pointer (``fts3_tokenizer``), because a time limit cannot interrupt one long opcode. Everything served is public, so this
protects the server, not the data; data are protected by not being there.
"""

from __future__ import annotations

import sqlite3

from datasette import hookimpl

LENGTH = 1_000_000  # longest string or blob, bytes
SQL_LENGTH = 20_000
HEAP = 256 * 1024 * 1024  # all connections of the process together
LIMITS = {
    sqlite3.SQLITE_LIMIT_LENGTH: LENGTH,
    sqlite3.SQLITE_LIMIT_SQL_LENGTH: SQL_LENGTH,
    sqlite3.SQLITE_LIMIT_EXPR_DEPTH: 100,
    sqlite3.SQLITE_LIMIT_COMPOUND_SELECT: 20,
    sqlite3.SQLITE_LIMIT_COLUMN: 2000,
    sqlite3.SQLITE_LIMIT_LIKE_PATTERN_LENGTH: 100,
    sqlite3.SQLITE_LIMIT_FUNCTION_ARG: 32,
    sqlite3.SQLITE_LIMIT_ATTACHED: 0,
    sqlite3.SQLITE_LIMIT_WORKER_THREADS: 0,
    sqlite3.SQLITE_LIMIT_TRIGGER_DEPTH: 1,
}
# Functions that make much out of little, or tell of the machine.
FORBIDDEN = frozenset(
    [
        "load_extension",
        "fts3_tokenizer",
        "randomblob",
        "zeroblob",
        "printf",
        "format",
        "sqlite_compileoption_get",
        "sqlite_compileoption_used",
        "sqlite_source_id",
        "sqlite_log",
        "readfile",
        "writefile",
        "edit",
    ]
)
# What Datasette itself asks. Visitors can only reach pragmas as tables (pragma_database_list names files), which are refused.
PRAGMAS = frozenset(
    [
        "data_version",  # full-text search asks whether its table changed
        "database_list",
        "schema_version",
        "table_info",
        "table_xinfo",
        "foreign_key_list",
        "index_list",
        "index_info",
        "index_xinfo",
    ]
)


@hookimpl(trylast=True)  # type: ignore[untyped-decorator]
def prepare_connection(conn: sqlite3.Connection, database: str) -> None:
    """Limits ``conn``; connections of Datasette itself (``_internal``) stay as they are."""
    if database.startswith("_"):
        return
    conn.execute(f"PRAGMA hard_heap_limit = {HEAP}")
    conn.execute("PRAGMA trusted_schema = OFF")
    conn.execute("PRAGMA temp_store = MEMORY")
    for limit, value in LIMITS.items():
        conn.setlimit(limit, value)
    _open_search(conn)
    conn.set_authorizer(authorize)


def _open_search(conn: sqlite3.Connection) -> None:
    """Opens full-text tables while declaring a table is still allowed: SQLite asks the authorizer when it connects one."""
    for (name,) in conn.execute("SELECT name FROM sqlite_master WHERE sql LIKE 'CREATE VIRTUAL TABLE%'").fetchall():
        conn.execute(f'SELECT 1 FROM "{name}" LIMIT 0')


def authorize(action: int, first: str | None, second: str | None, database: str | None, trigger: str | None) -> int:
    """SQLite's authorizer: OK or deny, decided before a statement runs. ``second`` is the function's or pragma's argument."""
    if action == sqlite3.SQLITE_FUNCTION:
        return sqlite3.SQLITE_DENY if (second or "").lower() in FORBIDDEN else sqlite3.SQLITE_OK
    if action == sqlite3.SQLITE_PRAGMA:
        return sqlite3.SQLITE_OK if (first or "").lower() in PRAGMAS else sqlite3.SQLITE_DENY
    if action == sqlite3.SQLITE_READ and (first or "").lower().startswith("pragma_"):
        return sqlite3.SQLITE_DENY
    if action in (sqlite3.SQLITE_READ, sqlite3.SQLITE_SELECT, sqlite3.SQLITE_RECURSIVE, sqlite3.SQLITE_TRANSACTION):
        return sqlite3.SQLITE_OK
    return sqlite3.SQLITE_DENY
