"""A made-up release of 1,000,000 person-waves x 30 variables, just enough of one to be served. No number in it means anything."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from contextlib import closing
from pathlib import Path

ROWS = 1_000_000
WAVES = 4
VARIABLES = 30
CODES = 5
TABLE = "big_responses"
MANY = f"WITH RECURSIVE many(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM many LIMIT {ROWS})"


def make_release(folder: Path) -> int:
    """Writes database, descriptor, manifest and hashes of release 1.0.0 into ``folder``; returns the bytes of the database."""
    folder.mkdir(parents=True)
    database = folder / "big-1.0.0.sqlite"
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("PRAGMA journal_mode = OFF")
        _answers(connection)
        _catalogue(connection)
        connection.commit()
        tables = _described(connection)
    files = [{"path": database.name, "kind": "sqlite", "bytes": database.stat().st_size, "sha256": _hash(database)}]
    counted = [{"name": each["name"], "rows": each["rows"]} for each in tables]
    manifest = {"version": "1.0.0", "released": "2026-01-31", "data_version": "0" * 64, "tables": counted, "files": files}
    descriptor = {"title": "Big panel (simulated)", "simulated": True, "licenses": [], "resources": tables}
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    (folder / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")
    names = sorted(path.name for path in folder.iterdir())
    (folder / "SHA256SUMS").write_text("".join(f"{_hash(folder / name)}  {name}\n" for name in names), encoding="utf-8")
    return database.stat().st_size


def _answers(connection: sqlite3.Connection) -> None:
    """Codes that differ from column to column; every seventh answer is missing with its reason."""
    columns = []
    for number in range(VARIABLES):
        mixed = f"((n * 7919 + {number * 104_729}) % 9973)"
        columns.append(f"CASE WHEN {mixed} % 7 = 0 THEN NULL ELSE {mixed} % {CODES} + 1 END AS v{number:02}")
        columns.append(f"CASE WHEN {mixed} % 7 = 0 THEN 'skipped' END AS v{number:02}__why")
    keys = f"printf('%024x', n / {WAVES} * 2654435761) AS person_id, 'w' || (n % {WAVES} + 1) AS wave"
    connection.execute(f"CREATE TABLE {TABLE} AS {MANY} SELECT {keys}, {', '.join(columns)} FROM many")


def _catalogue(connection: sqlite3.Connection) -> None:
    connection.execute("CREATE TABLE waves (study TEXT, wave TEXT, label_en TEXT, label_ru TEXT)")
    waves = [("big", f"w{n + 1}", f"Wave {n + 1}", f"Волна {n + 1}") for n in range(WAVES)]
    connection.executemany("INSERT INTO waves VALUES (?, ?, ?, ?)", waves)
    connection.execute("CREATE TABLE missing_reasons (reason TEXT, code TEXT, label_en TEXT, label_ru TEXT)")
    connection.execute("INSERT INTO missing_reasons VALUES ('skipped', '.s', 'Not answered', 'Нет ответа')")
    connection.execute(
        "CREATE TABLE variables (variable TEXT, study TEXT, label_en TEXT, label_ru TEXT, question_en TEXT, question_ru TEXT, "
        "type TEXT, concept TEXT, disclosure TEXT)"
    )
    connection.execute("CREATE TABLE value_labels (variable TEXT, code TEXT, label_en TEXT, label_ru TEXT, position INTEGER)")
    connection.execute(
        "CREATE TABLE distributions (variable TEXT, wave TEXT, kind TEXT, code TEXT, label_en TEXT, label_ru TEXT, n INTEGER, "
        "share REAL, position INTEGER)"
    )
    for number in range(VARIABLES):
        name, concept = f"v{number:02}", f"part_{number // 10}"
        row = (
            name,
            "big",
            f"Variable {number}",
            f"Переменная {number}",
            "What?",
            "Что?",
            "nominal",
            concept,
            "quasi" if number < 3 else "none",
        )
        connection.execute("INSERT INTO variables VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
        labels = [(name, str(code), f"Answer {code}", f"Ответ {code}", code) for code in range(1, CODES + 1)]
        connection.executemany("INSERT INTO value_labels VALUES (?, ?, ?, ?, ?)", labels)
        connection.execute(
            f"INSERT INTO distributions SELECT ?, wave, 'value', {name}, 'Answer ' || {name}, 'Ответ ' || {name}, count(*), "
            f"round(100.0 * count(*) / sum(count(*)) OVER (PARTITION BY wave), 1), {name} FROM {TABLE} "
            f"WHERE {name} IS NOT NULL GROUP BY wave, {name}",
            (name,),
        )


def _described(connection: sqlite3.Connection) -> list[dict[str, object]]:
    found: list[dict[str, object]] = []
    for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
        rows = connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0]
        fields = [{"name": column[1]} for column in connection.execute(f"PRAGMA table_info({name})")]
        found.append({"name": name, "title": name, "rows": rows, "schema": {"fields": fields}})
    return found


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
