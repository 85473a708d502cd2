"""Which variables a tier holds under other codes than the declarations name, because disclosure control made them coarser."""

from __future__ import annotations

from collections.abc import Mapping

from panelpress.model.release import Edition
from panelpress.model.variable import Variable


def recoded(edition: Edition, variables: Mapping[str, Variable]) -> frozenset[str]:
    """Variables that this edition holds with other codes than the declarations name."""
    changed: set[str] = set()
    for table in edition.tables:
        for field in table.fields:
            if field.variable and field.variable in variables and field.categories:
                codes = {str(category.code) for category in variables[field.variable].categories}
                if {str(category.code) for category in field.categories} != codes:
                    changed.add(field.variable)
    return frozenset(changed)
