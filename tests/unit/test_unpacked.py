"""The search for planted answers sees into every kind of file that a release holds, and what was deleted inside."""

from __future__ import annotations

import gzip
import io
import sqlite3
import zipfile
from collections.abc import Callable
from pathlib import Path

import duckdb
import openpyxl
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pyreadstat
import pytest

from unpacked import mentions

TOKEN, NUMBER = "planted-answer-zq", "9753186420"
TABLE = pl.DataFrame({"text": ["aland", TOKEN, "borduria"], "number": [30, int(NUMBER), 40]})


def parquet_dictionary(path: Path) -> None:
    """The answer stands in the dictionary of a compressed column and in no row."""
    texts = pa.DictionaryArray.from_arrays(pa.array([0, 0, 2], pa.int32()), pa.array(["aland", TOKEN, "borduria"]))
    numbers = pa.array([1, int(NUMBER), 3])
    pq.write_table(pa.table({"text": texts, "number": numbers}), path, compression="zstd", write_statistics=False)


def sqlite_deleted(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA secure_delete = off")
    connection.execute("CREATE TABLE t (text, number)")
    connection.executemany("INSERT INTO t VALUES (?, ?)", [(f"{TOKEN} {NUMBER}", 1), ("aland", 2)])
    connection.commit()
    connection.execute("DELETE FROM t WHERE number = 1")
    connection.commit()
    connection.close()


def duckdb_table(path: Path) -> None:
    with duckdb.connect(str(path)) as connection:
        connection.register("incoming", pl.concat([TABLE] * 2000))
        connection.execute("CREATE TABLE t AS SELECT * FROM incoming")


def workbook(path: Path) -> None:
    book = openpyxl.Workbook()
    for row in TABLE.rows():
        book.active.append(row)
    book.save(path)


def nested(path: Path) -> None:
    inside = io.BytesIO()
    with zipfile.ZipFile(inside, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("inner.csv", f"{TOKEN},{NUMBER}\n" * 3)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("inner.zip", inside.getvalue())


WRITERS: dict[str, Callable[[Path], object]] = {
    "plain.csv": lambda path: path.write_text(f"a,b\n{TOKEN},{NUMBER}\n"),
    "packed.csv.gz": lambda path: path.write_bytes(gzip.compress(f"{TOKEN},{NUMBER}\n".encode() * 9)),
    "nested.zip": nested,
    "book.xlsx": workbook,
    "table.parquet": lambda path: TABLE.write_parquet(path, compression="zstd"),
    "dictionary.parquet": parquet_dictionary,
    "table.sav": lambda path: pyreadstat.write_sav(TABLE, path),
    "table.zsav": lambda path: pyreadstat.write_sav(TABLE, path, compress=True),
    "table.dta": lambda path: pyreadstat.write_dta(TABLE, path),
    "deleted.sqlite": sqlite_deleted,
    "table.duckdb": duckdb_table,
}


@pytest.mark.parametrize("name", WRITERS)
def test_a_planted_answer_is_found_in_every_kind_of_file(tmp_path: Path, name: str) -> None:
    WRITERS[name](tmp_path / name)
    assert set(mentions(tmp_path, [TOKEN, NUMBER, "nobody said this"])[name]) == {TOKEN, NUMBER}


def test_packing_hides_an_answer_from_a_search_over_bytes(tmp_path: Path) -> None:
    for name in ("packed.csv.gz", "nested.zip", "book.xlsx", "table.zsav"):
        WRITERS[name](tmp_path / name)
        assert TOKEN.encode() not in (tmp_path / name).read_bytes(), name


def test_a_file_named_after_somebody_is_found(tmp_path: Path) -> None:
    (tmp_path / f"{TOKEN}.txt").write_text("")
    assert set(mentions(tmp_path, [TOKEN])) == {f"{TOKEN}.txt"}
