"""What a crosswalk can say wrong across files: waves that do not exist, raw columns that no contract lists, codes that no rule
maps, expressions that go in circles. Each check returns Problems in a data manager's words; none needs data."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from graphlib import CycleError, TopologicalSorter

from panelpress.model.delivery import KEPT_ROLES, Contract
from panelpress.model.missing import SUPPRESSED, MissingReasons
from panelpress.model.study import Study, Wave
from panelpress.model.variable import Interval, Variable, WaveRule
from panelpress.schemas.checker import Problem
from panelpress.schemas.expressions import Expression, parse


def cross_checks(
    variables: Sequence[Variable], studies: Sequence[Study], missing: MissingReasons, contracts: Sequence[Contract]
) -> list[Problem]:
    """Everything wrong between variables, waves, reasons and contracts."""
    problems = _twice(variables)
    by_wave = {wave.id: study for study in studies for wave in study.waves}
    waves = {wave.id: wave for study in studies for wave in study.waves}
    by_contract = {contract.wave: contract for contract in contracts}
    for variable in variables:
        problems += _waves(variable, by_wave)
        for rule in variable.waves.values():
            if rule.wave in by_wave:
                problems += _rule(variable, rule, by_wave[rule.wave], missing, by_contract.get(rule.wave), waves[rule.wave])
                problems += _expression(variable, rule, by_wave[rule.wave], variables)
        problems += [
            Problem(at(variable), f"`precedence` names `{reason}`, which is no reason.", "See schemas/missing.csv.")
            for reason in variable.precedence
            if reason not in missing
        ]
        if variable.replaced_by and variable.replaced_by not in {each.id for each in variables}:
            problems.append(Problem(at(variable), f"`replaced_by` names `{variable.replaced_by}`.", "Name a declared variable."))
    return problems + _circles(variables)


def at(variable: Variable, rule: WaveRule | None = None) -> str:
    """File and line of a variable, or of what it says of one wave."""
    line = rule.line if rule and rule.line else variable.line
    return f"{variable.declared_in}:{line}" if line else variable.declared_in


def _twice(variables: Sequence[Variable]) -> list[Problem]:
    files: dict[str, list[str]] = {}
    for variable in variables:
        files.setdefault(variable.id, []).append(at(variable))
    return [
        Problem(
            where[1],
            f"the variable `{identifier}` is declared {len(where)} times.",
            f"Keep one of them; the first is in {where[0]}.",
        )
        for identifier, where in files.items()
        if len(where) > 1
    ]


def _waves(variable: Variable, by_wave: dict[str, Study]) -> list[Problem]:
    problems = []
    for wave, rule in variable.waves.items():
        if wave not in by_wave:
            near = difflib.get_close_matches(wave, by_wave, n=1)
            hint = f"Did you mean `{near[0]}`?" if near else f"Known: {', '.join(by_wave)}."
            problems.append(
                Problem(at(variable, rule), f"`{variable.id}` has a rule for the wave `{wave}`, which does not exist.", hint)
            )
    for study in dict.fromkeys(by_wave[wave] for wave in variable.waves if wave in by_wave):
        for wave in study.wave_ids:
            if wave not in variable.waves:
                problems.append(
                    Problem(
                        at(variable),
                        f"`{variable.id}` says nothing about wave {wave} of {study.id}.",
                        "Add the wave, e.g. {status: impossible, reason: not_asked}; silence would look like missing data.",
                    )
                )
    return problems


def _rule(
    variable: Variable, rule: WaveRule, study: Study, missing: MissingReasons, contract: Contract | None, wave: Wave
) -> list[Problem]:
    where = at(variable, rule)
    problems = []
    codes = {category.code for category in variable.categories}
    for _, code in rule.value_map:
        if variable.is_categorical and code not in codes:
            problems.append(
                Problem(
                    where,
                    f"wave {rule.wave} maps to {code!r}, which is no category of `{variable.id}`.",
                    "Declare it or correct it.",
                )
            )
    problems += [
        Problem(where, f"a filter of wave {rule.wave} gives {each.value!r}, which is no category.", "Correct the value.")
        for each in rule.filters
        if variable.is_categorical and each.value not in codes
    ]
    for reason in (*(reason for _, reason in rule.missing_map), *((rule.reason,) if rule.reason else ())):
        if reason not in missing:
            near = difflib.get_close_matches(reason, [each.reason for each in missing], n=1)
            hint = f"Did you mean `{near[0]}`?" if near else "See schemas/missing.csv."
            problems.append(
                Problem(where, f"wave {rule.wave} gives the reason `{reason}`, which the project does not have.", hint)
            )
        elif reason == SUPPRESSED:
            problems.append(
                Problem(where, f"wave {rule.wave} gives the reason `{SUPPRESSED}`.", "Only disclosure control gives this reason.")
            )
    for code in rule.coverage:
        if code not in codes:
            problems.append(
                Problem(where, f"`coverage` of wave {rule.wave} lists {code!r}, which is no category.", "Correct the codes.")
            )
    for other in rule.breaks_with:
        if other not in study.wave_ids or other == rule.wave:
            problems.append(
                Problem(where, f"`breaks_with` of wave {rule.wave} names `{other}`.", f"Name another wave of {study.id}.")
            )
    if rule.copy and variable.is_categorical and not variable.codes_are_text:
        problems.append(
            Problem(
                where,
                f"wave {rule.wave} copies raw codes into categories.",
                "Write a `map`; a copied code is not checked against its meaning.",
            )
        )
    if rule.units and rule.units.table and not any(rate.start <= _first_day(wave) <= rate.end for rate in rule.units.rates):
        problems.append(
            Problem(where, f"no rate of {rule.units.table} is valid when wave {rule.wave} begins.", "Add rows for that day.")
        )
    return problems + _columns(variable, rule, contract)


def _first_day(wave: Wave) -> str:
    return (wave.start + "-01-01")[:10] if len(wave.start) == 4 else (wave.start + "-01")[:10]


def _columns(variable: Variable, rule: WaveRule, contract: Contract | None) -> list[Problem]:
    where = at(variable, rule)
    problems = []
    names = [*rule.source, *((rule.units.key,) if rule.units and rule.units.key else ())]
    if contract is not None:
        columns = {column.name: column for column in contract.columns}
        for name in names:
            if name not in columns:
                near = difflib.get_close_matches(name, columns, n=1)
                hint = f"Did you mean `{near[0]}`?" if near else f"See {contract.declared_in}."
                problems.append(Problem(where, f"wave {rule.wave} reads `{name}`, which its contract does not list.", hint))
            elif columns[name].role not in KEPT_ROLES:
                problems.append(
                    Problem(
                        where,
                        f"wave {rule.wave} reads `{name}`, whose role is {columns[name].role}.",
                        "Such columns never enter the build.",
                    )
                )
        asked = rule.map_on or (rule.source[0] if rule.source else None)
        if rule.value_map and asked in columns:
            problems += _unmapped(where, rule, asked, list(columns[asked].values))
    for text in (None if rule.expr else rule.universe, *(each.expr for each in rule.filters)):
        if text is not None:
            parsed = parse(text, "raw", where, rule.source)
            if isinstance(parsed, Problem):
                problems.append(parsed)
    return problems


def _unmapped(where: str, rule: WaveRule, column: str, listed: list[str]) -> list[Problem]:
    """Codes that the contract lists and no rule mentions: the build would stop at the first person who gave one."""
    keys = [key for key, _ in (*rule.value_map, *rule.missing_map)]
    exact = {key for key in keys if isinstance(key, str)}
    intervals = [key for key in keys if isinstance(key, Interval)]
    left = [code for code in listed if code not in exact and not (intervals and _is_number(code))]
    if not left:
        return []
    shown = ", ".join(left[:5]) + (" ..." if len(left) > 5 else "")
    return [
        Problem(where, f"wave {rule.wave} has no rule for raw code {shown} of `{column}`.", "Add it to `map` or to `missing`.")
    ]


def _is_number(text: str) -> bool:
    return text.lstrip("-").replace(".", "", 1).isdigit()


def _expression(variable: Variable, rule: WaveRule, study: Study, variables: Sequence[Variable]) -> list[Problem]:
    """What is wrong with the ``expr`` of a derived variable and with its universe, which is over harmonized variables too."""
    if rule.expr is None:
        return []
    known = [each.id for each in variables if any(wave in each.waves for wave in study.wave_ids)]
    problems = []
    for text in (rule.expr, *((rule.universe,) if rule.universe else ())):
        parsed = parse(text, "harmonized", at(variable, rule), known)
        if isinstance(parsed, Problem):
            return [parsed]
        if variable.id in parsed.names:
            return [Problem(at(variable, rule), f"`{variable.id}` is derived from itself.", "Read another variable.")]
        problems += [
            Problem(
                at(variable, rule), f"`{text}` names the wave `{wave}`.", f"Waves of {study.id}: {', '.join(study.wave_ids)}."
            )
            for wave in parsed.waves
            if wave not in study.wave_ids
        ]
    return problems


def sources_of(variable: Variable) -> tuple[str, ...]:
    """Variables that the expressions of ``variable`` read, in any wave, in order of first mention; for a derived variable
    those of its universe too."""
    names: dict[str, None] = {}
    for rule in variable.waves.values():
        for text in (rule.expr, rule.universe) if rule.expr is not None else ():
            parsed = parse(text, "harmonized", at(variable, rule)) if text else None
            if isinstance(parsed, Expression):
                names.update(dict.fromkeys((*parsed.names, *parsed.panel_names)))
    return tuple(names)


def _circles(variables: Sequence[Variable]) -> list[Problem]:
    known = {variable.id for variable in variables}
    graph = {variable.id: {name for name in sources_of(variable) if name in known} for variable in variables}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        circle = [str(name) for name in error.args[1]]
        first = next(variable for variable in variables if variable.id == circle[0])
        return [Problem(at(first), f"the expressions go in a circle: {' → '.join(circle)}.", "Break it at one of them.")]
    return []
