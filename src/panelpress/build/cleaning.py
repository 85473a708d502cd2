"""Excludes rows before the crosswalk as ``build/cleaning.yaml`` declares, counting what each rule took (flow chart raw to kept).

Rules apply in declared order; a row that one rule excluded is not seen by the next, so the counts add up.
"""

from __future__ import annotations

from collections.abc import Iterable

import duckdb

from panelpress.build.compiler.quote import name
from panelpress.build.compiler.wave import raw_table
from panelpress.errors import BuildRefused
from panelpress.model.cleaning import CleaningRule, CleaningStep
from panelpress.model.study import Study
from panelpress.schemas.expressions import Expression, parse, render


def clean(rows: duckdb.DuckDBPyConnection, study: Study, wave: str, rules: Iterable[CleaningRule]) -> list[CleaningStep]:
    """Applies the rules of one wave to ``raw.<study>_<wave>`` in place. Raises BuildRefused where a column is missing."""
    table = raw_table(study, wave)
    steps: list[CleaningStep] = []
    for rule in rules:
        if rule.study != study.id or wave not in rule.waves:
            continue
        present = {str(row[0]) for row in rows.execute(f"DESCRIBE {table}").fetchall()}
        for column in (*rule.columns, *rule.order_by):
            if column not in present:
                raise BuildRefused(
                    rule.declared_in,
                    f"the rule `{rule.id}` reads `{column}`, which wave {wave} does not have after intake.",
                    "Give the column a role that is kept (plain), or correct the name.",
                )
        before = _count(rows, table)
        rows.execute(f"CREATE OR REPLACE TABLE {table} AS SELECT * FROM {table} {_keep(rule)}")
        after = _count(rows, table)
        steps.append(CleaningStep(study.id, wave, len(steps) + 1, rule.id, rule.kind, rule.reason, before, before - after))
    return steps


def _count(rows: duckdb.DuckDBPyConnection, table: str) -> int:
    found = rows.execute(f"SELECT count(*) FROM {table}").fetchall()
    return int(found[0][0])


def _keep(rule: CleaningRule) -> str:
    if rule.kind == "duplicates":
        direction = "DESC" if rule.keep == "last" else "ASC"
        order = ", ".join(f"{name(column)} {direction} NULLS LAST" for column in rule.order_by)
        return f"QUALIFY row_number() OVER (PARTITION BY person_id ORDER BY {order}, record_id) = 1"
    return f"WHERE ({_excluded(rule)}) IS NOT TRUE"


def _excluded(rule: CleaningRule) -> str:
    if rule.kind == "drop":
        parsed = parse(rule.where or "", "raw", rule.declared_in, rule.columns)
        assert isinstance(parsed, Expression)
        return render(parsed, name)
    if rule.kind == "speeders":
        return f"TRY_CAST({name(rule.columns[0])} AS DECIMAL(18, 3)) < {rule.below}"
    columns = [name(column) for column in rule.columns]
    answered = " + ".join(f"CASE WHEN {column} IS NULL THEN 0 ELSE 1 END" for column in columns)
    return f"({answered}) >= {rule.at_least} AND LEAST({', '.join(columns)}) = GREATEST({', '.join(columns)})"
