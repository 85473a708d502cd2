"""A first look into a delivery: enough records for each reader to say whether the file is its platform's."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import islice

from panelpress.errors import DeliveryError
from panelpress.raw.readers.delimited import Delimited, open_delimited
from panelpress.raw.readers.grid import Grid, read_grid
from panelpress.raw.readers.source import Source
from panelpress.raw.readers.workbook import Workbook, open_workbook

PEEKED = 40


@dataclass(frozen=True, slots=True)
class Peek:
    """The source and its first non-empty records: of the text file, or of the workbook's sheet of responses."""

    source: Source
    records: tuple[tuple[str, ...], ...] = ()
    text: Delimited | None = None
    workbook: Workbook | None = None

    @property
    def header(self) -> tuple[str, ...]:
        return self.records[0] if self.records else ()

    @property
    def is_table(self) -> bool:
        """True for delimited text and for workbooks with at least one filled sheet."""
        return bool(self.records)

    def values(self, position: int, header_rows: int = 1) -> list[str]:
        """Filled cells of the column at ``position`` in the records seen so far."""
        rows = self.records[header_rows:]
        return [row[position].strip() for row in rows if position < len(row) and row[position].strip()]

    def grid(self, header_rows: int, sheet: str | None = None) -> Grid:
        """All records, sorted into header and body. Raises DeliveryError where the file is no table."""
        name = self.source.name
        if self.text is not None:
            return read_grid(name, self.text.records(), header_rows, self.text.encoding.name, self.text.repairs)
        if self.workbook is not None:
            chosen = sheet or self.workbook.responses
            return read_grid(f"{name}[{chosen}]", self.workbook.records(chosen), header_rows)
        raise DeliveryError(name, "is not a table of text cells.", "Read it as what its bytes say that it is.")


def peek_at(source: Source) -> Peek:
    """Open ``source`` far enough to recognize its platform. Raises DeliveryError where text or workbook cannot be read at all."""
    if source.kind == "text":
        text = open_delimited(source.path, source.encoding)
        return Peek(source, _first(record for _, record in text.records()), text=text)
    if source.kind == "workbook":
        workbook = open_workbook(source.path)
        return Peek(source, _first(record for _, record in workbook.records(workbook.responses)), workbook=workbook)
    return Peek(source)


def _first(records: Iterable[list[str]]) -> tuple[tuple[str, ...], ...]:
    filled = (tuple(record) for record in records if record)
    return tuple(islice(filled, PEEKED))


def share(cells: Sequence[str], holds: Callable[[str], object]) -> float:
    """Share of ``cells`` for which ``holds`` is true; 0 where there are none."""
    return sum(1 for cell in cells if holds(cell)) / len(cells) if cells else 0.0
