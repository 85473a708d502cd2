"""Compiles multi-select answers that stand joined in one cell, where an option may itself contain the separator.

The cell is taken apart once a column, in a step of its own: the separator is doubled, so that every option has a separator on
either side, and each option text, the longest first, is replaced by its mark ``⟦3⟧``. What is left over was explained by no
listed option; it stops the build unless the declaration has a rest option.
"""

from __future__ import annotations

from panelpress.build.compiler.case import case
from panelpress.build.compiler.quote import name, text
from panelpress.model.variable import MultiSource


def marked(column: str) -> str:
    """Name of the helper column that holds the marks of ``column``."""
    return f"{column}__marked"


def mark_sql(multi: MultiSource) -> str:
    """SQL of the helper column: ``;A;;B;`` becomes ``⟦0⟧⟦1⟧``."""
    separator = text(multi.separator)
    sql = f"{separator} || REPLACE({name(multi.column)}, {separator}, {text(multi.separator * 2)}) || {separator}"
    for option in sorted(multi.options, key=lambda each: (-len(each), each)):
        whole = multi.separator + option.replace(multi.separator, multi.separator * 2) + multi.separator
        sql = f"REPLACE({sql}, {text(whole)}, {text(_mark(multi, option))})"
    return sql


def _mark(multi: MultiSource, option: str) -> str:
    return f"⟦{multi.options.index(option)}⟧"


def rest_sql(multi: MultiSource) -> str:
    """Condition that something in the cell is explained by no listed option."""
    left = f"REGEXP_REPLACE({name(marked(multi.column))}, '⟦[0-9]+⟧', '', 'g')"
    bare = f"REPLACE({left}, {text(multi.separator)}, '')"
    return f"LENGTH(TRIM({bare})) > 0"


def multi_value(multi: MultiSource, missing: str) -> str:
    """SQL of the 0/1 value of one option. ``missing`` is the condition that the cell holds a reason (or empty)."""
    helper = name(marked(multi.column))
    tests = [f"STRPOS({helper}, {text(_mark(multi, option))}) > 0" for option in multi.chosen]
    if multi.rest:
        tests.append(rest_sql(multi))
    arms = [(missing, "NULL")] if missing else []
    if not multi.rest_allowed:
        arms.append((rest_sql(multi), "NULL"))
    return case([*arms, (" OR ".join(tests) or "FALSE", "1"), (f"{helper} IS NOT NULL", "0")])
