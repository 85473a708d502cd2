"""The copy of a release's SQLite database that is served: the same rows, with search, indexes and narrow views beside them.

The published file stays as it is, byte for byte; the copy lies in a cache folder, named after the hash of the file that it was
made from, and holds nothing that the published file does not. Views beside those of the file (named samples, trends):
``<table>__<concept>`` with the variables of one subject.

``codebook`` is the table that full-text search reads: names, labels, questions and answers in every language. Its
``content="codebook"`` stands in double quotes, without which Datasette would ignore ``_search`` and return every row.
"""

from __future__ import annotations

import fcntl
import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

from panelpress.durable import write_whole
from panelpress.publish.site.contents import Contents, Row
from panelpress.publish.site.shelf import Shelved
from panelpress.publish.versions.hashes import file_hash

MAKE = "7"  # raise when the copy is made differently: old copies are made anew
WIDEST = 22  # variables in one view: more are not read on a screen
LONGEST_INDEX = 12


def served_copy(release: Shelved, contents: Contents, cache: Path) -> Path:
    """Makes the copy where it is not there yet or is damaged. The folder ``cache`` is created. Of several processes that start
    together one makes it, the others wait."""
    fingerprint = next(str(each["sha256"]) for each in release.manifest["files"] if each.get("kind") == "sqlite")
    target = cache / f"{release.name}-{fingerprint[:16]}-{MAKE}.sqlite"
    seal = target.with_suffix(".sha256")
    cache.mkdir(parents=True, exist_ok=True)
    with (cache / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (target.is_file() and seal.is_file() and seal.read_text(encoding="ascii") == file_hash(target)):
            half = cache / f".{target.name}.half"
            _make(release, contents, half)
            write_whole(seal, file_hash(half))
            half.replace(target)
    return target


def _make(release: Shelved, contents: Contents, target: Path) -> None:
    shutil.copyfile(release.database, target)
    target.chmod(0o644)
    with closing(sqlite3.connect(target)) as database:
        _search(database, contents)
        for table, columns in _answer_tables(database):
            _views(database, table, columns, contents)
            _indexes(database, table, columns, contents)
        database.execute("ANALYZE")
        database.commit()


def _search(database: sqlite3.Connection, contents: Contents) -> None:
    rows = [_searched(row, contents) for row in contents.rows("variables")]
    if not rows:
        return
    names = ", ".join(_quoted(name) for name in rows[0])
    typed = ", ".join(f"{_quoted(name)} TEXT" for name in rows[0])
    database.execute(f"CREATE TABLE codebook ({typed}, PRIMARY KEY (variable))")
    values = ", ".join(f":{name}" for name in rows[0])
    database.executemany(f"INSERT INTO codebook ({names}) VALUES ({values})", rows)
    tokens = "tokenize='unicode61 remove_diacritics 2'"
    database.execute(f'CREATE VIRTUAL TABLE codebook_fts USING fts5({names}, {tokens}, content="codebook")')
    database.execute("INSERT INTO codebook_fts (codebook_fts) VALUES ('rebuild')")


def _searched(row: Row, contents: Contents) -> dict[str, str]:
    variable = str(row["variable"])
    labels, questions = ([f"{name}_{each}" for each in contents.languages] for name in ("label", "question"))
    answers = [str(each.get(label) or "") for label in labels for each in contents.of_variable("value_labels", variable)]
    texts = {name: str(row.get(name) or "") for name in (*labels, *questions)}
    return {"variable": variable, "words": variable.replace("_", " "), **texts, "answers": " | ".join(filter(None, answers))}


def _answer_tables(database: sqlite3.Connection) -> Iterator[tuple[str, list[str]]]:
    tables = [str(row[0]) for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY rowid")]
    for name in tables:
        columns = [str(row[1]) for row in database.execute(f"PRAGMA table_info({_quoted(name)})")]
        if any(column.endswith("__why") for column in columns):
            yield name, columns


def _views(database: sqlite3.Connection, table: str, columns: Sequence[str], contents: Contents) -> None:
    keys = [column for column in columns if column not in contents.variables and not column.endswith("__why")]
    for concept, rows in contents.concepts.items():
        own = [str(row["variable"]) for row in rows if str(row["variable"]) in columns]
        parts = [own[start : start + WIDEST] for start in range(0, len(own), WIDEST)]
        for number, part in enumerate(parts, start=1):
            name = f"{table}__{concept or 'other'}" + (f"_{number}" if len(parts) > 1 else "")
            wanted = [*keys, *(each for column in part for each in (column, f"{column}__why") if each in columns)]
            _view(database, name, f"SELECT {', '.join(_quoted(each) for each in wanted)} FROM {_quoted(table)}")


def _view(database: sqlite3.Connection, name: str, query: str) -> None:
    database.execute(f"CREATE VIEW {_quoted(name)} AS {query}")


def indexed(columns: Sequence[str], contents: Contents) -> list[str]:
    """What people filter and count by: the wave, and variables with few codes that others are split by."""
    splits = [each for each in columns if each in contents.variables and contents.variables[each].get("disclosure") == "quasi"]
    return [*(each for each in ("wave",) if each in columns), *splits][:LONGEST_INDEX]


def _indexes(database: sqlite3.Connection, table: str, columns: Sequence[str], contents: Contents) -> None:
    for column in indexed(columns, contents):
        database.execute(f"CREATE INDEX {_quoted(f'served_{table}_{column}')} ON {_quoted(table)} ({_quoted(column)})")


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
