"""Runs the compiled crosswalk: raw wave tables in, one table of responses a study out. Knows no files.

Expects a connection in which ``raw.<study>_<wave>`` holds each wave as text (blank cells NULL) with person_id and record_id.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from panelpress.build.compiler.quote import name
from panelpress.build.compiler.study import compile_study
from panelpress.build.compiler.wave import WaveQuery, compile_wave, raw_table
from panelpress.errors import BuildRefused
from panelpress.model.missing import MissingReasons
from panelpress.model.study import Study
from panelpress.model.variable import Variable


@dataclass(frozen=True, slots=True)
class Harmonized:
    """What came out of one study: the SQL texts that made it (provenance) and its rows by wave."""

    study: str
    table: str
    queries: tuple[WaveQuery, ...]
    panel_sql: str | None
    rows: dict[str, int]


def harmonize(
    rows: duckdb.DuckDBPyConnection,
    study: Study,
    variables: Sequence[Variable],
    missing: MissingReasons,
    waves: Sequence[str] | None = None,
) -> Harmonized:
    """Creates ``<study>_responses`` (or ``<study>`` for records) from the waves given (default: all).

    Raises BuildRefused where a person stands twice in a wave, or a row came out that did not go in.
    """
    taken = [wave for wave in study.wave_ids if waves is None or wave in waves]
    queries = [compile_wave(study, wave, variables, missing) for wave in taken]
    for wave in taken:
        _one_row_each(rows, study, wave)
    panel_sql = compile_study(study, variables, missing, "base_responses")
    target = "base_responses" if panel_sql else name(study.table)
    # One CREATE TABLE AS over all waves: DuckDB fills it on every thread, which INSERT a wave does not.
    united = " UNION ALL ".join(f"({query.sql})" for query in queries)
    rows.execute(f"CREATE OR REPLACE {'TEMP ' if panel_sql else ''}TABLE {target} AS {united}")
    counts = {query.wave: _count(rows, raw_table(study, query.wave)) for query in queries}
    if panel_sql:
        rows.execute(f"CREATE OR REPLACE TABLE {name(study.table)} AS {panel_sql}")
        rows.execute("DROP TABLE base_responses")
    if _count(rows, name(study.table)) != sum(counts.values()):
        raise BuildRefused(
            study.id, "rows were lost or added between raw and harmonized.", "Report this; the crosswalk must keep every row."
        )
    return Harmonized(study.id, study.table, tuple(queries), panel_sql, counts)


def _count(rows: duckdb.DuckDBPyConnection, table: str) -> int:
    return int(rows.execute(f"SELECT count(*) FROM {table}").fetchall()[0][0])


def _one_row_each(rows: duckdb.DuckDBPyConnection, study: Study, wave: str) -> None:
    key = "record_id" if study.kind == "records" else "person_id"
    found = rows.execute(
        f"SELECT count(*) FROM (SELECT {key} FROM {raw_table(study, wave)} GROUP BY {key} HAVING count(*) > 1 OR {key} IS NULL)"
    ).fetchall()
    if found[0][0]:
        raise BuildRefused(
            f"{study.id}, wave {wave}",
            f"{found[0][0]} person(s) stand in the wave twice or without an id.",
            "Declare in build/cleaning.yaml which row to keep (kind: duplicates), or ask for a corrected delivery.",
        )
