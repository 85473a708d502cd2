"""Checks that every project gets without writing any: what went in came out, and every cell has a value or a reason.

The expected counts come from the raw table and the declared maps, evaluated here in Python; the observed ones from the
harmonized table that SQL made. The two share no code, so a compiler that maps a code wrongly is found by its counts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

import duckdb

from panelpress.build.compiler.cells import raw_expression
from panelpress.build.compiler.quote import name, text, texts
from panelpress.build.compiler.wave import raw_table
from panelpress.model.findings import Finding
from panelpress.model.missing import NOT_APPLICABLE
from panelpress.model.study import Study
from panelpress.model.variable import Interval, Variable, WaveRule

# Decimal variables are stored with six places.
MILLIONTH = Decimal("0.000001")
CHECKS = {
    "build.totality": "every cell has a value or a reason",
    "build.value_xor_reason": "no cell has both a value and a reason",
    "build.category_domain": "every value is a declared category or within its bounds",
    "build.impossible_wave": "a wave without the item holds its reason and nothing else",
    "build.universe_complement": "not_applicable is exactly the complement of the universe",
    "build.frequency": "every raw code comes out as often as it went in",
    "build.undetermined": "no wave is left undetermined",
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
            if rule.source and rule.multi is None and rule.expr is None and rule.status in ("complete", "partial"):
                findings += _frequencies(rows, study, variable, rule, run)
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


def _frequencies(rows: duckdb.DuckDBPyConnection, study: Study, variable: Variable, rule: WaveRule, run: str) -> list[Finding]:
    column = name(rule.map_on or rule.source[0])
    outside = f"({raw_expression(rule.universe, rule)}) IS NOT TRUE" if rule.universe else "FALSE"
    arms = " ".join(f"WHEN {raw_expression(each.expr, rule)} THEN {position}" for position, each in enumerate(rule.filters))
    routed = f"CASE {arms} END" if arms else "NULL"
    went_in = rows.execute(
        f"SELECT {column}, {outside}, {routed}, count(*) FROM {raw_table(study, rule.wave)} GROUP BY ALL"
    ).fetchall()
    expected: Counter[str] = Counter()
    for code, is_outside, position, n in went_in:
        if is_outside:
            expected[f"why:{NOT_APPLICABLE}"] += n
        elif position is not None:
            expected[f"value:{rule.filters[position].value}"] += n
        else:
            expected[_outcome(variable, rule, code)] += n
    where = "" if study.kind == "records" else f"WHERE wave = {text(rule.wave)}"
    came_out = rows.execute(
        f"SELECT {name(variable.id)}, {name(variable.why)}, count(*) FROM {name(study.table)} {where} GROUP BY ALL"
    ).fetchall()
    observed: Counter[str] = Counter()

    def told(value: Any) -> str:
        if not rule.copy:
            return f"value:{value}"
        return _copied(value) if _comparable(variable, rule) else "copied"

    for value, why, n in came_out:
        if why is not None:
            observed[f"why:{why}"] += n
        else:
            observed[told(value)] += n
    total = sum(n for *_, n in went_in)
    wrong = sum(abs(expected[outcome] - observed[outcome]) for outcome in {*expected, *observed})
    resource = f"{study.table}/{rule.wave}"
    found = [
        Finding(
            run, "build", "duckdb", "build.frequency", resource, variable.id, "error", wrong, total, CHECKS["build.frequency"]
        )
    ]
    if rule.universe:
        # A raw code may itself mean "not applicable"; those rows are inside the universe and still carry the reason.
        beyond = abs(expected[f"why:{NOT_APPLICABLE}"] - observed[f"why:{NOT_APPLICABLE}"])
        check = "build.universe_complement"
        found.append(Finding(run, "build", "duckdb", check, resource, variable.id, "error", beyond, total, CHECKS[check]))
    return found


def _outcome(variable: Variable, rule: WaveRule, code: str | None) -> str:
    """What the declared maps make of one raw code: exact codes first, then intervals, then what a copy takes as it is."""
    for key, reason in rule.missing_map:
        if not isinstance(key, Interval) and key == code:
            return f"why:{reason}"
    for key, target in rule.value_map:
        if not isinstance(key, Interval) and key == code:
            return f"value:{target}"
    number = _number(code)
    if number is not None:
        for key, reason in rule.missing_map:
            if isinstance(key, Interval) and _inside(number, key):
                return f"why:{reason}"
        for key, target in rule.value_map:
            if isinstance(key, Interval) and _inside(number, key):
                return f"value:{target}"
    if not rule.copy:
        return "value:None"
    return _copied(_taken(variable, code, number)) if _comparable(variable, rule) else "copied"


def _comparable(variable: Variable, rule: WaveRule) -> bool:
    """Whether a copied value can be told from its raw code here; conversions of units and days are the compiler's alone."""
    return variable.type in ("integer", "decimal") and rule.units is None


def _taken(variable: Variable, code: str | None, number: Decimal | None) -> Decimal | None:
    """The number that a copy takes from a raw code; None where it is none, or outside the declared bounds."""
    if number is None or (variable.type == "integer" and not str(code).removeprefix("-").isdecimal()):
        return None
    if abs(number) >= (2**63 if variable.type == "integer" else 10**12):
        return None
    below = variable.minimum is not None and number < Decimal(variable.minimum)
    above = variable.maximum is not None and number > Decimal(variable.maximum)
    return None if below or above else number.quantize(MILLIONTH, ROUND_HALF_UP)


def _copied(value: Decimal | int | None) -> str:
    return f"value:{None if value is None else Decimal(value).normalize()}"


def _number(code: str | None) -> Decimal | None:
    try:
        number = Decimal(code.strip()) if code is not None else None
    except InvalidOperation:
        return None
    return number if number is not None and number.is_finite() else None


def _inside(number: Decimal, interval: Interval) -> bool:
    if interval.low is not None:
        low = Decimal(interval.low)
        if number < low or (number == low and not interval.low_closed):
            return False
    if interval.high is not None:
        high = Decimal(interval.high)
        if number > high or (number == high and not interval.high_closed):
            return False
    return True
