"""Writes names and literals as SQL, for everything in this room that asks DuckDB."""

from __future__ import annotations


def name(identifier: str) -> str:
    """A column or table name in double quotes."""
    return '"' + identifier.replace('"', '""') + '"'


def literal(value: object) -> str:
    """Numbers and truths bare, everything else as a text in quotes."""
    if isinstance(value, bool | int | float):
        return str(value)
    return "'" + str(value).replace("'", "''") + "'"
