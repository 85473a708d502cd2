"""Builds the two small tables that the release gate judges: one row a variable and wave, one row a wave.

DuckDB counts once over the tables of responses; everything after reads counts only. ``variable_summary`` and ``wave_summary``
hold no person and no cell of one, so the slow and talkative tool that judges them (Great Expectations) never meets microdata.

variable_summary(table_name, variable, wave, asked, n_rows, n_valid, n_missing, n_suppressed, missing_share, suppressed_share,
                 previous_missing_share, missing_change, tvd, psi, empty)
wave_summary(study, wave, n_rows, expected, expected_gap, previous_rows, rows_change, retained, retention)
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb

from panelpress.model.release import Edition
from panelpress.model.study import Study
from panelpress.model.table import Table
from panelpress.model.variable import Variable
from panelpress.validation.quote import literal, name

# Reasons that say nobody could have answered; they are in no base of a share.
BY_DESIGN = ("not_asked", "not_applicable", "wave_nonresponse", "late_entrant")
# A share of zero would make the stability index infinite; one in ten thousand is the customary floor.
PSI_FLOOR = 0.0001
# Distributions of numbers are compared in this many bins of equal size in the earlier release.
BINS = 10


@dataclass(frozen=True, slots=True)
class Panel:
    """One table of responses of an edition with the variables that it holds."""

    study: Study
    table: Table
    variables: tuple[Variable, ...]


def panels(edition: Edition) -> tuple[Panel, ...]:
    """Every table of responses or records of ``edition``."""
    by_id = {variable.id: variable for variable in edition.variables}
    found = []
    for study in edition.studies:
        for table in edition.tables:
            if table.study == study.id and table.kind in ("responses", "records"):
                variables = tuple(by_id[field.variable] for field in table.fields if field.variable in by_id)
                found.append(Panel(study, table, variables))
    return tuple(found)


def build(rows: duckdb.DuckDBPyConnection, edition: Edition, previous: Path | None = None) -> None:
    """Attaches a database ``gate`` in memory that holds the summary tables, so that nothing of them stays in ``rows``, which
    must be open for writing for that; ``drop`` takes it away. ``previous`` is the folder of the last release, whose Parquet is
    read."""
    drop(rows)
    rows.execute("ATTACH ':memory:' AS gate")
    for table in ("cells", "previous_cells"):
        columns = "table_name VARCHAR, variable VARCHAR, wave VARCHAR, value VARCHAR, why VARCHAR, n BIGINT"
        rows.execute(f"CREATE TABLE gate.{table} ({columns})")
    rows.execute(
        "CREATE TABLE gate.declared (table_name VARCHAR, variable VARCHAR, wave VARCHAR, asked BOOLEAN, categorical BOOLEAN)"
    )
    for panel in panels(edition):
        _declare(rows, panel)
        _count(rows, "cells", name(panel.table.name), panel)
        source = _previous_table(previous, panel.table.name)
        if source:
            _count(rows, "previous_cells", source, panel)
    rows.execute(_VARIABLES)
    _waves(rows, edition, previous)


def drop(rows: duckdb.DuckDBPyConnection) -> None:
    rows.execute("DETACH DATABASE IF EXISTS gate")


def _previous_table(previous: Path | None, table: str) -> str | None:
    path = previous / "data" / "parquet" / f"{table}.parquet" if previous else None
    return f"read_parquet({literal(path)})" if path and path.is_file() else None


def _declare(rows: duckdb.DuckDBPyConnection, panel: Panel) -> None:
    entries = [
        [panel.table.name, variable.id, wave, variable.waves[wave].status in ("complete", "partial"), variable.is_categorical]
        for variable in panel.variables
        for wave in panel.study.wave_ids
        if wave in variable.waves
    ]
    if entries:
        columns = [list(column) for column in zip(*entries, strict=True)]
        rows.execute("INSERT INTO gate.declared SELECT unnest(?), unnest(?), unnest(?), unnest(?), unnest(?)", columns)


def _count(rows: duckdb.DuckDBPyConnection, target: str, source: str, panel: Panel) -> None:
    """Counts every (variable, wave, value, reason) of one table in one pass per 200 variables."""
    present = {row[0] for row in rows.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()}
    wave = "wave" if "wave" in present else literal(panel.study.wave_ids[0])
    held = [each for each in panel.variables if {each.id, each.why} <= present]
    for start in range(0, len(held), 200):
        part = held[start : start + 200]
        texts = ", ".join(f"CAST({name(each.id)} AS VARCHAR) AS {name(each.id)}, {name(each.why)}" for each in part)
        pairs = ", ".join(f"({name(each.id)}, {name(each.why)}) AS {literal(each.id)}" for each in part)
        rows.execute(
            f"INSERT INTO gate.{target} SELECT {literal(panel.table.name)}, variable, wave, value, why, count(*) FROM "
            f"(SELECT {wave} AS wave, {texts} FROM {source}) "
            f"UNPIVOT INCLUDE NULLS ((value, why) FOR variable IN ({pairs})) GROUP BY ALL"
        )


_DESIGN = ", ".join(literal(reason) for reason in BY_DESIGN)
_CUTS = ", ".join(f"min(x) FILTER (WHERE reached >= {step / BINS})" for step in range(1, BINS))
_VARIABLES = f"""
CREATE TABLE gate.variable_summary AS
WITH counts AS (
  SELECT 'now' AS side, * FROM gate.cells UNION ALL SELECT 'then' AS side, * FROM gate.previous_cells
), shares AS (
  SELECT side, table_name, variable, wave, sum(n) AS n_rows,
    coalesce(sum(n) FILTER (WHERE value IS NOT NULL), 0) AS n_valid,
    coalesce(sum(n) FILTER (WHERE value IS NULL AND why = 'suppressed'), 0) AS n_suppressed,
    coalesce(sum(n) FILTER (WHERE value IS NULL AND why NOT IN ({_DESIGN}, 'suppressed')), 0) AS n_missing
  FROM counts GROUP BY ALL
), based AS (
  SELECT *, n_missing / nullif(n_valid + n_missing, 0) AS missing_share,
    n_suppressed / nullif(n_valid + n_missing + n_suppressed, 0) AS suppressed_share FROM shares
), ordered AS (
  SELECT table_name, variable, wave, TRY_CAST(value AS DOUBLE) AS x,
    sum(n) OVER (PARTITION BY table_name, variable, wave ORDER BY TRY_CAST(value AS DOUBLE))
      / sum(n) OVER (PARTITION BY table_name, variable, wave) AS reached
  FROM (SELECT table_name, variable, wave, value, sum(n) AS n FROM gate.previous_cells WHERE value IS NOT NULL GROUP BY ALL)
    JOIN gate.declared USING (table_name, variable, wave) WHERE NOT categorical
), edges AS (
  SELECT table_name, variable, wave, [{_CUTS}] AS cut FROM ordered WHERE x IS NOT NULL GROUP BY ALL
), binned AS (
  SELECT side, c.table_name, c.variable, c.wave, sum(n) AS n,
    CASE WHEN categorical OR cut IS NULL THEN value
      ELSE CAST(len(list_filter(cut, lambda x: x < TRY_CAST(value AS DOUBLE))) AS VARCHAR) END AS bin
  FROM counts c JOIN gate.declared d USING (table_name, variable, wave) LEFT JOIN edges e USING (table_name, variable, wave)
  WHERE value IS NOT NULL AND (categorical OR cut IS NOT NULL) GROUP BY ALL
), parts AS (
  SELECT *, n / sum(n) OVER (PARTITION BY side, table_name, variable, wave) AS p FROM binned
), both_sides AS (
  SELECT table_name, variable, wave, bin, coalesce(max(p) FILTER (WHERE side = 'now'), 0) AS p,
    coalesce(max(p) FILTER (WHERE side = 'then'), 0) AS q
  FROM parts GROUP BY ALL
), drift AS (
  SELECT table_name, variable, wave, sum(abs(p - q)) / 2 AS tvd,
    sum((greatest(p, {PSI_FLOOR}) - greatest(q, {PSI_FLOOR})) * ln(greatest(p, {PSI_FLOOR}) / greatest(q, {PSI_FLOOR}))) AS psi
  FROM both_sides GROUP BY ALL HAVING sum(p) > 0 AND sum(q) > 0
)
SELECT d.table_name, d.variable, d.wave, asked, coalesce(n.n_rows, 0) AS n_rows, coalesce(n.n_valid, 0) AS n_valid,
  coalesce(n.n_missing, 0) AS n_missing, coalesce(n.n_suppressed, 0) AS n_suppressed, n.missing_share, n.suppressed_share,
  t.missing_share AS previous_missing_share, abs(n.missing_share - t.missing_share) AS missing_change, tvd, psi,
  asked AND coalesce(n.n_valid, 0) = 0 AND coalesce(n.n_suppressed, 0) = 0 AS empty
FROM gate.declared d
LEFT JOIN (SELECT * FROM based WHERE side = 'now') n USING (table_name, variable, wave)
LEFT JOIN (SELECT * FROM based WHERE side = 'then') t USING (table_name, variable, wave)
LEFT JOIN drift USING (table_name, variable, wave)
ORDER BY ALL
"""


def _waves(rows: duckdb.DuckDBPyConnection, edition: Edition, previous: Path | None) -> None:
    rows.execute(
        "CREATE TABLE gate.wave_summary (study VARCHAR, wave VARCHAR, n_rows BIGINT, expected BIGINT, expected_gap DOUBLE, "
        "previous_rows BIGINT, rows_change DOUBLE, retained BIGINT, retention DOUBLE)"
    )
    for panel in panels(edition):
        now, then = name(panel.table.name), _previous_table(previous, panel.table.name)
        waves = panel.study.waves
        for earlier, wave in zip((None, *waves), waves, strict=False):
            n = _rows_of(rows, now, panel.study, wave.id)
            before = _rows_of(rows, then, panel.study, wave.id) if then else None
            retained = base = None
            if earlier is not None:
                base = _rows_of(rows, now, panel.study, earlier.id)
                retained = _both(rows, now, earlier.id, wave.id)
            rows.execute(
                "INSERT INTO gate.wave_summary VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [panel.study.id, wave.id, n, wave.expected, _gap(n, wave.expected), before, _gap(n, before), retained,
                 None if not base or retained is None else retained / base],
            )  # fmt: skip


def _gap(n: int, wanted: int | None) -> float | None:
    """Distance of ``n`` to ``wanted`` as a share of it; None where nothing (or no row) is wanted."""
    return abs(n - wanted) / wanted if wanted else None


def _rows_of(rows: duckdb.DuckDBPyConnection, source: str, study: Study, wave: str) -> int:
    where = "" if study.kind == "records" else f" WHERE wave = {literal(wave)}"
    return int(rows.execute(f"SELECT count(*) FROM {source}{where}").fetchall()[0][0])


def _both(rows: duckdb.DuckDBPyConnection, source: str, earlier: str, later: str) -> int:
    persons = f"SELECT person_id FROM {source} WHERE wave = "
    sql = f"SELECT count(*) FROM ({persons}{literal(earlier)} INTERSECT {persons}{literal(later)})"
    return int(rows.execute(sql).fetchall()[0][0])
