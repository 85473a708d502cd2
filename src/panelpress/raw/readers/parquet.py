"""Apache Parquet: one flat table; a column's type becomes the type of its text.

Read by pyarrow: on some damaged files polars does not raise, it panics."""

from __future__ import annotations

import polars as pl
import pyarrow as pa
from pyarrow import parquet

from panelpress.errors import DeliveryError
from panelpress.model.delivery import RawColumn, RawTable
from panelpress.raw.readers.as_text import column_text
from panelpress.raw.readers.header import column_names
from panelpress.raw.readers.peek import Peek

PLATFORM = "plain"
FORMATS = ("parquet",)


def recognizes(peek: Peek) -> bool:
    return peek.source.kind == "parquet"


def read(peek: Peek) -> RawTable:
    """Read the whole file. Raises DeliveryError for damaged files and nested columns."""
    name = peek.source.name
    try:
        frame = pl.DataFrame(parquet.read_table(peek.source.path))
    except (pa.ArrowException, OSError, ValueError) as error:
        raise DeliveryError(
            name, "is a damaged Parquet file.", "The download was probably cut off. Download it again."
        ) from error
    if frame.height == 0:
        raise DeliveryError(name, "holds columns and no responses.", "Check the filter of the export, then download it again.")
    names, repairs = column_names(frame.columns)
    series = [column_text(each, frame.to_series(i), name).rename(each) for i, each in enumerate(names)]
    columns = tuple(RawColumn(each, each, type=_type(frame.dtypes[i])) for i, each in enumerate(names))
    return RawTable(PLATFORM, columns, pl.DataFrame(series), None, frame.height, {}, repairs)


def _type(kind: pl.DataType) -> str:
    if kind.is_integer():
        return "integer"
    if kind.is_numeric():
        return "number"
    if kind == pl.Date:
        return "date"
    return "datetime" if isinstance(kind, pl.Datetime) else "string"
