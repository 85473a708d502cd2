"""Checks that every project gets without writing any: what went in came out, and every cell has a value or a reason.

Whether every raw code comes out as often as it went in is counted in ``frequencies``.
"""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from panelpress.build.compiler.quote import name, text, texts
from panelpress.build.frequencies import CHECKS as OF_FREQUENCIES
from panelpress.build.frequencies import frequencies
from panelpress.model.findings import Finding
from panelpress.model.study import Study
from panelpress.model.variable import Variable

CHECKS = {
    "build.totality": "every cell has a value or a reason",
    "build.value_xor_reason": "no cell has both a value and a reason",
    "build.category_domain": "every value is a declared category or within its bounds",
    "build.impossible_wave": "a wave without the item holds its reason and nothing else",
    "build.undetermined": "no wave is left undetermined",
    **OF_FREQUENCIES,
}


def control(
    rows: duckdb.DuckDBPyConnection, study: Study, variables: Sequence[Variable], waves: Sequence[str], run: str
) -> list[Finding]:
    """All findings of the built-in checks of one study; every check is listed once a variable, whether it held or not."""
    findings: list[Finding] = []
    key = "'all'" if study.kind == "records" else "wave"
    for part in _parts(variables, 60):
        columns = ", ".join(column for variable in part for column in _counts(variable))
        found = rows.execute(f"SELECT {key}, count(*), {columns} FROM {name(study.table)} GROUP BY 1 ORDER BY 1").fetchall()
        width = len(_counts(part[0]))
        for position, variable in enumerate(part):
            cells = {
                str(row[0]): (int(row[1]), *(int(cell) for cell in row[2 + position * width : 2 + (position + 1) * width]))
                for row in found
            }
            findings += _judge(study, variable, waves, cells, run)
    for variable in variables:
        for wave in waves:
            rule = variable.waves[wave]
            if rule.source and rule.expr is None and rule.status in ("complete", "partial"):
                findings += frequencies(rows, study, variable, rule, run)
    return findings


def _parts(variables: Sequence[Variable], size: int) -> list[Sequence[Variable]]:
    return [variables[start : start + size] for start in range(0, len(variables), size)]


def _counts(variable: Variable) -> list[str]:
    value, why = name(variable.id), name(variable.why)
    if variable.is_categorical:
        codes = [category.code for category in variable.categories]
        listed = texts([str(code) for code in codes]) if variable.codes_are_text else ", ".join(str(code) for code in codes)
        outside = f"{value} NOT IN ({listed})"
    else:
        bounds = []
        if variable.minimum is not None:
            bounds.append(f"{value} < {_bound(variable, variable.minimum)}")
        if variable.maximum is not None:
            bounds.append(f"{value} > {_bound(variable, variable.maximum)}")
        outside = " OR ".join(bounds) or "FALSE"
    return [
        f"count(*) FILTER (WHERE {value} IS NULL AND {why} IS NULL)",
        f"count(*) FILTER (WHERE {value} IS NOT NULL AND {why} IS NOT NULL)",
        f"count(*) FILTER (WHERE {outside})",
        f"count(*) FILTER (WHERE {value} IS NOT NULL)",
        f"CASE WHEN min({why}) = max({why}) THEN 1 ELSE 2 END",
    ]


def _bound(variable: Variable, bound: str) -> str:
    return f"DATE {text(bound)}" if variable.type == "date" else bound


def _judge(study: Study, variable: Variable, waves: Sequence[str], cells: dict[str, tuple[int, ...]], run: str) -> list[Finding]:
    findings = []
    for wave in waves:
        total, neither, both, outside, values, reasons = cells.get("all" if study.kind == "records" else wave, (0, 0, 0, 0, 0, 0))
        rule = variable.waves[wave]
        resource = f"{study.table}/{wave}"

        def finding(check: str, failed: int, of: int, resource: str = resource) -> Finding:
            return Finding(run, "build", "duckdb", check, resource, variable.id, "error", failed, of, CHECKS[check])

        findings.append(finding("build.totality", neither, total))
        findings.append(finding("build.value_xor_reason", both, total))
        findings.append(finding("build.category_domain", outside, total))
        if rule.status == "impossible":
            findings.append(finding("build.impossible_wave", values + max(0, reasons - 1), total))
        if rule.status == "undetermined":
            findings.append(finding("build.undetermined", 1, 1))
    return findings
