"""Brings de-identified waves into the build: ``waves/<study>_<wave>.csv`` of the work folder, all text, blank cells NULL."""

from __future__ import annotations

from pathlib import Path

import duckdb

from panelpress.build.compiler.quote import name, text
from panelpress.build.compiler.wave import raw_table
from panelpress.errors import BuildRefused
from panelpress.model.study import Study

# DuckDB's own bound while harmonizing: with Python, libraries and what it does not count, a build stays below 1 GB at any size.
BUILD_MEMORY = "600MB"


def connect(database: Path | str, spill: Path | None = None, memory: str = "2GB", threads: int = 2) -> duckdb.DuckDBPyConnection:
    """A connection for building: bounded memory, spilling into the private folder, an attached scratch database ``raw``."""
    rows = duckdb.connect(str(database))
    rows.execute(f"SET memory_limit = {text(memory)}")
    rows.execute(f"SET threads = {threads}")
    rows.execute("SET preserve_insertion_order = false")
    rows.execute("SET enable_progress_bar = false")
    if spill is not None:
        spill.mkdir(parents=True, exist_ok=True, mode=0o700)
        rows.execute(f"SET temp_directory = {text(str(spill))}")
    # Compressed, a wave of 10 M rows x 40 columns takes a tenth of the room; what is beyond the bound spills.
    rows.execute("ATTACH ':memory:' AS raw (COMPRESS)")
    return rows


def load_wave(rows: duckdb.DuckDBPyConnection, study: Study, wave: str, path: Path) -> int:
    """Loads one wave file into ``raw.<study>_<wave>`` and returns its rows. Raises BuildRefused where intake has not run."""
    if not path.is_file():
        raise BuildRefused(
            f"{study.id}, wave {wave}", "no de-identified wave is in the work folder.", "Run `panelpress intake` first."
        )
    source = f"read_csv({text(str(path))}, header = true, all_varchar = true, delim = ',', quote = '\"', escape = '\"')"
    columns = [str(row[0]) for row in rows.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()]
    selected = ", ".join(f"NULLIF({name(column)}, '') AS {name(column)}" for column in columns)
    rows.execute(f"CREATE OR REPLACE TABLE {raw_table(study, wave)} AS SELECT {selected} FROM {source}")
    return int(rows.execute(f"SELECT count(*) FROM {raw_table(study, wave)}").fetchall()[0][0])
