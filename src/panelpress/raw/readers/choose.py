"""Which platform a file comes from, and reading it. The readers are asked in order; the first that recognizes its platform reads.

Order matters: a reader with an unmistakable mark (three header rows with import ids) stands before one that goes by looks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from panelpress.errors import DeliveryError, UsageError
from panelpress.model.delivery import RawTable, Repair
from panelpress.raw.readers import (
    google_forms,
    kobo,
    limesurvey,
    limesurvey_archive,
    parquet,
    plain,
    qualtrics,
    redcap,
    sas,
    spss,
    stata,
    surveymonkey,
)
from panelpress.raw.readers.archive import unpacked
from panelpress.raw.readers.child_tables import child_table
from panelpress.raw.readers.lookalikes import refuse_lookalikes, refuse_vv
from panelpress.raw.readers.peek import Peek, peek_at
from panelpress.raw.readers.redcap_dictionary import is_dictionary, is_event_list
from panelpress.raw.readers.source import Kind, open_source
from panelpress.raw.readers.xlsform import is_form


class Reader(Protocol):
    """One platform: its name, the formats it comes in, how to recognize it, how to read it."""

    @property
    def PLATFORM(self) -> str: ...

    @property
    def FORMATS(self) -> tuple[str, ...]: ...

    def recognizes(self, peek: Peek) -> bool: ...

    def read(self, peek: Peek) -> RawTable: ...


READERS: tuple[Reader, ...] = (
    spss, stata, sas, parquet, limesurvey_archive, qualtrics, surveymonkey, google_forms, kobo, redcap, limesurvey, plain,
)  # fmt: skip
PLATFORMS: tuple[str, ...] = tuple(f"{reader.PLATFORM}_{each}" for reader in READERS for each in reader.FORMATS)
FORMAT_OF: dict[Kind, str] = {"text": "csv", "workbook": "xlsx"}  # every other kind is its own format
# Readers with one header row and weak marks: an announced platform is believed where nothing speaks against it.
ON_YOUR_WORD: tuple[Reader, ...] = (google_forms, kobo, redcap, limesurvey)
WITH_CHILDREN: tuple[Reader, ...] = (kobo, redcap)
ATTACHED = "files of the archive are photos, recordings or other attachments and were not opened"
WITH_COMPANIONS: tuple[Reader, ...] = (kobo, redcap, limesurvey)


def detect(path: Path, encoding: str | None = None) -> str:
    """Platform and format of ``path``, one of ``PLATFORMS``, by its content. Raises DeliveryError where it is no export."""
    with unpacked(open_source(path, encoding=encoding)) as source:
        peek = peek_at(source)
        return _called(_recognized(peek), peek)


def read_delivery(
    path: Path, platform: str | None = None, companions: Sequence[Path] = (), encoding: str | None = None
) -> RawTable:
    """Read the export at ``path`` as text cells.

    ``platform`` (``qualtrics_csv``, or ``qualtrics`` in any format) overrules recognition among the readers that can read such
    a file; ``redcap_csv:<event>`` reads one event, ``kobo_xlsx:<child table>`` one child table as a table of its own.
    ``companions`` are files that belong to it (a REDCap dictionary, an XLSForm, a LimeSurvey structure, the CSV of a repeat
    group). ``encoding`` overrules the guess.

    Raises DeliveryError, with the line where there is one, for everything that cannot be read with certainty, and UsageError
    for an unknown platform.
    """
    with unpacked(open_source(path, tuple(companions), encoding)) as source:
        peek = peek_at(source)
        name, _, inner = (platform or "").partition(":")
        reader = _named(name, peek) if name else _recognized(peek)
        if reader is plain and not name:
            reader = _by_companions(companions) or reader
        if inner and reader not in WITH_CHILDREN:
            what = f"{platform!r} names an event or a child table, which only redcap and kobo have."
            raise UsageError("platform", what, "Leave out what follows the colon.")
        if companions and reader not in WITH_COMPANIONS:
            raise DeliveryError(path.name, f"is read as {reader.PLATFORM}, which has no files beside it.", "Leave them out.")
        table = reader.read(peek) if not inner else _inside(peek, reader, inner)
        told = (Repair("attachment", ATTACHED, source.attachments, repaired=False),) if source.attachments else ()
        return replace(table, platform=_called(reader, peek), repairs=(*told, *table.repairs))


def _inside(peek: Peek, reader: Reader, inner: str) -> RawTable:
    """One event, or one child table, of an export. Raises DeliveryError where there is none of that name."""
    if reader is not redcap:
        return child_table(peek.source.name, reader.read(peek), inner)
    if inner in redcap.events_of(redcap.read(peek)):
        return redcap.read(peek, inner)  # with labels an event may be called `Baseline (Arm 1: One)`
    event, _, child = inner.rpartition(":")
    whole = redcap.read(peek, event or None)
    if event or child in whole.children:
        return child_table(peek.source.name, whole, child)
    return redcap.read(peek, inner)


def belongs_beside(path: Path) -> bool:
    """Whether ``path`` is no export but belongs to one: a form, a dictionary, a structure, a repeat group. Raises DeliveryError
    where it cannot be read at all."""
    peek = peek_at(open_source(path))
    return _helps(peek) is not None or kobo.is_repeat_group(peek)


def _by_companions(companions: Sequence[Path]) -> Reader | None:
    """The platform of a table with few marks of its own, where a file given beside it is that platform's."""
    found = (_helps(peek_at(open_source(path))) for path in companions)
    return next((reader for reader in found if reader is not None), None)


def _helps(beside: Peek) -> Reader | None:
    """The platform whose tables are described by a file without responses."""
    if is_form(beside):
        return kobo
    if is_dictionary(beside) or is_event_list(beside):
        return redcap
    return limesurvey if beside.source.kind == "lss" else None


def _called(reader: Reader, peek: Peek) -> str:
    kind = peek.source.kind
    return f"{reader.PLATFORM}_{FORMAT_OF.get(kind, kind)}"


def _recognized(peek: Peek) -> Reader:
    name = peek.source.name
    if is_form(peek):
        raise DeliveryError(name, "is a form (XLSForm), without responses.", "Give it beside the export of submissions.")
    if is_event_list(peek):
        raise DeliveryError(name, "is a list of events, without responses.", "Give it beside the export of records.")
    if is_dictionary(peek):
        raise DeliveryError(name, "is a data dictionary, without responses.", "Give it beside the export of records.")
    refuse_vv(peek)
    for reader in READERS:
        if reader is plain:
            refuse_lookalikes(peek)
        if reader.recognizes(peek):
            return reader
    raise DeliveryError(name, "is no export of a platform that is known here.", f"Export it for one of: {', '.join(PLATFORMS)}.")


def _named(platform: str, peek: Peek) -> Reader:
    own = [reader for reader in READERS if platform == reader.PLATFORM or platform == _called(reader, peek)]
    if not own and platform not in PLATFORMS:
        raise UsageError("platform", f"{platform!r} is not known.", f"Use one of: {', '.join(PLATFORMS)}.")
    for reader in own:
        if reader.recognizes(peek):
            return reader
    found = _recognized(peek)
    if found is plain and own and own[0] in ON_YOUR_WORD:
        return own[0]
    raise DeliveryError(
        peek.source.name,
        f"was announced as {platform}, but its content is {_called(found, peek)}.",
        "Correct the platform in the registry or the contract, or deliver the right file.",
    )
