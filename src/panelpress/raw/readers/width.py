"""Do header and records have the same number of fields? If not by one, is it certain why?

Certain are: a first column of row numbers without a header (how R and pandas write an index), and a delimiter at the end of
every line. Everything else is refused, because a header shifted by one gives every answer to the wrong question.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from panelpress.errors import DeliveryError
from panelpress.model.delivery import Repair
from panelpress.raw.readers.delimited import Record

ROW_NUMBER = "row_number"


@dataclass(frozen=True, slots=True)
class Shape:
    """Number of fields of a proper record, header rows of that width, and what had to be done to the header."""

    width: int
    header: tuple[tuple[str, ...], ...]
    repairs: tuple[Repair, ...] = ()


def shape_of(name: str, top: Sequence[Record], sample: Sequence[Record]) -> Shape:
    """Shape of a table from its header rows and its first records. Raises DeliveryError where they cannot be matched."""
    header_width = max(len(record) for _, record in top)
    header = tuple((*record, *[""] * (header_width - len(record))) for _, record in top)
    widths = Counter(len(record) for _, record in sample)
    width, n = widths.most_common(1)[0]
    if widths[header_width] * 2 >= n:
        width = header_width
    if width == header_width:
        return Shape(width, header)
    usual = [record for _, record in sample if len(record) == width]
    if width == header_width + 1:
        return _header_short(name, top, sample, header, width, usual)
    if width == header_width - 1 and not any(row[-1].strip() for row in header):
        note = Repair("trailing_delimiter", "the header ends with a delimiter that the records do not have", line=top[0][0])
        return Shape(width, tuple(row[:-1] for row in header), (note,))
    raise _misfit(name, top[0][0], header_width, sample, width)


def _header_short(
    name: str,
    top: Sequence[Record],
    sample: Sequence[Record],
    header: tuple[tuple[str, ...], ...],
    width: int,
    usual: Sequence[Sequence[str]],
) -> Shape:
    if not any(record[-1].strip() for record in usual):
        note = Repair("trailing_delimiter", "records end with a delimiter that the header does not have", len(usual), top[0][0])
        return Shape(width, tuple((*row, "") for row in header), (note,))
    numbers = [record[0].strip() for record in usual]
    if len(usual) > 1 and _are_row_numbers(numbers):
        note = Repair(
            "header_one_short",
            f"the header has one field less than the records, whose first field counts the rows; it is called {ROW_NUMBER}",
            line=top[0][0],
        )
        first = (ROW_NUMBER, *header[0])
        return Shape(width, (first, *(("", *row) for row in header[1:])), (note,))
    raise _misfit(name, top[0][0], width - 1, sample, width)


def _are_row_numbers(values: Sequence[str]) -> bool:
    """True for 0, 1, 2 ... or 1, 2, 3 ...: anything with a gap may be an answer."""
    if not all(value.isascii() and value.isdigit() for value in values):
        return False
    numbers = [int(value) for value in values]
    return numbers[0] in (0, 1) and numbers == list(range(numbers[0], numbers[0] + len(numbers)))


def _misfit(name: str, header_line: int, header_width: int, sample: Sequence[Record], width: int) -> DeliveryError:
    line = next(line for line, record in sample if len(record) == width)
    if header_width == 1 or header_width * 3 < width:
        what = f"line {header_line} has {header_width} field(s), the records have {width}: a title stands above the header."
        return DeliveryError(f"{name}:{header_line}", what, "Delete the lines above the header row.")
    what = f"the header (line {header_line}) has {header_width} fields, the records {width}; which is wrong cannot be told."
    return DeliveryError(
        f"{name}:{line}", what, "Add the missing header, or delete the extra one, so that every column has its own."
    )
