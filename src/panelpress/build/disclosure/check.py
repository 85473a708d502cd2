"""Counts the classes of a protected table again, from its own cells, with one query that any reader can repeat.

Shares nothing with the search: what the search believed does not matter here. (The attacker of ``panelpress.validation`` does
so once more, from the released files.)
"""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from panelpress.build.compiler.quote import name, text
from panelpress.build.disclosure.earlier import EARLIER, Earlier
from panelpress.build.disclosure.sql import first_row, person_column
from panelpress.model.missing import WHY_SUFFIX
from panelpress.model.study import Study


def history_sql(study: Study, keys: Sequence[str], table: str) -> str:
    """SQL: (person, history), the published cells of all waves as one text. A star is a value of its own, a wave that a person
    is not in shows nothing."""
    person = name(person_column(study))
    listed = [f"coalesce(CAST({name(key)} AS VARCHAR), '?' || {name(key + WHY_SUFFIX)})" for key in keys]
    cells = " || ';' || ".join(listed) or "''"
    if "wave" not in study.key or len(study.waves) == 1:  # one row a person
        return f"SELECT {person}, {cells} AS history FROM {table}"
    waves = [f"coalesce(max(CASE WHEN wave = {text(wave)} THEN cells END), '')" for wave in study.wave_ids]
    shown = " || '|' || ".join(waves)
    return (
        f"SELECT {person}, {shown} AS history "
        f"FROM (SELECT {person}, wave, '=' || {cells} AS cells FROM {table}) AS responses GROUP BY {person}"
    )


def class_query(study: Study, keys: Sequence[str], table: str) -> str:
    """SQL that any reader can run (DuckDB, SQLite): how many persons stand in classes of each size, smallest first, where a
    class shares exactly the same linked history: waves taken part in, values and reasons of ``keys``."""
    return (
        "SELECT class_size, class_size * count(*) AS persons FROM ("
        f"SELECT history, count(*) AS class_size FROM ({history_sql(study, keys, table)}) AS histories GROUP BY history"
        ") AS classes GROUP BY class_size ORDER BY class_size"
    )


def smallest_class(rows: duckdb.DuckDBPyConnection, study: Study, keys: Sequence[str], table: str) -> int | None:
    """Persons in the smallest exact class of the linked history; None for an empty table."""
    found = first_row(rows, class_query(study, keys, table))
    return int(found[0]) if found else None


def smallest_joint_class(
    rows: duckdb.DuckDBPyConnection, study: Study, keys: Sequence[str], table: str, earlier: Sequence[Earlier]
) -> int | None:
    """Persons in the smallest class that is alike in ``table`` and, as far as known, in all ``earlier`` tables; None where there
    are none. Reads what ``note_earlier`` kept."""
    if not earlier:
        return None
    person = name(person_column(study))
    found = first_row(
        rows,
        f"SELECT min(n) FROM (SELECT count(*) AS n FROM ({history_sql(study, keys, table)}) AS h "
        f"JOIN {EARLIER} AS e ON e.person = h.{person} GROUP BY h.history, e.class)",
    )
    return None if found[0] is None else int(found[0])
