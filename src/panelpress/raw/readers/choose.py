"""Which platform a file comes from, and reading it. The readers are asked in order; the first that recognizes its platform reads.

Order matters: a reader with an unmistakable mark (three header rows with import ids) stands before one that goes by looks.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from panelpress.errors import DeliveryError, UsageError
from panelpress.model.delivery import RawTable
from panelpress.raw.readers import google_forms, limesurvey, parquet, plain, qualtrics, spss, stata
from panelpress.raw.readers.peek import Peek, peek_at
from panelpress.raw.readers.source import open_source


class Reader(Protocol):
    """One platform: its name, how to recognize it, how to read it."""

    PLATFORM: str

    def recognizes(self, peek: Peek) -> bool: ...

    def read(self, peek: Peek) -> RawTable: ...


READERS: tuple[Reader, ...] = (spss, stata, parquet, qualtrics, google_forms, limesurvey, plain)
PLATFORMS: tuple[str, ...] = tuple(reader.PLATFORM for reader in READERS)


def detect(path: Path, encoding: str | None = None) -> str:
    """The platform that ``path`` comes from, one of ``PLATFORMS``, by its content. Raises DeliveryError where it is no export."""
    peek = peek_at(open_source(path, encoding=encoding))
    return _recognized(peek).PLATFORM


def read_delivery(
    path: Path, platform: str | None = None, companions: Sequence[Path] = (), encoding: str | None = None
) -> RawTable:
    """Read the export at ``path`` as text cells.

    ``platform`` overrules recognition among the readers that can read such a file; ``companions`` are files that belong to it
    (a REDCap dictionary, an XLSForm, a LimeSurvey structure, the CSV of a repeat group). ``encoding`` overrules the guess.

    Raises DeliveryError, with the line where there is one, for everything that cannot be read with certainty, and UsageError
    for an unknown platform.
    """
    peek = peek_at(open_source(path, tuple(companions), encoding))
    reader = _recognized(peek) if platform is None else _named(platform, peek)
    return reader.read(peek)


def _recognized(peek: Peek) -> Reader:
    for reader in READERS:
        if reader.recognizes(peek):
            return reader
    raise DeliveryError(
        peek.source.name, "is no export of a platform that is known here.", f"Export it for one of: {', '.join(PLATFORMS)}."
    )


def _named(platform: str, peek: Peek) -> Reader:
    for reader in READERS:
        if platform == reader.PLATFORM:
            if not reader.recognizes(peek):
                found = _recognized(peek).PLATFORM
                raise DeliveryError(
                    peek.source.name,
                    f"was announced as {platform}, but its content is {found}.",
                    "Correct the platform in the registry or the contract, or deliver the right file.",
                )
            return reader
    raise UsageError("platform", f"{platform!r} is not known.", f"Use one of: {', '.join(PLATFORMS)}.")
