"""What a delivered file is at byte level: text, a workbook, a statistics file, an archive, or something we must refuse.

Decided by the first bytes, never by the file's name, because exports are renamed on their way. Not a reader: it opens
archives only far enough to see what they hold.
"""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from panelpress.errors import DeliveryError

Kind = Literal["text", "workbook", "sav", "por", "dta", "xpt", "parquet", "lss", "lsa", "zip"]

HEAD_BYTES = 4096
STATA_RELEASES = frozenset(range(102, 120))

_REFUSED_MAGIC: tuple[tuple[bytes, str, str], ...] = (
    (
        b"\xd0\xcf\x11\xe0",
        "is an old Excel file (.xls) or a password-protected workbook.",
        "Open it in a spreadsheet program, remove the password, and save it as .xlsx or CSV UTF-8.",
    ),
    (b"%PDF", "is a PDF document, not data.", "Ask for the export of responses, not for the report."),
    (b"\x1f\x8b", "is compressed with gzip.", "Unpack it first (gunzip) and point at the file inside."),
    (b"7z\xbc\xaf\x27\x1c", "is a 7-Zip archive.", "Unpack it first and point at the file inside."),
    (b"Rar!", "is a RAR archive.", "Unpack it first and point at the file inside."),
    (b"BZh", "is compressed with bzip2.", "Unpack it first and point at the file inside."),
    (b"{\\rtf", "is a formatted text document (RTF).", "Ask for the export of responses as CSV."),
    (
        b"\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\xc2\xea\x81\x60",
        "is a SAS data set (.sas7bdat).",
        "Export it with PROC COPY to a transport file (.xpt), or to CSV.",
    ),
    (b"SQLite format 3\x00", "is an SQLite database.", "Export the table of responses as CSV."),
    (b"RDX", "is an R workspace.", "Write the data frame with haven::write_sav or as CSV."),
)


@dataclass(frozen=True, slots=True)
class Source:
    """A delivered file and what its bytes say that it is. ``companions`` are files given beside it (a data dictionary, a form,
    a structure file, the CSV of a repeat group); ``attachments`` counts files of an archive that hold no table."""

    path: Path
    kind: Kind
    companions: tuple[Path, ...] = ()
    encoding: str | None = None
    attachments: int = 0

    @property
    def name(self) -> str:
        return self.path.name


def open_source(path: Path, companions: tuple[Path, ...] = (), encoding: str | None = None) -> Source:
    """Look at the first bytes of ``path``. Raises DeliveryError where the file is absent, empty, or no kind that we read."""
    return Source(path, kind_of(path), companions, encoding)


def kind_of(path: Path) -> Kind:
    """The kind of file by its first bytes. Raises DeliveryError for a kind that cannot hold responses."""
    if not path.exists():
        raise DeliveryError(path.name, "there is no such file.", "Check the name and the folder.")
    if path.is_dir():
        raise DeliveryError(path.name, "is a folder.", "Point at one exported file inside it.")
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    if not head:
        raise DeliveryError(path.name, "is empty (0 bytes).", "Download the export again.")
    for magic, what, todo in _REFUSED_MAGIC:
        if head.startswith(magic):
            raise DeliveryError(path.name, what, todo)
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _kind_of_zip(path)
    return _kind_of_statistics(head) or _kind_of_text(path, head)


def _kind_of_statistics(head: bytes) -> Kind | None:
    if head[:4] in (b"$FL2", b"$FL3"):
        return "sav"
    if head[:4] == b"PAR1":
        return "parquet"
    if head.startswith(b"HEADER RECORD*******LIB"):
        return "xpt"
    if head.startswith(b"<stata_dta>") or (head[0] in STATA_RELEASES and head[1:3] in (b"\x01\x01", b"\x02\x01")):
        return "dta"
    if b"SPSS PORT FILE" in head[:464].replace(b"\r", b"").replace(b"\n", b""):
        return "por"
    return None


def _kind_of_text(path: Path, head: bytes) -> Kind:
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if start.startswith((b"<?xml", b"<document")):
        if b"limesurveydoctype" in start:
            return "lss"
        raise DeliveryError(path.name, "is an XML document.", "Export the responses as CSV or XLSX.")
    if start.startswith((b"<!doctype html", b"<html")):
        raise DeliveryError(
            path.name,
            "is a web page, most likely a login page saved in place of the export.",
            "Log in to the survey platform and download the export again.",
        )
    if start.startswith((b"{", b"[{")):
        raise DeliveryError(path.name, "is JSON, not a table of responses.", "Export the responses as CSV or XLSX.")
    return "text"


def _kind_of_zip(path: Path) -> Kind:
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, RuntimeError, ValueError, OSError) as error:
        raise DeliveryError(
            path.name,
            "is a damaged archive or workbook: its table of contents cannot be read.",
            "The download was probably cut off. Download it again.",
        ) from error
    if "xl/workbook.xml" in names:
        return "workbook"
    if any(name.endswith(".lss") for name in names):
        return "lsa"
    if any(name == "mimetype" or name.startswith("word/") for name in names):
        raise DeliveryError(
            path.name, "is an office document that is no Excel workbook.", "Save the sheet of responses as .xlsx or CSV UTF-8."
        )
    return "zip"
