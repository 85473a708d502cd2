"""Rows and header rows of a delivery before anyone knows what they mean: every record is kept, mended or refused by reason.

Shared by delimited text and worksheets. ``body`` has text columns named by position ("0", "1", ...), NULL for blank, and
``lines`` holds the line (or sheet row) where each kept record begins. Kept + refused = records in the file; empty lines of
a text file are no records, but they are counted among the repairs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice

import polars as pl

from panelpress.errors import DeliveryError
from panelpress.model.delivery import Repair
from panelpress.raw.readers.delimited import Record
from panelpress.raw.readers.ragged import REASONS, Ragged, mend
from panelpress.raw.readers.width import Shape, shape_of

CHUNK_ROWS = 4096
SAMPLED = 1000
# A few broken rows are refused one by one; past this share the file is not what it seems and is refused whole.
TOLERATED_SHARE = 0.1
TOLERATED_ROWS = 3


@dataclass(frozen=True, slots=True)
class Grid:
    """Header rows (all of the body's width) and body of one table of a delivery."""

    name: str
    header: tuple[tuple[str, ...], ...]
    body: pl.DataFrame
    lines: tuple[int, ...]
    rows_in: int
    refused: Mapping[str, int] = field(default_factory=dict)
    repairs: tuple[Repair, ...] = ()
    encoding: str | None = None


class _Body:
    """Collects records of the right width column by column, so that no list of all rows is ever held."""

    def __init__(self, width: int) -> None:
        self.width = width
        self.chunks: list[pl.DataFrame] = []
        self.rows: list[list[str]] = []
        self.lines: list[int] = []

    def add(self, line: int, record: list[str]) -> None:
        self.rows.append(record)
        self.lines.append(line)
        if len(self.rows) == CHUNK_ROWS:
            self.flush()

    def flush(self) -> None:
        if self.rows:
            columns = zip(*self.rows, strict=True)
            self.chunks.append(pl.DataFrame([pl.Series(str(i), values, dtype=pl.String) for i, values in enumerate(columns)]))
            self.rows = []

    def frame(self) -> pl.DataFrame:
        self.flush()
        if not self.chunks:
            return pl.DataFrame({str(i): [] for i in range(self.width)}, schema={str(i): pl.String for i in range(self.width)})
        return pl.concat(self.chunks, rechunk=False)


def read_grid(
    name: str, records: Iterable[Record], header_rows: int, encoding: str | None = None, repairs: Sequence[Repair] = ()
) -> Grid:
    """Sort all ``records`` into header and body.

    Raises DeliveryError where header and records do not fit, where too many records are broken, or where none is there."""
    stream, blank_lines = iter(records), _Counted()
    filled = blank_lines.skip(stream)
    top = list(islice(filled, header_rows))
    if len(top) < header_rows:
        raise DeliveryError(name, f"ends after {len(top)} of {header_rows} header rows.", "Download the export again.")
    sample = list(islice(filled, SAMPLED))
    if not sample:
        rows = "a header" if header_rows == 1 else f"{header_rows} header rows"
        raise DeliveryError(name, f"holds {rows} and no responses.", "Check the filter of the export, then download it again.")
    shape = shape_of(name, top, sample)
    body, ragged, refused = _Body(shape.width), Ragged(shape.width), Counter[str]()
    first: dict[str, list[int]] = {}
    heads = [record for _, record in top]
    rows_in = 0
    for line, record in chain(sample, filled):
        rows_in += 1
        if not any(record):
            _refuse(refused, first, "blank_row", line)
        elif record in heads:
            _refuse(refused, first, "repeated_header", line)
        elif len(record) == shape.width:
            body.add(line, record)
        else:
            ragged.add(line, record)
    told = [*repairs, *blank_lines.told(), *shape.repairs]
    frame, lines = _with_mended(name, body, ragged, rows_in, refused, first, told)
    told.extend(
        Repair(reason, _refusal(reason, where), refused[reason], where[0], repaired=False) for reason, where in first.items()
    )
    return _without_blank_columns(Grid(name, shape.header, frame, lines, rows_in, dict(refused), tuple(told), encoding), shape)


class _Counted:
    """Passes over empty lines and remembers how many there were."""

    def __init__(self) -> None:
        self.n = 0
        self.line: int | None = None

    def skip(self, records: Iterator[Record]) -> Iterator[Record]:
        for line, record in records:
            if record and record != ["\x1a"]:
                yield line, record
            else:
                self.n += 1
                self.line = self.line or line

    def told(self) -> tuple[Repair, ...]:
        return (Repair("blank_line", "empty lines between the records were passed over", self.n, self.line),) if self.n else ()


def _refuse(refused: Counter[str], first: dict[str, list[int]], reason: str, line: int) -> None:
    refused[reason] += 1
    first.setdefault(reason, []).append(line)


def _refusal(reason: str, lines: list[int]) -> str:
    shown = ", ".join(str(line) for line in lines[:5]) + (", ..." if len(lines) > 5 else "")
    return f"rows refused: {REASONS[reason]} (line {shown})"


def _with_mended(
    name: str, body: _Body, ragged: Ragged, rows_in: int, refused: Counter[str], first: dict[str, list[int]], told: list[Repair]
) -> tuple[pl.DataFrame, tuple[int, ...]]:
    frame = body.frame()
    if not ragged.rows:
        return frame, tuple(body.lines)
    mended = mend(ragged, frame, tuple(body.lines))
    broken = sum(len(lines) for lines in mended.refused.values())
    if broken > TOLERATED_ROWS and broken > TOLERATED_SHARE * rows_in:
        line = min(min(lines) for lines in mended.refused.values())
        reason = min(mended.refused, key=lambda each: mended.refused[each][0])
        raise DeliveryError(
            f"{name}:{line}",
            f"{broken} of {rows_in} records do not have the {ragged.width} fields of the header (this one: {REASONS[reason]}).",
            "Export again with every cell quoted, or with tabs as delimiter.",
        )
    for reason, lines in mended.refused.items():
        for line in lines:
            _refuse(refused, first, reason, line)
    told.extend(mended.repairs)
    return mended.frame, mended.lines


def _without_blank_columns(grid: Grid, shape: Shape) -> Grid:
    """``grid`` without columns that have neither a name nor a value, as a trailing delimiter or a spreadsheet's margin leaves."""
    bare = [i for i in range(shape.width) if not any(row[i].strip() for row in grid.header)]
    empty = [i for i in bare if not (grid.body[str(i)].str.strip_chars().str.len_bytes() > 0).any()]
    if not empty:
        return grid
    kept = [i for i in range(shape.width) if i not in set(empty)]
    body = grid.body.select(str(i) for i in kept).rename({str(i): str(new) for new, i in enumerate(kept)})
    note = Repair("blank_column", "columns without a header and without any value were left out", len(empty))
    header = tuple(tuple(row[i] for i in kept) for row in grid.header)
    return Grid(grid.name, header, body, grid.lines, grid.rows_in, grid.refused, (*grid.repairs, note), grid.encoding)
