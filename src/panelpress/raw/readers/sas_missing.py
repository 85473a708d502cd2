"""Tags of special missing values in a SAS transport file, which pyreadstat reads as plain blanks.

Layout after SAS Technical Support paper TS-140: records of 80 bytes; one name record a variable (type at byte 0, length at 4,
position at 84); observations follow the OBS header. A missing number is one byte (``.``, ``_``, ``A`` to ``Z``) and seven zeros.
"""

from __future__ import annotations

import string
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from panelpress.errors import DeliveryError

RECORD = 80
HEADER = b"HEADER RECORD*******"
TAGS = {ord(letter): f".{letter}" for letter in (*string.ascii_uppercase, "_")}


@dataclass(frozen=True, slots=True)
class _Variable:
    numeric: bool
    length: int
    position: int


def special_missing(path: Path, rows: int) -> dict[int, dict[int, str]]:
    """Tags by column position, then by row. Raises DeliveryError where the file is cut off or holds more than one data set."""
    data = path.read_bytes()
    starts = {kind: _positions(data, HEADER + kind) for kind in (b"MEMB", b"NAM", b"OBS")}
    if len(starts[b"MEMB"]) > 1:
        raise DeliveryError(
            path.name, f"holds {len(starts[b'MEMB'])} data sets, of which only the first would be read.",
            "Write each data set to a transport file of its own.",
        )  # fmt: skip
    if not starts[b"NAM"] or not starts[b"OBS"]:
        return {}
    variables = _variables(data, starts[b"MEMB"][0], starts[b"NAM"][0])
    width = sum(each.length for each in variables)
    body = np.frombuffer(data, dtype=np.uint8, offset=starts[b"OBS"][0] + RECORD)
    _refuse_cut(path.name, data, body[rows * width :])
    table = body[: rows * width].reshape(rows, width) if rows else np.empty((0, max(width, 1)), dtype=np.uint8)
    found = {i: _tags(table, each) for i, each in enumerate(variables) if each.numeric}
    return {i: tags for i, tags in found.items() if tags}


def _refuse_cut(name: str, data: bytes, rest: NDArray[np.uint8]) -> None:
    """The format has no count of rows; but it fills its last record with blanks, and half a row is no blank."""
    if len(data) % RECORD or (rest != ord(" ")).any():
        raise DeliveryError(name, "ends inside a row: it was cut off.", "The download was probably cut off. Download it again.")


def _positions(data: bytes, mark: bytes) -> list[int]:
    """Where records that begin with ``mark`` start; cells may hold the same bytes, but not at a record's start."""
    result, at = [], data.find(mark)
    while at >= 0:
        if at % RECORD == 0:
            result.append(at)
        at = data.find(mark, at + 1)
    return result


def _variables(data: bytes, member: int, names: int) -> list[_Variable]:
    size = int(data[member + 74 : member + 78])
    count = int(data[names + 48 : names + 58])
    records = [data[names + RECORD + i * size :][:size] for i in range(count)]
    return [_Variable(_number(record, 0, 2) == 1, _number(record, 4, 2), _number(record, 84, 4)) for record in records]


def _number(record: bytes, at: int, length: int) -> int:
    return int.from_bytes(record[at : at + length], "big")


def _tags(table: NDArray[np.uint8], variable: _Variable) -> dict[int, str]:
    cells = table[:, variable.position : variable.position + variable.length]
    first = cells[:, 0]
    tagged = np.isin(first, list(TAGS)) & ~cells[:, 1:].any(axis=1)
    return {int(row): TAGS[int(first[row])] for row in np.flatnonzero(tagged)}
