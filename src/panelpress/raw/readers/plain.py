"""Plain tables: CSV, TSV or one worksheet with one header row, from no platform that we know.

id,q1,q2
7,1,yes
"""

from __future__ import annotations

from panelpress.errors import DeliveryError
from panelpress.model.delivery import RawTable
from panelpress.raw.readers.assemble import assemble
from panelpress.raw.readers.peek import Peek

PLATFORM = "plain"
FORMATS = ("csv", "xlsx")


def recognizes(peek: Peek) -> bool:
    return peek.is_table


def read(peek: Peek) -> RawTable:
    """Read with one header row. Raises DeliveryError for workbooks in which several sheets could be the responses."""
    book = peek.workbook
    if book is not None and len(book.sheets) > 1:
        raise DeliveryError(
            peek.source.name,
            f"has {len(book.sheets)} sheets with cells ({', '.join(book.sheets[:5])}); which holds the responses cannot be told.",
            "Save the sheet of responses as a workbook of its own, or as CSV UTF-8.",
        )
    grid = peek.grid(header_rows=1)
    return assemble(PLATFORM, grid, grid.header[0])
