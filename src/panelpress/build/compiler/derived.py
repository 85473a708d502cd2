"""Compiles derived variables: expressions over harmonized variables of the same row, or of the same person's other waves.

Where the expression is NULL the reason is the strongest one among its sources (declared ``precedence``, else the order of
``schemas/missing.csv``); where no source is missing it is ``uncodeable``, and ``not_applicable`` where the person has no such
other wave.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from graphlib import TopologicalSorter

from sqlglot import exp

from panelpress.build.compiler.case import case
from panelpress.build.compiler.cells import Cells
from panelpress.build.compiler.quote import name, sql_type, text
from panelpress.model.missing import NOT_APPLICABLE, SUPPRESSED, WHY_SUFFIX, MissingReasons
from panelpress.model.study import Study
from panelpress.model.variable import Variable, WaveRule
from panelpress.schemas.crosswalk_checks import sources_of
from panelpress.schemas.expressions import Expression, parse, render

UNCODEABLE = "uncodeable"


def _parsed(text: str) -> Expression:
    """The parsed ``expr`` or ``universe`` of a linted rule."""
    parsed = parse(text, "harmonized", text)
    assert isinstance(parsed, Expression), parsed
    return parsed


def depends_on_panel(variable: Variable) -> bool:
    """True where some wave's expression looks at other waves of the person."""
    texts = [text for rule in variable.waves.values() if rule.expr for text in (rule.expr, rule.universe) if text]
    return any(_parsed(text).uses_panel for text in texts)


def levels(variables: Sequence[Variable]) -> list[list[Variable]]:
    """Derived variables in steps: each step reads only variables that come from raw columns or earlier steps."""
    by_id = {variable.id: variable for variable in variables}
    derived = {variable.id for variable in variables if any(rule.expr for rule in variable.waves.values())}
    graph = {identifier: {source for source in sources_of(by_id[identifier]) if source in derived} for identifier in derived}
    sorter = TopologicalSorter(graph)
    sorter.prepare()
    steps: list[list[Variable]] = []
    order = {variable.id: position for position, variable in enumerate(variables)}
    while sorter.is_active():
        ready = sorted(sorter.get_ready(), key=order.__getitem__)
        steps.append([by_id[identifier] for identifier in ready])
        sorter.done(*ready)
    return steps


def panel_stage(variables: Sequence[Variable]) -> set[str]:
    """Ids that can only be computed once all waves stand together: those that look at other waves, and all that read them."""
    late: set[str] = set()
    for step in levels(variables):
        for variable in step:
            if depends_on_panel(variable) or late & set(sources_of(variable)):
                late.add(variable.id)
    return late


def derived_cells(
    variable: Variable, rule: WaveRule, missing: MissingReasons, panel: Callable[[str, tuple[str, ...]], str] | None = None
) -> Cells:
    """Both channels of ``variable`` where ``rule`` derives it. ``panel`` renders panel functions."""
    expression = _parsed(rule.expr or "")
    sql = render(expression, name, panel)
    yes_or_no = case([(sql, "1"), (f"NOT ({sql})", "0")])
    value = yes_or_no if expression.is_logical else f"CAST({sql} AS {sql_type(variable)})"
    reasons, otherwise = _merged(expression, variable, missing, panel)
    why = case([(f"({sql}) IS NOT NULL", "NULL"), *reasons], otherwise)
    if rule.universe is None:
        return Cells(value, why)
    outside = f"({render(_parsed(rule.universe), name, panel)}) IS NOT TRUE"
    return Cells(case([(outside, "NULL")], value), case([(outside, text(NOT_APPLICABLE))], why))


def _merged(
    expression: Expression, variable: Variable, missing: MissingReasons, panel: Callable[[str, tuple[str, ...]], str] | None
) -> tuple[list[tuple[str, str]], str]:
    """Arms that give the strongest reason among the sources, and what holds where no source has one."""
    whys = [name(source + WHY_SUFFIX) for source in expression.names]
    if expression.uses_panel and panel is not None:
        whys += [panel(*call) for call in _why_calls(expression)]
    otherwise = text(NOT_APPLICABLE if expression.uses_panel else UNCODEABLE)
    if not whys:
        return [], otherwise
    if len(whys) == 1:
        return [], f"COALESCE({whys[0]}, {otherwise})"
    listed = list(variable.precedence)
    order = listed + [each.reason for each in missing if each.reason not in (*listed, SUPPRESSED)]
    return [(f"{text(reason)} IN ({', '.join(whys)})", text(reason)) for reason in order], otherwise


def _why_calls(expression: Expression) -> list[tuple[str, tuple[str, ...]]]:
    calls: list[tuple[str, tuple[str, ...]]] = []
    for node in expression.tree.find_all(exp.Anonymous):
        function, arguments = str(node.this).lower(), tuple(argument.name for argument in node.expressions)
        if function in ("previous", "at_wave"):
            call = (function, (arguments[0] + WHY_SUFFIX, *arguments[1:]))
            if call not in calls:
                calls.append(call)
    return calls


def panel_functions(study: Study) -> Callable[[str, tuple[str, ...]], str]:
    """Renders the panel functions of one study as windows over the person's waves in their declared order."""
    person = "PARTITION BY person_id"
    position = "CASE wave " + " ".join(f"WHEN {text(wave)} THEN {index}" for index, wave in enumerate(study.wave_ids)) + " END"

    def call(function: str, arguments: tuple[str, ...]) -> str:
        if function == "n_waves":
            return f"COUNT(*) OVER ({person})"
        if function == "in_wave":
            return f"(MAX(CASE WHEN wave = {text(arguments[0])} THEN 1 ELSE 0 END) OVER ({person}) = 1)"
        if function == "first_wave":
            return f"FIRST_VALUE(wave) OVER ({person} ORDER BY {position})"
        if function == "previous":
            return f"LAG({name(arguments[0])}) OVER ({person} ORDER BY {position})"
        return f"MAX(CASE WHEN wave = {text(arguments[1])} THEN {name(arguments[0])} END) OVER ({person})"

    return call
