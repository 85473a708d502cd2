"""CSV, Parquet, DuckDB and SQLite hold the same cells, and all but DuckDB the same bytes each time."""

from __future__ import annotations

import hashlib
import sqlite3
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from panelpress.model.release import Edition
from panelpress.model.study import Study, Wave
from panelpress.publish.formats import csv, parquet, sqlite
from panelpress.publish.formats import duckdb as duckdb_format
from panelpress.publish.tables.assemble import assemble
from panelpress.raw.key import PseudonymKey
from worlds import STUDY, both, tiny_edition

KEY = PseudonymKey(bytes(range(7, 39)))


def two_studies() -> tuple[Edition, duckdb.DuckDBPyConnection]:
    """The tiny world and a second, independent study that asks for trust only."""
    edition, protected = tiny_edition()
    other = Study("other", both("Other", "Другое"), (Wave("c", "other", both("Only", "Одна"), "2024", "2024"),))
    trust = edition.variable("trust")
    variables = tuple(
        replace(each, waves={**each.waves, "c": each.waves["a"]}) if each.id == "trust" else each for each in edition.variables
    )
    assert trust.id == "trust"
    protected.execute(
        "CREATE TABLE other_responses AS SELECT 'q' || trust AS person_id, 'c' AS wave, trust, trust__why "
        "FROM tiny_responses WHERE wave = 'a'"
    )
    protected.execute("UPDATE other_responses SET person_id = 'q9' WHERE person_id IS NULL")
    plan = replace(edition, tables=(), studies=(STUDY, other), variables=variables)
    made = assemble(protected, plan, KEY)
    return made.edition, made.rows


def cells(edition: Edition, rows: duckdb.DuckDBPyConnection, name: str) -> list[tuple[object, ...]]:
    table = edition.table(name)
    order = ", ".join(table.primary_key)
    return rows.execute(f"SELECT {', '.join(table.field_names)} FROM {name} ORDER BY {order}").fetchall()


def test_every_format_holds_the_same_cells(tmp_path: Path) -> None:
    edition, rows = two_studies()
    expected = {table.name: cells(edition, rows, table.name) for table in edition.tables}
    (lite,) = sqlite.write(edition, rows, tmp_path)
    (duck,) = duckdb_format.write(edition, rows, tmp_path)
    csv.write(edition, rows, tmp_path)
    parquet.write(edition, rows, tmp_path)
    with sqlite3.connect(lite) as small, duckdb.connect(str(duck), read_only=True) as large:
        for name, wanted in expected.items():
            order = ", ".join(edition.table(name).primary_key)
            assert large.execute(f"SELECT * FROM {name} ORDER BY {order}").fetchall() == wanted
            assert small.execute(f"SELECT * FROM {name} ORDER BY {order}").fetchall() == wanted
            assert rows.execute(f"SELECT * FROM '{tmp_path}/data/parquet/{name}.parquet'").fetchall() == wanted
            types = {field.name: "VARCHAR" if field.type == "string" else "BIGINT" for field in edition.table(name).fields}
            again = rows.execute(
                "SELECT * FROM read_csv(?, header = true, columns = ?)", [f"{tmp_path}/data/csv/{name}.csv", types]
            )
            assert again.fetchall() == wanted


@pytest.mark.parametrize("module", [csv, parquet, sqlite], ids=lambda module: module.__name__.rpartition(".")[2])
def test_the_same_rows_give_the_same_bytes(module, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    hashes = []
    for attempt, threads in (("first", 1), ("second", 4)):
        edition, rows = two_studies()
        rows.execute(f"SET threads = {threads}")
        folder = tmp_path / attempt
        folder.mkdir()
        hashes.append([hashlib.sha256(path.read_bytes()).hexdigest() for path in module.write(edition, rows, folder)])
    assert hashes[0] == hashes[1]


def test_the_duckdb_file_can_be_read_by_the_first_stable_engine(tmp_path: Path) -> None:
    edition, rows = two_studies()
    (path,) = duckdb_format.write(edition, rows, tmp_path)
    header = path.read_bytes()[:64]
    assert header[8:12] == b"DUCK"
    assert header[12] == 64  # storage version 64 is that of DuckDB 1.0


def test_the_view_over_all_studies_says_which_study_a_row_belongs_to(tmp_path: Path) -> None:
    edition, rows = two_studies()
    (lite,) = sqlite.write(edition, rows, tmp_path)
    (duck,) = duckdb_format.write(edition, rows, tmp_path)
    query = (
        "SELECT study, count(*), count(age), count(CASE WHEN age__why = 'not_asked' THEN 1 END) "
        "FROM all_responses GROUP BY study ORDER BY study"
    )
    with sqlite3.connect(lite) as small, duckdb.connect(str(duck), read_only=True) as large:
        assert small.execute(query).fetchall() == large.execute(query).fetchall() == [("other", 3, 0, 3), ("tiny", 7, 2, 4)]


def test_a_single_study_needs_no_view_over_all(tmp_path: Path) -> None:
    edition, protected = tiny_edition()
    made = assemble(protected, replace(edition, tables=()), KEY)
    (lite,) = sqlite.write(made.edition, made.rows, tmp_path)
    with sqlite3.connect(lite) as small:
        assert small.execute("SELECT count(*) FROM sqlite_master WHERE name = 'all_responses'").fetchall() == [(0,)]
