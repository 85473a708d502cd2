"""Splits delimited text into records with their line numbers: finds the delimiter, follows quotes strictly.

Strict, because a lenient reader swallows the rest of the file after one lost quotation mark. Not concerned with what the
records mean: header rows and ragged rows are ``grid``'s.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import TextIO

from panelpress.errors import DeliveryError
from panelpress.model.delivery import Repair
from panelpress.raw.readers.encodings import Encoding, name_encoding

DELIMITERS = (",", ";", "\t", "|")
SAMPLE_RECORDS = 200
SAMPLE_CHARACTERS = 1 << 20
csv.field_size_limit(1 << 30)

Record = tuple[int, list[str]]


@dataclass(frozen=True, slots=True)
class Delimited:
    """A delimited text file ready to be read: its encoding, its delimiter, lines to skip before the header, quote escapes."""

    path: Path
    encoding: Encoding
    delimiter: str
    skip: int = 0
    backslash: bool = False
    repairs: tuple[Repair, ...] = ()

    def records(self) -> Iterator[Record]:
        """(number of the line where it begins, fields) of every record; an empty line is a record without fields.

        Raises DeliveryError where quotation marks do not close."""
        with self.path.open(encoding=self.encoding.codec, newline="") as file:
            for _ in range(self.skip):
                file.readline()
            yield from self._split(file)

    def _split(self, file: TextIO) -> Iterator[Record]:
        dialect = csv.reader(
            file,
            delimiter=self.delimiter,
            strict=True,
            doublequote=not self.backslash,
            escapechar="\\" if self.backslash else None,
        )
        begins = self.skip + 1
        try:
            for record in dialect:
                yield begins, record
                begins = self.skip + dialect.line_num + 1
        except csv.Error as error:
            raise _broken_quotes(self.path.name, begins, self.skip + dialect.line_num, str(error)) from error


def _broken_quotes(name: str, begins: int, ends: int, reason: str) -> DeliveryError:
    if "unexpected end" in reason:
        what = "a quotation mark opens in this record and never closes, so the rest of the file would be one cell."
    else:
        what = f"a quotation mark inside a quoted cell is not doubled (the record runs on to line {ends})."
    return DeliveryError(
        f"{name}:{begins}", what, "Write every quotation mark inside a cell twice, or export again as CSV UTF-8."
    )


def open_delimited(path: Path, encoding: str | None = None) -> Delimited:
    """Encoding and delimiter of the text file ``path``. Raises DeliveryError where either cannot be told."""
    named = name_encoding(path, encoding)
    with path.open(encoding=named.codec, newline="") as file:
        sample = file.read(SAMPLE_CHARACTERS)
        whole = not file.read(1)
    repairs = _encoding_notes(named)
    first_line = sample[:16].splitlines()[0] if sample.strip() else ""
    if first_line.lower().startswith("sep=") and len(first_line) == 5:
        told = Repair("separator_line", "the first line names the separator for Excel; it is not data", line=1)
        return Delimited(path, named, first_line[4], skip=1, repairs=(*repairs, told))
    found = Delimited(path, named, _delimiter(path.name, sample, whole), repairs=repairs)
    return _with_backslashes(found) if '\\"' in sample else found


def _encoding_notes(named: Encoding) -> tuple[Repair, ...]:
    if named.certain:
        return ()
    message = f"the encoding was told from the look of the text: {named.name}"
    return (Repair("encoding_guessed", message, n=named.high_bytes or 1, repaired=False),)


def _with_backslashes(found: Delimited) -> Delimited:
    """``found``, or the same with backslash escapes where only these make every quotation mark close."""
    try:
        for _ in found.records():
            continue
    except DeliveryError as refusal:
        other = replace(found, backslash=True)
        try:
            widths = Counter(len(record) for _, record in other.records() if record)
        except DeliveryError:
            raise refusal from None
        if len(widths) != 1:
            raise
        note = Repair("backslash_quotes", "quotation marks inside cells are escaped with a backslash, not doubled")
        return replace(other, repairs=(*found.repairs, note))
    return found


def _delimiter(name: str, sample: str, whole: bool) -> str:
    """The delimiter that gives the most even records of two or more fields."""
    if not sample.strip():
        raise DeliveryError(name, "holds only blank lines.", "Download the export again.")
    scores = {delimiter: _evenness(sample, delimiter, whole) for delimiter in DELIMITERS}
    best = max(scores.values())
    if best[1] < 2:
        raise DeliveryError(
            f"{name}:1",
            "no delimiter separates its columns (comma, semicolon, tab and | were tried).",
            "Export the responses as CSV with all columns; a table of one column cannot hold ids and answers.",
        )
    winners = [delimiter for delimiter, score in scores.items() if score == best]
    if len(winners) > 1:
        raise DeliveryError(
            f"{name}:1", "two delimiters separate its columns equally well.", "Quote the cells, or export with tabs."
        )
    return winners[0]


def _evenness(sample: str, delimiter: str, whole: bool) -> tuple[float, int]:
    """(share of records with the most frequent number of fields, that number); (0, 0) where it is one field."""
    widths: list[int] = []
    reader = csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter)
    try:
        widths.extend(len(record) for record in islice(reader, SAMPLE_RECORDS) if record)
    except csv.Error:
        return 0.0, 0
    if not whole and len(widths) > 2 and len(widths) < SAMPLE_RECORDS:
        widths.pop()
    width, n = Counter(widths).most_common(1)[0] if widths else (0, 0)
    if width < 2:
        return 0.0, 0
    return round(n / len(widths), 1), width
