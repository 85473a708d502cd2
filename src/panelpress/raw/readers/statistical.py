"""What SPSS, Stata and SAS files share: pyreadstat reads them, and this module turns its arrays into text cells.

Dates are kept as the platform's numbers while reading and converted here, because a single date past the year 9999 makes
pyreadstat raise OverflowError for the whole file. Such a date stays a number, and is reported.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
import pyreadstat

from panelpress.errors import DeliveryError
from panelpress.model.delivery import RawColumn, RawTable, Repair
from panelpress.raw.readers.as_text import number_text
from panelpress.raw.readers.cells import clean_cells
from panelpress.raw.readers.clock import Clock
from panelpress.raw.readers.garbled import ASSUMED, real_encoding
from panelpress.raw.readers.peek import Peek

Arrays = Mapping[str, Any]
FILE_KINDS: dict[str, str] = {
    "sav": "an SPSS file", "por": "an SPSS portable file", "dta": "a Stata file", "xpt": "a SAS transport file",
}  # fmt: skip
GUESSED = " (guessed)"
# What the library says of a text that is not in the encoding that the file names.
MISREAD = "invalid byte sequence"


def read_with(reader: Callable[..., tuple[Arrays, Any]], peek: Peek, **options: Any) -> tuple[Arrays, Any]:
    """Call a pyreadstat reader. Raises DeliveryError where it cannot read the file, or finds no rows."""
    if peek.source.encoding:
        options["encoding"] = peek.source.encoding
    try:
        arrays, meta = _call(reader, peek, options)
    except DeliveryError as refused:
        if peek.source.encoding or MISREAD not in str(refused):
            raise
        arrays, meta = _call(reader, peek, {**options, "encoding": ASSUMED})
        meta.file_encoding = ASSUMED + GUESSED
    if not peek.source.encoding and (real := real_encoding(arrays, meta)):
        arrays, meta = _call(reader, peek, {**options, "encoding": real})
        meta.file_encoding = real + GUESSED
    return arrays, meta


def _call(reader: Callable[..., tuple[Arrays, Any]], peek: Peek, options: Mapping[str, Any]) -> tuple[Arrays, Any]:
    name = peek.source.name
    try:
        arrays, meta = reader(str(peek.source.path), output_format="dict", disable_datetime_conversion=True, **options)
    except (pyreadstat.ReadstatError, pyreadstat.PyreadstatError, OSError, OverflowError, ValueError, UnicodeError) as error:
        raise DeliveryError(
            name,
            f"cannot be read as {FILE_KINDS[peek.source.kind]} ({_reason(error)}).",
            "Open it in the program that wrote it and save it again, or ask for CSV.",
        ) from error
    rows = len(next(iter(arrays.values()))) if arrays else 0
    if meta.number_rows is not None and meta.number_rows > rows > 0:
        raise DeliveryError(name, f"announces {meta.number_rows} rows and holds {rows}: it was cut off.", "Download it again.")
    if not rows:
        raise DeliveryError(name, "holds variables and no responses.", "Check the filter of the export, then save it again.")
    return arrays, meta


def _reason(error: Exception) -> str:
    """The library's own words, which name formats and never cells."""
    return str(error).strip().rstrip(".") or type(error).__name__


def build(platform: str, arrays: Arrays, meta: Any, clock: Clock, columns: Sequence[RawColumn]) -> RawTable:
    """Text cells and repairs for ``arrays``; ``columns`` (same order) already carry labels and missing codes."""
    repairs: list[Repair] = []
    series: list[pl.Series] = []
    typed: list[RawColumn] = []
    for column, (name, array) in zip(columns, arrays.items(), strict=True):
        kind = clock.kind(meta.original_variable_types.get(name))
        text, found = _column(array, kind, meta.readstat_variable_types.get(name, ""), clock)
        if found.outside:
            repairs.append(
                Repair(
                    "date_out_of_range",
                    "dates after the year 9999 or before the year 1 stay numbers",
                    found.outside,
                    column=name,
                    repaired=False,
                )
            )
        series.append(text.rename(name))
        typed.append(RawColumn(column.name, column.text, column.values, column.missing, column.missing_ranges, found.type))
    encoding = meta.file_encoding.lower() if meta.file_encoding else None
    if encoding and encoding.endswith(GUESSED):
        encoding = encoding.removesuffix(GUESSED)
        repairs.append(
            Repair("encoding_guessed", f"the encoding was told from the look of the texts: {encoding}", repaired=False)
        )
    data, noticed = clean_cells(pl.DataFrame(series), tuple(arrays))
    return RawTable(
        platform, tuple(typed), data, encoding, data.height, {}, (*repairs, *noticed), label=(meta.file_label or "").strip()
    )


@dataclass(frozen=True, slots=True)
class _Found:
    type: str
    outside: int = 0


def _column(array: Any, kind: str | None, stored: str, clock: Clock) -> tuple[pl.Series, _Found]:
    if stored == "string":
        return pl.Series(array, dtype=pl.String), _Found("string")
    letters: dict[int, str] = {}
    array = np.asarray(array, dtype=object) if isinstance(array, list) else array
    if array.dtype == object:
        letters = {i: f".{value}" for i, value in enumerate(array) if isinstance(value, str)}
        array = np.array([np.nan if value is None or isinstance(value, str) else value for value in array], dtype=np.float64)
    values = pl.Series(array.astype(np.float32) if stored == "float" and kind is None else array)
    if kind is not None:
        text, outside = clock.text(values, kind)
        found = _Found(kind, outside)
    else:
        text = number_text(values)
        found = _Found("integer" if not text.str.contains(r"[.eE]").any() else "number")
    if letters:
        text = text.scatter(list(letters), list(letters.values()))
    return text, found


def code_text(code: Any) -> str:
    """One code of a value label as the text that a cell holds."""
    if isinstance(code, float):
        return str(int(code)) if code.is_integer() and abs(code) < 1e15 else repr(code)
    return str(code)
