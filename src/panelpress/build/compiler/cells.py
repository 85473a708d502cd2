"""Compiles one rule of one wave to two expressions: the value, and the reason why there is none.

The two are written so that exactly one of them is not NULL wherever the rule covers the raw code. A code that no rule covers
leaves both NULL, which the totality check finds; nothing falls through to a default.
"""

from __future__ import annotations

from dataclasses import dataclass

from panelpress.build.compiler.case import case
from panelpress.build.compiler.keys import NUMBER, RawKey, among, condition, exact, intervals
from panelpress.build.compiler.multi import multi_value
from panelpress.build.compiler.quote import literal, name, sql_type, text
from panelpress.model.missing import NOT_APPLICABLE
from panelpress.model.variable import Code, Variable, WaveRule
from panelpress.schemas.expressions import Expression, parse, render

# A map of a country list holds some 250 pairs whose code is the raw code; one IN list reads better and runs faster.
_SAME_AT_LEAST = 4


@dataclass(frozen=True, slots=True)
class Cells:
    """SQL of the two channels of a variable in one wave."""

    value: str
    why: str


def raw_expression(source: str, rule: WaveRule) -> str:
    """SQL of a ``universe`` or ``filter`` of ``rule``. It was linted: a problem here is a defect."""
    parsed = parse(source, "raw", rule.wave, rule.source)
    assert isinstance(parsed, Expression), parsed
    return render(parsed, name)


def impossible(variable: Variable, reason: str) -> Cells:
    return Cells(f"CAST(NULL AS {sql_type(variable)})", text(reason))


def source_cells(variable: Variable, rule: WaveRule) -> Cells:
    """Both channels of a variable that comes from raw columns: map, copy or multi-select."""
    column = name(rule.map_on or rule.source[0])
    before: list[tuple[str, str, str]] = []
    if rule.universe is not None:
        asked = raw_expression(rule.universe, rule)
        before.append((f"({asked}) IS NOT TRUE", "NULL", text(NOT_APPLICABLE)))
    before += [(raw_expression(each.expr, rule), literal(each.value), "NULL") for each in rule.filters]
    reasons = _reasons(column, rule)
    if rule.multi is not None:
        value = multi_value(rule.multi, condition(column, [key for key, _ in rule.missing_map]))
        why = case([(test, why) for test, _, why in before] + reasons)
        return Cells(case([(test, given) for test, given, _ in before], value), why)
    values = _copied(variable, rule, column) if rule.copy else _mapped(column, rule)
    sql = case([(test, given) for test, given, _ in before] + values)
    if not (before or values):
        sql = f"CAST(NULL AS {sql_type(variable)})"
    return Cells(sql, case([(test, why) for test, _, why in before] + reasons))


def _reasons(column: str, rule: WaveRule) -> list[tuple[str, str]]:
    arms: list[tuple[str, str]] = []
    if intervals(key for key, _ in rule.missing_map) and exact(key for key, _ in rule.value_map):
        arms.append((among(column, exact(key for key, _ in rule.value_map)), "NULL"))
    exact_arms = _grouped((key, reason) for key, reason in rule.missing_map if key in exact([key]))
    interval_arms = _grouped((key, reason) for key, reason in rule.missing_map if key not in exact([key]))
    return arms + [(condition(column, keys), text(str(reason))) for reason, keys in (*exact_arms, *interval_arms)]


def _mapped(column: str, rule: WaveRule) -> list[tuple[str, str]]:
    arms: list[tuple[str, str]] = []
    pairs = list(rule.value_map)
    if intervals(key for key, _ in pairs) and exact(key for key, _ in rule.missing_map):
        arms.append((among(column, exact(key for key, _ in rule.missing_map)), "NULL"))
    same = [str(key) for key, code in pairs if isinstance(code, str) and key == code]
    if len(same) >= _SAME_AT_LEAST:
        arms.append((among(column, same), column))
        pairs = [(key, code) for key, code in pairs if key not in same]
    exact_pairs = [(key, code) for key, code in pairs if key in exact([key])]
    interval_pairs = [(key, code) for key, code in pairs if key not in exact([key])]
    for code, keys in (*_grouped(exact_pairs), *_grouped(interval_pairs)):
        arms.append((condition(column, keys), literal(code)))
    return arms


def _grouped(pairs: object) -> tuple[tuple[Code, list[RawKey]], ...]:
    grouped: dict[Code, list[RawKey]] = {}
    for key, target in pairs:  # type: ignore[attr-defined]
        grouped.setdefault(target, []).append(key)
    return tuple(grouped.items())


def _copied(variable: Variable, rule: WaveRule, column: str) -> list[tuple[str, str]]:
    taken = condition(column, [key for key, _ in rule.missing_map])
    arms = [(taken, "NULL")] if taken else []
    if variable.is_categorical:
        codes = [str(category.code) for category in variable.categories]
        return [*arms, (among(column, codes), column)]
    if variable.type == "text":
        return [*arms, (f"{column} IS NOT NULL", column)]
    value = _converted(variable, rule, column)
    test = " AND ".join(
        [
            *([f"REGEXP_MATCHES({column}, '^-?[0-9]+$')"] if variable.type == "integer" and rule.units is None else []),
            *([f"{value} >= {_bound(variable, variable.minimum)}"] if variable.minimum is not None else []),
            *([f"{value} <= {_bound(variable, variable.maximum)}"] if variable.maximum is not None else []),
        ]
    )
    return [*arms, (test or f"{value} IS NOT NULL", value)]


def _bound(variable: Variable, bound: str) -> str:
    return f"DATE {text(bound)}" if variable.type == "date" else bound


def _converted(variable: Variable, rule: WaveRule, column: str) -> str:
    if variable.type == "date":
        if rule.date_format is None:
            return f"TRY_CAST({column} AS DATE)"
        return f"CAST(TRY_STRPTIME({column}, {text(rule.date_format)}) AS DATE)"
    number = f"TRY_CAST({column} AS {NUMBER})"
    if rule.units is not None:
        factor = rule.units.factor
        if factor is None:
            arms = [(f"{name(rule.units.key or '')} = {text(rate.key)}", rate.factor) for rate in rule.units.rates]
            factor = case(arms)
        number = f"TRY_CAST(TRY_CAST({column} AS DECIMAL(18, 6)) * CAST({factor} AS DECIMAL(18, 6)) AS DECIMAL(18, 6))"
        if variable.type == "integer":
            number = f"CAST(ROUND({number}, 0) AS BIGINT)"
        return number
    return f"TRY_CAST({column} AS {sql_type(variable)})"
