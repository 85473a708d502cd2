"""What one SQLite connection may do: limits, an authorizer, a heap limit. Plain ``sqlite3``, so that a small process can use it.

Stock Datasette lets one GET request use 5.5 GB (nested ``json_array``), 10 s under a 1 s limit (``printf``) or show a heap
pointer (``fts3_tokenizer``), because a time limit cannot interrupt one long opcode. Everything served is public, so this
protects the server, not the data; data are protected by not being there.
"""

from __future__ import annotations

import sqlite3

LIMITS = {
    sqlite3.SQLITE_LIMIT_LENGTH: 1_000_000,  # longest string or blob, bytes
    sqlite3.SQLITE_LIMIT_SQL_LENGTH: 20_000,
    sqlite3.SQLITE_LIMIT_EXPR_DEPTH: 100,
    sqlite3.SQLITE_LIMIT_COMPOUND_SELECT: 20,
    sqlite3.SQLITE_LIMIT_COLUMN: 2000,
    sqlite3.SQLITE_LIMIT_LIKE_PATTERN_LENGTH: 100,
    sqlite3.SQLITE_LIMIT_FUNCTION_ARG: 32,
    sqlite3.SQLITE_LIMIT_VDBE_OP: 250_000,  # common table expressions that repeat each other double their program every time
    sqlite3.SQLITE_LIMIT_ATTACHED: 0,
    sqlite3.SQLITE_LIMIT_WORKER_THREADS: 0,
    sqlite3.SQLITE_LIMIT_TRIGGER_DEPTH: 1,
}
CACHE_KB = 1000  # pages kept by one connection; there is one a thread and release
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
READING = (sqlite3.SQLITE_READ, sqlite3.SQLITE_SELECT, sqlite3.SQLITE_RECURSIVE, sqlite3.SQLITE_TRANSACTION)


def restrict(connection: sqlite3.Connection, heap: int) -> None:
    """Limits ``connection`` for good. ``heap``: bytes that SQLite may hold in this process, all connections together."""
    connection.execute(f"PRAGMA soft_heap_limit = {heap // 2}")  # from here on caches give back instead of growing
    connection.execute(f"PRAGMA hard_heap_limit = {heap}")
    connection.execute(f"PRAGMA cache_size = -{CACHE_KB}")
    connection.execute("PRAGMA trusted_schema = OFF")
    connection.execute("PRAGMA temp_store = MEMORY")
    for limit, value in LIMITS.items():
        connection.setlimit(limit, value)
    _open_search(connection)
    connection.set_authorizer(authorize)


def _open_search(connection: sqlite3.Connection) -> None:
    """Opens full-text tables while declaring a table is still allowed: SQLite asks the authorizer when it connects one."""
    for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE sql LIKE 'CREATE VIRTUAL TABLE%'").fetchall():
        connection.execute(f'SELECT 1 FROM "{name}" LIMIT 0')


def authorize(action: int, first: str | None, second: str | None, database: str | None, trigger: str | None) -> int:
    """SQLite's authorizer: OK or deny, decided before a statement runs. ``second`` is the function's or pragma's argument."""
    if action == sqlite3.SQLITE_FUNCTION:
        return sqlite3.SQLITE_DENY if (second or "").lower() in FORBIDDEN else sqlite3.SQLITE_OK
    if action == sqlite3.SQLITE_PRAGMA:
        return sqlite3.SQLITE_OK if (first or "").lower() in PRAGMAS else sqlite3.SQLITE_DENY
    if action == sqlite3.SQLITE_READ and (first or "").lower().startswith("pragma_"):
        return sqlite3.SQLITE_DENY
    return sqlite3.SQLITE_OK if action in READING else sqlite3.SQLITE_DENY
