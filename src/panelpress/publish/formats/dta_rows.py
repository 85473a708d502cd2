"""Fills the rows of a Stata file of release 118 whose head and labels pyreadstat wrote.

pyreadstat passes every cell through a Python object, and offers tagged missing values only for columns that mix numbers and
letters, at six times the CPU of plain numbers (``benchmarks/formats.py``). Here it writes a file of one template row, which fixes
types, names, formats and labels; the rows are then packed as fixed-width records, batch by batch. A test proves that the bytes
are those that pyreadstat writes when it is given everything.

Format: Stata manual, "dta file format", release 118. A missing value is one of the 27 greatest numbers of its type: 2147483621
for a 4-byte integer is ``.`` and the next 26 are ``.a`` to ``.z``; for a double 2^1023 is ``.`` and each letter adds 2^1011.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np
import polars as pl

MISSING_INT = 2_147_483_621
MISSING_DOUBLE = 2.0**1023
LETTER_DOUBLE = 2.0**1011
DOUBLE, LONG = 65526, 65528
LONGEST_TEXT = 2045
# Days from 1960, where Stata counts from, to 1970, where Arrow does.
EPOCH_DAYS = 3653
# Positions in the map of sections at the head of the file.
TYPES, DATA, AFTER_DATA, MAP_LENGTH = 2, 9, 10, 14


@dataclass(frozen=True, slots=True)
class Template:
    """A file of one row, taken apart: bytes before and after the row, the record's type, where the counts to change stand."""

    before: bytes
    after: bytes
    record: np.dtype[np.void]
    count_at: int
    map_at: int

    def head(self, n: int) -> bytes:
        """The bytes before the rows of a file of ``n`` rows."""
        head = bytearray(self.before)
        struct.pack_into("<Q", head, self.count_at, n)
        grown = (n - 1) * self.record.itemsize
        sections = struct.unpack_from(f"<{MAP_LENGTH}Q", head, self.map_at)
        moved = [offset + (grown if number >= AFTER_DATA else 0) for number, offset in enumerate(sections)]
        struct.pack_into(f"<{MAP_LENGTH}Q", head, self.map_at, *moved)
        return bytes(head)


def number_of(letter: str) -> int:
    """1 for ``.a`` to 26 for ``.z``."""
    return ord(letter[1]) - ord("a") + 1


def tagged_int(letter: str) -> int:
    """The number that is the tagged missing value ``letter`` in a 4-byte integer, and that names it among value labels."""
    return MISSING_INT + number_of(letter)


def tagged_double(letter: str) -> float:
    """The number that is the tagged missing value ``letter`` in a double."""
    return MISSING_DOUBLE + LETTER_DOUBLE * number_of(letter)


def take_apart(content: bytes) -> Template:
    """The template in ``content``, a file of one row. Raises ValueError where it is none."""
    if not content.startswith(b"<stata_dta><header><release>118</release><byteorder>LSF"):
        raise ValueError("no little-endian Stata file of release 118")
    map_at = content.index(b"<map>") + len(b"<map>")
    sections = struct.unpack_from(f"<{MAP_LENGTH}Q", content, map_at)
    (n_columns,) = struct.unpack_from("<H", content, content.index(b"<K>") + 3)
    count_at = content.index(b"<N>") + 3
    if struct.unpack_from("<Q", content, count_at) != (1,):
        raise ValueError("a template has one row")
    types = struct.unpack_from(f"<{n_columns}H", content, sections[TYPES] + len(b"<variable_types>"))
    record = np.dtype([(f"c{number}", _numpy_type(code)) for number, code in enumerate(types)])
    first = sections[DATA] + len(b"<data>")
    return Template(content[:first], content[first + record.itemsize :], record, count_at, map_at)


def _numpy_type(code: int) -> str:
    if code == DOUBLE:
        return "<f8"
    if code == LONG:
        return "<i4"
    if code <= LONGEST_TEXT:
        return f"S{code}"
    raise ValueError(f"a column of Stata type {code}")


def fill(path: Path, frames: Iterable[pl.DataFrame], n: int) -> None:
    """Give the one-row file at ``path`` the ``n`` rows of ``frames``, whose columns are its columns in order."""
    template = take_apart(path.read_bytes())
    with path.open("wb") as file:
        file.write(template.head(n))
        written = sum(_write(file, template.record, frame) for frame in frames)
        file.write(template.after)
    if written != n:
        raise ValueError(f"{written} rows where {n} were announced")


def _write(file: BinaryIO, record: np.dtype[np.void], frame: pl.DataFrame) -> int:
    packed = np.zeros(len(frame), dtype=record)
    for name, column in zip(record.names or (), frame.iter_columns(), strict=True):
        packed[name] = _cells(column, record[name])
    file.write(packed.tobytes())
    return len(frame)


def _cells(column: pl.Series, type_: np.dtype[np.generic]) -> np.ndarray[tuple[int], np.dtype[np.generic]]:
    """The cells of one column as they stand in the file; what is NULL is system-missing, or the empty text."""
    if type_.kind == "S":
        return np.array(column.fill_null("").cast(pl.Binary).to_list(), dtype=type_)
    if column.dtype == pl.Date:
        column = column.cast(pl.Int32).cast(pl.Float64) + EPOCH_DAYS
    return column.fill_null(MISSING_DOUBLE if type_.kind == "f" else MISSING_INT).to_numpy()
