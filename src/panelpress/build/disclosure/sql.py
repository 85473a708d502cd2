"""Literals and keys of the SQL that this room writes. Names are quoted by ``panelpress.build.compiler.quote``."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

import duckdb

from panelpress.build.compiler.quote import text
from panelpress.model.study import Study

PREFIX = "pp_"


def value_literal(value: object) -> str:
    """A harmonized value as SQL text. Raises TypeError for a type that no harmonized column has."""
    if value is None:
        return "NULL"
    if isinstance(value, int | Decimal | float) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, datetime.date):
        return f"DATE '{value.isoformat()}'"
    if isinstance(value, str):
        return text(value)
    raise TypeError(type(value).__name__)


def person_column(study: Study) -> str:
    """Who a row belongs to: a person, or the record itself in a list of records."""
    return study.key[0]


def wave_number(study: Study, alias: str = "r") -> str:
    """SQL of the position of a row's wave in the study, NULL for a wave that it does not have; 0 in a list of records."""
    if "wave" not in study.key:
        return "0"
    arms = " ".join(f"WHEN {text(wave)} THEN {place}" for place, wave in enumerate(study.wave_ids))
    return f"CASE {alias}.wave {arms} END"


def first_row(rows: duckdb.DuckDBPyConnection, sql: str) -> tuple[Any, ...]:
    """The first row of a query, () for an empty result. Fetches all: a result left open blocks the connection."""
    found = rows.execute(sql).fetchall()
    return found[0] if found else ()
