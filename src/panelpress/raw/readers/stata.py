"""Stata data sets (.dta, releases 104 to 119), with value labels and extended missing values.

``.a`` to ``.z`` stay in the cells as ``.a`` to ``.z`` and are the column's ``missing`` codes; the plain ``.`` is blank.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import pyreadstat

from panelpress.model.delivery import RawColumn, RawTable
from panelpress.raw.readers.clock import Clock
from panelpress.raw.readers.peek import Peek
from panelpress.raw.readers.stata_periods import with_periods
from panelpress.raw.readers.statistical import build, code_text, read_with

PLATFORM = "stata"
FORMATS = ("dta",)
CLOCK = Clock(
    epoch=datetime(1960, 1, 1, tzinfo=UTC),
    date=re.compile(r"%-?t?d"),
    moment=re.compile(r"%-?t[cC]"),
    time=re.compile(r"%-?t[cC](HH|hh)"),
    date_unit=86_400,
    moment_unit=0.001,
)


def recognizes(peek: Peek) -> bool:
    return peek.source.kind == "dta"


def read(peek: Peek) -> RawTable:
    """Read the file with labels. Raises DeliveryError for damaged files."""
    arrays, meta = read_with(pyreadstat.read_dta, peek, user_missing=True)
    table = build(PLATFORM, arrays, meta, CLOCK, [_column(name, meta) for name in arrays])
    return with_periods(table, meta.original_variable_types)


def _column(name: str, meta: Any) -> RawColumn:
    labels = {_code(code): str(label) for code, label in meta.variable_value_labels.get(name, {}).items()}
    missing = tuple(f".{letter}" for letter in meta.missing_user_values.get(name, []))
    return RawColumn(name, meta.column_names_to_labels.get(name) or "", labels, missing)


def _code(code: Any) -> str:
    return f".{code}" if isinstance(code, str) else code_text(code)
