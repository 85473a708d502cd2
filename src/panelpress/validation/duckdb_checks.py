"""Compiles constraints to DuckDB SQL: one scan a table counts every broken rule, a grouping per key counts repeated rows.

Counting only: no statement here returns a cell. Which rows failed is written, where a caller asks for it, by ``failures`` into
the private work folder. Names and codes are quoted, so a code list may hold any text.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import duckdb

from panelpress.model.constraint import Constraint
from panelpress.model.findings import Finding
from panelpress.model.table import FieldType
from panelpress.validation.checks import finding
from panelpress.validation.quote import literal, name

# Above this many aggregates one statement compiles slowly; wide tables are counted in several scans.
_PER_SCAN = 400
_SQL_TYPES: Mapping[FieldType, str] = {"integer": "BIGINT", "number": "DOUBLE", "date": "DATE", "string": "VARCHAR"}


def broken(constraint: Constraint) -> str | None:
    """SQL that is TRUE for a row which breaks ``constraint``; None for rules that need more than the row itself."""
    columns = [name(field) for field in constraint.fields]
    if constraint.kind == "codes":
        return f"{columns[0]} NOT IN ({', '.join(literal(code) for code in constraint.values)})"
    if constraint.kind == "range":
        kind = _SQL_TYPES[constraint.type or "number"]
        bounds = ((constraint.minimum, "<"), (constraint.maximum, ">"))
        tests = [
            f"{columns[0]} {sign} CAST({literal(bound)} AS {kind})" if kind == "DATE" else f"{columns[0]} {sign} {bound}"
            for bound, sign in bounds
            if bound is not None
        ]
        return " OR ".join(tests)
    if constraint.kind == "key_complete":
        return " OR ".join(f"{column} IS NULL" for column in columns)
    if constraint.kind == "one_channel":
        return f"({columns[0]} IS NULL) = ({columns[1]} IS NULL)"
    if constraint.kind == "blank_text":
        return f"{columns[0]} = ''"
    return None


def scan(source: str, constraints: Sequence[Constraint]) -> str:
    """One statement that counts the rows of ``source`` and, in order, those that break each of ``constraints``."""
    counted = [f"count(*) FILTER (WHERE {broken(each)})" for each in constraints]
    return f"SELECT {', '.join(['count(*)', *counted])} FROM {source}"


def repeated(source: str, constraint: Constraint) -> str:
    """Rows beyond the first that carry the same complete key, as frictionless counts them."""
    columns = [name(field) for field in constraint.fields]
    complete = " AND ".join(f"{column} IS NOT NULL" for column in columns)
    return (
        f"SELECT coalesce(sum(n - 1), 0) FROM (SELECT count(*) AS n FROM {source} WHERE {complete} "
        f"GROUP BY {', '.join(columns)} HAVING count(*) > 1)"
    )


def orphans(source: str, constraint: Constraint) -> str:
    """Rows whose reference is complete and points nowhere (SQL's MATCH SIMPLE)."""
    reference = constraint.reference
    if reference is None:
        raise ValueError(f"{constraint.rule} without a reference")
    pairs = list(zip(reference.fields, reference.reference, strict=True))
    joined = " AND ".join(f"child.{name(own)} = parent.{name(other)}" for own, other in pairs)
    complete = " AND ".join(f"child.{name(own)} IS NOT NULL" for own, _ in pairs)
    return (
        f"SELECT count(*) FROM {source} AS child WHERE {complete} "
        f"AND NOT EXISTS (SELECT 1 FROM {name(reference.table)} AS parent WHERE {joined})"
    )


def count(rows: duckdb.DuckDBPyConnection, source: str, constraints: Iterable[Constraint]) -> list[Finding]:
    """One finding for each constraint that DuckDB owns. ``source`` is a quoted table name or a table function."""
    owned = [each for each in constraints if each.owner == "duckdb"]
    rowwise = [each for each in owned if broken(each) is not None]
    failed: dict[int, int] = {}
    total = _number(rows, f"SELECT count(*) FROM {source}")
    for start in range(0, len(rowwise), _PER_SCAN):
        part = rowwise[start : start + _PER_SCAN]
        answer = rows.execute(scan(source, part)).fetchall()[0]
        failed |= {id(each): int(n) for each, n in zip(part, answer[1:], strict=True)}
    for each in owned:
        if each.kind in ("key_unique", "unique"):
            failed[id(each)] = _number(rows, repeated(source, each))
        elif each.kind == "foreign_key":
            failed[id(each)] = _number(rows, orphans(source, each))
    return [finding(each.rule, each.resource, each.field, failed=failed[id(each)], total=total) for each in owned]


def _number(rows: duckdb.DuckDBPyConnection, sql: str) -> int:
    return int(rows.execute(sql).fetchall()[0][0])
