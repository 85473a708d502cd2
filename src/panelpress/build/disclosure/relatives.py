"""Which cells give a starred value away: the crosswalk's dependency graph, cell by cell.

A node is a variable in a wave, or a raw column in a wave. A value flows along three kinds of edges: from the raw column (or the
variables of an ``expr``) that a value is taken from, from the columns of a ``filter`` that implies it, and from the columns of a
``universe`` that routes people past it (others are ``not_applicable``). Starring a cell closes over
- everything that the cell is made from by value or filter, because it determines the cell, and
- everything that is made from those or from the cell, routed ones included, because it returns part of it.
``Relatives`` answers by key and wave. Nothing here reads data.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from panelpress.model.study import Study
from panelpress.model.variable import Variable, WaveRule
from panelpress.schemas.expressions import Expression, parse

Cell = tuple[str, str]  # variable, wave
_Node = tuple[str, str, str]  # "raw" or "variable", name, wave


@dataclass(frozen=True)
class Relatives:
    """``closure[(variable, wave)]``: cells to star with it, itself included. ``value`` and ``routed`` name, by variable that is
    no key, the keys whose value it carries or whose answer routes it. ``panel`` are variables that look at other waves."""

    closure: Mapping[Cell, frozenset[Cell]]
    value: Mapping[str, frozenset[str]]
    routed: Mapping[str, frozenset[str]]
    panel: frozenset[str]


def find_relatives(study: Study, variables: Sequence[Variable], keys: Sequence[str], starred: Sequence[str] = ()) -> Relatives:
    """Relatives of ``keys``, and the closures of other variables that may be ``starred``, among ``variables`` (all harmonized
    variables of the study, released or not)."""
    strong: dict[_Node, set[_Node]] = {}
    routes: dict[_Node, set[_Node]] = {}
    panel: set[str] = set()
    for variable in variables:
        for wave in study.wave_ids:
            node = ("variable", variable.id, wave)
            rule = variable.waves.get(wave)
            made, routed, looks_around = _edges(variable.id, rule, wave, study) if rule else (set(), set(), False)
            strong[node], routes[node] = made, routed
            if looks_around:
                panel.add(variable.id)
    children = _children(strong)
    routed_by = _children(routes)
    closure: dict[Cell, frozenset[Cell]] = {}
    value: dict[str, set[str]] = {}
    routed_names: dict[str, set[str]] = {}
    for key in dict.fromkeys((*keys, *starred)):
        for wave in study.wave_ids:
            origins = _reach({("variable", key, wave)}, strong)
            made_of = _reach(origins, children)
            routed_from = set().union(*(routed_by.get(node, set()) for node in made_of))
            routed_from = _reach(routed_from, children)
            closure[(key, wave)] = frozenset((name, at) for kind, name, at in made_of | routed_from if kind == "variable")
            if key not in keys:
                continue
            for kind, name, _ in made_of:
                if kind == "variable" and name not in keys:
                    value.setdefault(name, set()).add(key)
            for kind, name, _ in routed_from - made_of:
                if kind == "variable" and name not in keys:
                    routed_names.setdefault(name, set()).add(key)
    return Relatives(
        closure,
        {name: frozenset(found) for name, found in value.items()},
        {name: frozenset(found) for name, found in routed_names.items() if name not in value},
        frozenset(panel),
    )


def _edges(variable: str, rule: WaveRule, wave: str, study: Study) -> tuple[set[_Node], set[_Node], bool]:
    """What a variable is made from in ``wave`` (strong), what only routes it, and whether it looks at other waves."""
    strong: set[_Node] = set()
    routes: set[_Node] = set()
    looks_around = False
    if rule.expr is not None:
        parsed = parse(rule.expr, "harmonized", wave)
        assert isinstance(parsed, Expression), parsed
        strong |= {("variable", name, wave) for name in parsed.names}
        others = parsed.waves or study.wave_ids
        strong |= {("variable", name, other) for name in parsed.panel_names for other in others}
        looks_around = parsed.uses_panel
    elif rule.multi is not None:  # options of one cell are answers of their own, not parts of each other
        strong.add(("raw", f"{rule.multi.column} option {variable}", wave))
    elif rule.source:
        routed = _names(rule.universe, rule)
        implied = set().union(*(_names(each.expr, rule) for each in rule.filters))
        taken = {rule.map_on or rule.source[0]} | implied
        if rule.units and rule.units.key:
            taken.add(rule.units.key)
        strong |= {("raw", name, wave) for name in taken}
        routes |= {("raw", name, wave) for name in routed - taken}
    return strong, routes, looks_around


def _names(text: str | None, rule: WaveRule) -> set[str]:
    if text is None:
        return set()
    parsed = parse(text, "raw", rule.wave, rule.source)
    assert isinstance(parsed, Expression), parsed
    return set(parsed.names)


def _children(edges: Mapping[_Node, set[_Node]]) -> dict[_Node, set[_Node]]:
    found: dict[_Node, set[_Node]] = {}
    for node, parents in edges.items():
        for parent in parents:
            found.setdefault(parent, set()).add(node)
    return found


def _reach(start: set[_Node], edges: Mapping[_Node, set[_Node]]) -> set[_Node]:
    seen = set(start)
    pending = list(start)
    while pending:
        for node in edges.get(pending.pop(), ()):
            if node not in seen:
                seen.add(node)
                pending.append(node)
    return seen
