"""SAS transport files (.xpt, versions 5 and 8). Value labels live in format catalogues, which a transport file does not carry.

Special missing values (``.A`` to ``.Z`` and ``._``) are kept as such and are the column's ``missing`` codes; the plain ``.`` is
blank. The library gives them all as blank, so ``sas_missing`` reads their tags from the file.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime

import pyreadstat

from panelpress.model.delivery import RawColumn, RawTable
from panelpress.raw.readers.clock import Clock
from panelpress.raw.readers.peek import Peek
from panelpress.raw.readers.sas_missing import special_missing
from panelpress.raw.readers.statistical import build, read_with

PLATFORM = "sas"
FORMATS = ("xpt",)
CLOCK = Clock(
    epoch=datetime(1960, 1, 1, tzinfo=UTC),
    date=re.compile(r"(E8601DA|B8601DA|DATE|YYMMDD|DDMMYY|MMDDYY|JULIAN|WEEKDATE|WORDDATE|MONYY|IS8601DA)"),
    moment=re.compile(r"(DATETIME|E8601DT|B8601DT|IS8601DT|DATEAMPM)"),
    time=re.compile(r"(TIME|HHMM|TOD|E8601TM|IS8601TM)"),
    date_unit=86_400,
    moment_unit=1,
)


def recognizes(peek: Peek) -> bool:
    return peek.source.kind == "xpt"


def read(peek: Peek) -> RawTable:
    """Read the first data set of the file. Raises DeliveryError for damaged files."""
    arrays, meta = read_with(pyreadstat.read_xport, peek)
    tags = special_missing(peek.source.path, len(next(iter(arrays.values()))))
    columns = [
        RawColumn(name, meta.column_names_to_labels.get(name) or "", missing=tuple(sorted(set(tags.get(i, {}).values()))))
        for i, name in enumerate(arrays)
    ]
    table = build(PLATFORM, arrays, meta, CLOCK, columns)
    tagged = [table.data.to_series(i).scatter(list(rows), list(rows.values())) for i, rows in tags.items()]
    return replace(table, data=table.data.with_columns(tagged))
