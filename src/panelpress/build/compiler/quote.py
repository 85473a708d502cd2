"""Writes names, texts and types as SQL. The only place where quoting happens."""

from __future__ import annotations

import re

from sqlglot.tokens import Tokenizer

from panelpress.model.variable import Code, Variable

_PLAIN = re.compile(r"[a-z_][a-z0-9_]*")
# Words of any SQL dialect are quoted; more than one engine reads this text. The second list is what DuckDB 2 and SQLite reserve
# beyond sqlglot's: a test holds it against both engines.
_RESERVED = """
add analyse asymmetric at authorization both by cast check coalesce collation columns concurrently deferrable do else end extract
false foreign freeze generated group grouping grouping_id initially inout lambda leading national none nothing null nullif only
order overlay pivot_longer pivot_wider placing position positional precision primary setof similar substring summarize symmetric
then to trailing transaction treat trim true try_cast tuple unpack variadic verbose when xmlattributes xmlconcat xmlelement
xmlexists xmlforest xmlnamespaces xmlparse xmlpi xmlroot xmlserialize xmltable
"""
_WORDS = frozenset(Tokenizer.KEYWORDS) | frozenset(_RESERVED.upper().split())


def name(identifier: str) -> str:
    """A column or table name, in double quotes unless it is a plain word."""
    if _PLAIN.fullmatch(identifier) and identifier.upper() not in _WORDS:
        return identifier
    return '"' + identifier.replace('"', '""') + '"'


def text(value: str) -> str:
    """A text literal. A line break is written as CHR(10), so that every literal stands on one line."""
    literals = ["'" + line.replace("'", "''") + "'" for line in value.split("\n")]
    return literals[0] if len(literals) == 1 else f"({' || CHR(10) || '.join(literals)})"


def literal(code: Code) -> str:
    """A code as a literal: whole numbers bare, texts in quotes."""
    return str(code) if isinstance(code, int) else text(code)


def texts(values: tuple[str, ...] | list[str]) -> str:
    return ", ".join(text(value) for value in values)


def sql_type(variable: Variable) -> str:
    """Storage type of the value column."""
    if variable.is_categorical:
        return "VARCHAR" if variable.codes_are_text else "INTEGER"
    return {"integer": "BIGINT", "decimal": "DECIMAL(18, 6)", "date": "DATE", "text": "VARCHAR"}[variable.type]
