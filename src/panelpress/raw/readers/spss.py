"""SPSS system files (.sav, .zsav) and portable files (.por), with value labels and user-missing codes.

User-missing values stay in the cells as the codes that were entered; the column's ``missing`` and ``missing_ranges`` say which
codes SPSS treats as missing. Only system-missing is blank.
"""

from __future__ import annotations

import math
import re
from datetime import UTC, datetime
from typing import Any

import pyreadstat

from panelpress.model.delivery import RawColumn, RawTable
from panelpress.raw.readers.clock import Clock
from panelpress.raw.readers.peek import Peek
from panelpress.raw.readers.statistical import build, code_text, read_with

PLATFORM = "spss"
FORMATS = ("sav", "por")
CLOCK = Clock(
    epoch=datetime(1582, 10, 14, tzinfo=UTC),
    date=re.compile(r"(A|E|S|J)?DATE\d|QYR|MOYR|WKYR"),
    moment=re.compile(r"DATETIME|YMDHMS"),
    time=re.compile(r"TIME|DTIME|MTIME"),
    date_unit=1,
    moment_unit=1,
)


def recognizes(peek: Peek) -> bool:
    return peek.source.kind in ("sav", "por")


def read(peek: Peek) -> RawTable:
    """Read the file with labels. Raises DeliveryError for damaged files."""
    portable = peek.source.kind == "por"
    arrays, meta = read_with(pyreadstat.read_por, peek) if portable else read_with(pyreadstat.read_sav, peek, user_missing=True)
    return build(PLATFORM, arrays, meta, CLOCK, [_column(name, meta) for name in arrays])


def _column(name: str, meta: Any) -> RawColumn:
    single, ranges = [], []
    for each in meta.missing_ranges.get(name, []):
        if each["lo"] == each["hi"]:
            single.append(code_text(each["lo"]))
        else:
            ranges.append((_bound(each["lo"]), _bound(each["hi"])))
    labels = {code_text(code): str(label) for code, label in meta.variable_value_labels.get(name, {}).items()}
    return RawColumn(name, meta.column_names_to_labels.get(name) or "", labels, tuple(single), tuple(ranges))


def _bound(value: Any) -> str:
    """One end of a missing range; SPSS writes LOWEST and HIGHEST as the largest doubles."""
    if isinstance(value, float) and (math.isinf(value) or abs(value) > 1e300):
        return "inf" if value > 0 else "-inf"
    return code_text(value)
