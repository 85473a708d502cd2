"""Names and literals of the SQL that this room writes. Every name is quoted: hyphens, spaces and Cyrillic letters occur."""

from __future__ import annotations

import datetime
from decimal import Decimal

from panelpress.model.study import Study

PREFIX = "pp_"


def quoted(name: str) -> str:
    """An identifier in double quotes."""
    return '"' + name.replace('"', '""') + '"'


def literal(value: object) -> str:
    """A value as SQL text. Raises TypeError for a type that no harmonized column has."""
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | Decimal | float):
        return str(value)
    if isinstance(value, datetime.date):
        return f"DATE '{value.isoformat()}'"
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    raise TypeError(type(value).__name__)


def person_column(study: Study) -> str:
    """Who a row belongs to: a person, or the record itself in a list of records."""
    return "record_id" if study.kind == "records" else "person_id"
