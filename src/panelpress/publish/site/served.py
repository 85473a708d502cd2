"""The copy of a release's SQLite database that is served: the same rows, with search, indexes and narrow views beside them.

The published file stays as it is, byte for byte; the copy lies in a cache folder, named after the hash of the file that it was
made from, and holds nothing that the published file does not. Views: ``<table>__<concept>`` with the variables of one
subject, ``<table>__sample_<sample>`` for named samples whose rule is a condition on columns of the table.

``codebook`` is the table that full-text search reads: names, labels, questions and answers in every language. sqlite-utils
writes ``content="codebook"`` in double quotes, without which Datasette would ignore ``_search`` and return every row.
"""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path

from sqlite_utils import Database

from panelpress.publish.site.contents import Contents, Row
from panelpress.publish.site.shelf import Shelved

MAKE = "2"  # raise when the copy is made differently: old copies are made anew
SEARCHED = ("variable", "words", "label_en", "label_ru", "question_en", "question_ru", "answers")
WIDEST = 22  # variables in one view: more are not read on a screen
LONGEST_INDEX = 12


def served_copy(release: Shelved, contents: Contents, cache: Path) -> Path:
    """Makes the copy where it is not there yet. The folder ``cache`` is created; a half-made copy is never seen."""
    fingerprint = next(str(each["sha256"]) for each in release.manifest["files"] if each.get("kind") == "sqlite")
    target = cache / f"{release.name}-{fingerprint[:16]}-{MAKE}.sqlite"
    if target.is_file():
        return target
    cache.mkdir(parents=True, exist_ok=True)
    half = cache / f".{target.name}.{os.getpid()}"
    shutil.copyfile(release.database, half)
    half.chmod(0o644)
    database = Database(sqlite3.connect(half))
    try:
        _search(database, contents)
        for table, columns in _answer_tables(database):
            _views(database, table, columns, contents)
            _indexes(database, table, columns, contents)
        database.execute("ANALYZE")
        database.conn.commit()
    finally:
        database.conn.close()
    half.replace(target)
    return target


def _search(database: Database, contents: Contents) -> None:
    rows = [_searched(row, contents.of_variable("value_labels", str(row["variable"]))) for row in contents.rows("variables")]
    if rows:
        table = database.table("codebook")
        table.insert_all(rows, pk="variable")
        table.enable_fts(SEARCHED, tokenize="unicode61 remove_diacritics 2", create_triggers=False)


def _searched(row: Row, answers: Sequence[Row]) -> dict[str, str]:
    labels = [str(each.get(name) or "") for name in ("label_en", "label_ru") for each in answers]
    found = {name: str(row.get(name) or "") for name in ("variable", "label_en", "label_ru", "question_en", "question_ru")}
    return {**found, "words": found["variable"].replace("_", " "), "answers": " | ".join(filter(None, labels))}


def _answer_tables(database: Database) -> Iterator[tuple[str, list[str]]]:
    for name in database.table_names():
        columns = [str(column.name) for column in database[name].columns]
        if any(column.endswith("__why") for column in columns):
            yield name, columns


def _views(database: Database, table: str, columns: Sequence[str], contents: Contents) -> None:
    keys = [column for column in columns if column not in contents.variables and not column.endswith("__why")]
    for concept, rows in contents.concepts.items():
        own = [str(row["variable"]) for row in rows if str(row["variable"]) in columns]
        parts = [own[start : start + WIDEST] for start in range(0, len(own), WIDEST)]
        for number, part in enumerate(parts, start=1):
            name = f"{table}__{concept or 'other'}" + (f"_{number}" if len(parts) > 1 else "")
            wanted = [*keys, *(each for column in part for each in (column, f"{column}__why") if each in columns)]
            database.create_view(name, f"SELECT {', '.join(_quoted(each) for each in wanted)} FROM {_quoted(table)}")
    for row in contents.rows("samples"):
        rule = str(row.get("rule") or "")
        if rule and table == f"{row['study']}_responses" and row.get("unit") == "response" and _plain(rule, columns):
            database.create_view(f"{table}__sample_{row['sample']}", f"SELECT * FROM {_quoted(table)} WHERE {rule}")


def _plain(rule: str, columns: Sequence[str]) -> bool:
    """Whether ``rule`` speaks of columns of the table only: panel functions need the panel and make no view."""
    bare = re.sub(r"'[^']*'", " ", rule)
    names = {each.lower() for each in re.findall(r"[A-Za-z_]\w*", bare)}
    return names <= {*(each.lower() for each in columns), "and", "or", "not", "in", "is", "null", "between"} and ";" not in bare


def _indexes(database: Database, table: str, columns: Sequence[str], contents: Contents) -> None:
    """Indexes on what people filter and count by: the wave, and variables with few codes that others are split by."""
    candidates = [
        column for column in columns if column in contents.variables and contents.variables[column].get("disclosure") == "quasi"
    ]
    for column in [*(each for each in ("wave",) if each in columns), *candidates][:LONGEST_INDEX]:
        database.execute(f"CREATE INDEX {_quoted(f'served_{table}_{column}')} ON {_quoted(table)} ({_quoted(column)})")


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
