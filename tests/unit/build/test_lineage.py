"""The compiled SQL of a wave reads the raw columns that its rules declare and no other, and stays in what other engines speak."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
import sqlglot
from crosswalk_world import NOT_IN_B, YES_NO, declare
from sqlglot import exp

from panelpress.build.compiler.wave import compile_wave
from panelpress.model.missing import MissingReasons
from panelpress.model.study import Study
from panelpress.model.variable import Variable
from panelpress.paths import Places
from panelpress.schemas.declarations import load_declarations
from worlds import MISSING, STUDY

TINY = (
    f"id: v\n{YES_NO}waves:\n  a: {{status: complete, source: [q, abroad], map_on: q, universe: 'abroad = 1', map: {{1: 1, 2: 0}}, missing: {{null: skipped}}}}\n{NOT_IN_B}",
    f"id: w\n{YES_NO}waves:\n  a: {{status: complete, source: [kind, works], map_on: kind, filter: {{expr: works = 0, value: 0}}, map: {{'[0,4]': 1}}, missing: {{null: skipped}}}}\n{NOT_IN_B}",
    f"id: both\n{YES_NO}expr: v = 1 AND w = 1\nwaves:\n  a: {{status: complete}}\n{NOT_IN_B}",
    "id: m\ntype: multi\noptions: [{id: x, label: {en: X}}]\nwaves:\n  a: {status: complete, source: [q7], separator: ', ', options: {'X, y': x, Z: none}, missing: {null: skipped}}\n"
    + NOT_IN_B,
)


def declared_columns(wave: str, variables: Sequence[Variable]) -> set[str]:
    """Raw columns that the rules of ``wave`` name, all other variables of the wave aside."""
    rules = [variable.waves[wave] for variable in variables if variable.waves[wave].status in ("complete", "partial")]
    keys = {rule.units.key for rule in rules if rule.units and rule.units.key}
    return {column for rule in rules if rule.expr is None for column in rule.source} | keys


def read_columns(sql: str) -> set[str]:
    """Columns that ``sql`` takes from a raw table, as sqlglot resolves them: those no earlier step of the text made."""
    tree = sqlglot.parse_one(sql, dialect="duckdb")
    read: set[str] = set()
    for select in tree.find_all(exp.Select):
        source = select.args.get("from_") or select.args.get("from")
        table = source.this
        if table.name == "taken_apart" or table.db == "raw":
            read |= {column.name for column in select.find_all(exp.Column)}
    made = {column for column in read if column.endswith("__marked")}
    return read - made - {"person_id", "record_id", "*"}


def hold(study: Study, variables: Sequence[Variable], missing: MissingReasons) -> None:
    for wave in study.wave_ids:
        sql = compile_wave(study, wave, variables, missing).sql
        assert f"FROM raw.{study.id}_{wave}" in sql
        assert read_columns(sql) == declared_columns(wave, variables), f"{study.id}, {wave}"
        spoken = sqlglot.transpile(sql, read="duckdb", write="spark", unsupported_level=sqlglot.ErrorLevel.RAISE)
        assert len(spoken) == 1


def test_a_tiny_crosswalk_reads_exactly_its_declared_columns(tmp_path: Path) -> None:
    variables, problems = declare(tmp_path, *TINY)
    assert problems == []
    hold(STUDY, variables, MISSING)
    assert declared_columns("a", variables) == {"q", "abroad", "kind", "works", "q7"}


def test_the_crosswalk_of_this_project_reads_exactly_its_declared_columns(repository: Path, tmp_path: Path) -> None:
    if not (repository / "build" / "variables").is_dir():
        pytest.skip("this checkout holds the engine without a data project")
    declared = load_declarations(Places(repository, tmp_path))
    for study in declared.studies:
        hold(study, declared.crosswalk.of_study(study.id), declared.missing)
