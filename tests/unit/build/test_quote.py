"""Names written as SQL: no word that an engine reserves may stand bare."""

from __future__ import annotations

import sqlite3

import duckdb

from panelpress.build.compiler.quote import name


def test_every_word_of_the_engines_can_name_a_column() -> None:
    rows, lite = duckdb.connect(), sqlite3.connect(":memory:")
    words = [word for (word,) in rows.execute("SELECT DISTINCT keyword_name FROM duckdb_keywords()").fetchall()]
    assert "group" in words
    for word in [*words, "marital-status", "who asked", "пол", 'say "yes"']:
        query = f"SELECT r.{name(word)} AS {name(word)}, count({name(word)}) FROM (SELECT 1 AS {name(word)}) AS r GROUP BY {name(word)}"
        assert rows.execute(query).fetchall() == [(1, 1)]
        if word not in ("true", "false"):  # SQLite reads them as numbers even in quotes
            assert lite.execute(query).fetchall() == [(1, 1)]
