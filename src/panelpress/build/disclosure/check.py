"""Counts the classes of a protected table again, from its own cells, with one query that any reader can repeat.

Shares nothing with the search: what the search believed does not matter here. (The attacker of ``panelpress.validation`` does
so once more, from the released files.)
"""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from panelpress.build.compiler.quote import name
from panelpress.build.disclosure.sql import first_row, person_column
from panelpress.model.missing import WHY_SUFFIX
from panelpress.model.study import Study


def class_query(study: Study, keys: Sequence[str], table: str) -> str:
    """SQL: for every person, how many share exactly the same linked history (waves, values and reasons of ``keys``), as
    (class_size, persons), smallest first. A star is a value of its own."""
    person = name(person_column(study))
    if "wave" not in study.key:
        cells = ", ".join(f"{name(key)}, {name(key + WHY_SUFFIX)}" for key in keys) or "NULL"
        inner = f"SELECT {cells}, count(*) AS class_size FROM {table} GROUP BY ALL"
        return f"SELECT class_size, sum(class_size) AS persons FROM ({inner}) GROUP BY class_size ORDER BY class_size"
    cells = " || ';' || ".join(
        ["wave", *(f"coalesce(CAST({name(key)} AS VARCHAR), '?' || {name(key + WHY_SUFFIX)})" for key in keys)]
    )
    history = f"SELECT {person}, group_concat({cells}, '|' ORDER BY wave) AS history FROM {table} GROUP BY {person}"
    return (
        f"SELECT class_size, class_size * count(*) AS persons FROM (SELECT history, count(*) AS class_size FROM ({history}) "
        "GROUP BY history) GROUP BY class_size ORDER BY class_size"
    )


def smallest_class(rows: duckdb.DuckDBPyConnection, study: Study, keys: Sequence[str], table: str) -> int | None:
    """Persons in the smallest exact class of the linked history; None for an empty table."""
    found = first_row(rows, class_query(study, keys, table))
    return int(found[0]) if found else None
