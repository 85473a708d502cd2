"""Checks that every raw code comes out as often as it went in, and that ``not_applicable`` is exactly who was not asked.

The expected counts come from the raw table and the declared maps, evaluated here in Python; the observed ones from the
harmonized table that SQL made. The two share no code, so a compiler that maps a code wrongly is found by its counts.
"""

from __future__ import annotations

from collections import Counter
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

import duckdb

from panelpress.build.compiler.cells import raw_expression
from panelpress.build.compiler.quote import name, text
from panelpress.build.compiler.wave import raw_table
from panelpress.model.findings import Finding
from panelpress.model.missing import NOT_APPLICABLE
from panelpress.model.study import Study
from panelpress.model.variable import Interval, MultiSource, Variable, WaveRule

# Decimal variables are stored with six places.
MILLIONTH = Decimal("0.000001")
CHECKS = {
    "build.universe_complement": "not_applicable is exactly the complement of the universe",
    "build.frequency": "every raw code comes out as often as it went in",
}


def frequencies(rows: duckdb.DuckDBPyConnection, study: Study, variable: Variable, rule: WaveRule, run: str) -> list[Finding]:
    """The findings of one variable in one wave that reads raw columns: map, copy or multi-select."""
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
    number = number_of(code)
    if number is not None:
        for key, reason in rule.missing_map:
            if isinstance(key, Interval) and inside(number, key):
                return f"why:{reason}"
        for key, target in rule.value_map:
            if isinstance(key, Interval) and inside(number, key):
                return f"value:{target}"
    if rule.multi is not None and code is not None:
        return f"value:{_ticked(rule.multi, code)}"
    if not rule.copy:
        return "value:None"
    return _copied(_taken(variable, code, number)) if _comparable(variable, rule) else "copied"


def _ticked(multi: MultiSource, cell: str) -> int | None:
    """1 where a joined cell holds an option that means this one, 0 where not; None where something in it is explained by none.

    The cell is split at every separator; options are then found as runs of pieces, the longest text first, each piece once."""
    pieces: list[str | None] = list(cell.split(multi.separator))
    found = False
    for option in sorted(multi.options, key=lambda each: (-len(each), each)):
        wanted = option.split(multi.separator)
        for start in range(len(pieces) - len(wanted) + 1):
            if pieces[start : start + len(wanted)] == wanted:
                pieces[start : start + len(wanted)] = [None] * len(wanted)
                found = found or option in multi.chosen
    left = any(piece is not None and piece.strip(" ") for piece in pieces)
    return None if left and not multi.rest_allowed else int(found or (left and multi.rest))


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


def number_of(code: str | None) -> Decimal | None:
    try:
        number = Decimal(code.strip()) if code is not None else None
    except InvalidOperation:
        return None
    return number if number is not None and number.is_finite() else None


def inside(number: Decimal, interval: Interval) -> bool:
    if interval.low is not None:
        low = Decimal(interval.low)
        if number < low or (number == low and not interval.low_closed):
            return False
    if interval.high is not None:
        high = Decimal(interval.high)
        if number > high or (number == high and not interval.high_closed):
            return False
    return True
