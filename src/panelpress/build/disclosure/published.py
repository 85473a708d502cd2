"""The variables as they are published: a recoded key is another variable in all but name, so its code list changes with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from panelpress.model.disclosure import Key
from panelpress.model.variable import Category, Code, Variable, WaveRule


def published_variable(variable: Variable, key: Key, levels: Sequence[int]) -> Variable:
    """``variable`` with the categories of the ``levels`` at which ``key`` is published (more than one only for local keys)."""
    if list(levels) == [0]:
        return variable
    categories: dict[Code, Category] = {}
    for level in levels:
        listed = variable.categories if level == 0 else key.levels[level - 1].categories
        categories |= {category.code: category for category in listed if category.code not in categories}
    coarse = [key.levels[level - 1].parents for level in levels if level]
    return replace(
        variable,
        type="nominal" if variable.type == "nominal" or len(levels) > 1 else "ordinal",
        categories=tuple(categories.values()),
        unit=None,
        minimum=None,
        maximum=None,
        top_box={},
        waves={wave: _covering(rule, coarse, 0 in levels) for wave, rule in variable.waves.items()},
    )


def _covering(rule: WaveRule, coarse: Sequence[object], as_is: bool) -> WaveRule:
    """``coverage`` lists the codes that a partial wave can yield; these are now the groups of those codes."""
    if not rule.coverage:
        return rule
    found: dict[Code, None] = dict.fromkeys(rule.coverage) if as_is else {}
    for parents in coarse:
        assert isinstance(parents, dict)
        found.update(dict.fromkeys(parents[code] for code in rule.coverage if code in parents))
    return replace(rule, coverage=tuple(found))
