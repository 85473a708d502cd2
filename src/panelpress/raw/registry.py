"""The registry of deliveries, ``raw/deliveries.csv``: which file is which wave, and a keyed digest of its bytes.

    file,digest,bytes,rows,study,wave,platform,received,licence,companions
    w1.csv,5b0c...,81234,500,my_study,w1,qualtrics,2024-03-01,not public,
    w2.csv,0e1f...,70155,431,my_study,w2,redcap,2024-09-01,not public,dictionary.csv=77ab...

The registry is committed, the files in ``raw/deliveries/`` never are. ``digest`` is keyed (``identity.delivery_digest``), so
that it proves nothing to somebody who only has a copy of a file. ``rows`` counts the responses in the file. ``companions`` are
files that the reader needs beside it (a data dictionary, a form), ``name=digest``, separated by blanks. ``part`` tells the
files of one wave apart where it comes in several (one a country). The last two columns may be left out.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import astuple, dataclass, fields
from pathlib import Path, PurePosixPath

from panelpress.durable import write_whole
from panelpress.errors import DeclarationError, IntakeRefused
from panelpress.paths import Places
from panelpress.raw.identity import delivery_digest
from panelpress.raw.key import PseudonymKey


@dataclass(frozen=True, slots=True)
class Registration:
    """One line of the registry. ``file`` is relative to ``raw/deliveries/``, ``received`` an ISO day."""

    file: str
    digest: str
    bytes: int
    rows: int
    study: str
    wave: str
    platform: str
    received: str
    licence: str
    companions: str = ""
    part: str = ""

    @property
    def slot(self) -> tuple[str, str, str]:
        """What this delivery is: study, wave and part. Each is registered once."""
        return self.study, self.wave, self.part


HEADER = tuple(each.name for each in fields(Registration))
WITHOUT_PARTS = HEADER[:-1]
# What a delivery is called after a person was taken out of it; it is a plain CSV then, whatever platform it came from.
PURGED = ".without-withdrawn.csv"
_HEADERS = (HEADER, WITHOUT_PARTS, HEADER[:-2])


def read_registry(places: Places) -> tuple[Registration, ...]:
    """All registrations in file order, none where there is no registry yet. Raises DeclarationError, naming the line."""
    if not places.registry.exists():
        return ()
    try:
        text = places.registry.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise _wrong(1, f"is not UTF-8 (byte {error.start}).", "Save it as UTF-8.") from None
    rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = tuple(next(rows, []))
        if header not in _HEADERS:
            raise _wrong(1, "has another header.", f"Write: {','.join(HEADER)}")
        found = tuple(_registration(header, row, rows.line_num) for row in rows if row)
    except csv.Error:
        raise _wrong(rows.line_num, "is not valid CSV.", "Check the quotes.") from None
    _refuse_twice(found)
    return found


def _registration(header: tuple[str, ...], row: list[str], line: int) -> Registration:
    if len(row) != len(header):
        raise _wrong(line, f"has {len(row)} cells instead of {len(header)}.", f"Write: {','.join(header)}")
    given = dict(zip(header, row, strict=True))
    for name in ("bytes", "rows"):
        if not given[name].isascii() or not given[name].isdigit():
            raise _wrong(line, f"`{name}` is not a whole number.", "Run `panelpress register` again for this file.")
    for name in ("file", "digest", "study", "wave"):
        if not given[name].strip():
            raise _wrong(line, f"`{name}` is empty.", "Run `panelpress register` again for this file.")
    for name in (given["file"], *_parts(given.get("companions", ""))):
        path = PurePosixPath(name)
        if path.is_absolute() or ".." in path.parts or "\\" in name:
            raise _wrong(line, "a file leads out of raw/deliveries.", "Move the file there and name it relative to that folder.")
    numbers = {"bytes": int(given["bytes"]), "rows": int(given["rows"])}
    return Registration(**{**given, **numbers})  # type: ignore[arg-type]


def _refuse_twice(found: tuple[Registration, ...]) -> None:
    seen: set[tuple[str, str, str]] = set()
    whole = {(each.study, each.wave) for each in found if not each.part}
    for line, each in enumerate(found, start=2):
        if each.slot in seen:
            said = f"{each.study}, {each.wave}{', part ' + each.part if each.part else ''}"
            raise _wrong(line, f"{said} is registered twice.", "Keep the delivery that counts.")
        if each.part and (each.study, each.wave) in whole:
            what = f"{each.study}, {each.wave} has a delivery of a part and one of the whole."
            raise _wrong(line, what, "Register every file of the wave with --part.")
        seen.add(each.slot)


def _wrong(line: int, what: str, todo: str) -> DeclarationError:
    return DeclarationError(f"raw/deliveries.csv:{line}", what, todo)


def _parts(text: str) -> dict[str, str]:
    return {name: digest for name, _, digest in (part.rpartition("=") for part in text.split())}


def companion_digests(registration: Registration) -> dict[str, str]:
    """Keyed digest by file name of the files beside a delivery."""
    return _parts(registration.companions)


def write_companions(digests: Mapping[str, str]) -> str:
    """The cell ``companions`` for ``digests`` by file name."""
    return " ".join(f"{name}={digest}" for name, digest in digests.items())


def write_registry(places: Places, registrations: Iterable[Registration]) -> None:
    """Replace the registry in one step, sorted by study, wave and part."""
    listed = sorted(registrations, key=lambda each: each.slot)
    header = HEADER if any(each.part for each in listed) else WITHOUT_PARTS
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(astuple(each)[: len(header)] for each in listed)
    write_whole(places.registry, buffer.getvalue())


@dataclass(frozen=True, slots=True)
class DeliveredFiles:
    """The file of a delivery and those beside it, all found to be the registered ones."""

    path: Path
    companions: tuple[Path, ...] = ()


def find_delivery(places: Places, registration: Registration, key: PseudonymKey) -> DeliveredFiles:
    """The files of a registration, checked. Raises IntakeRefused where one is missing or is not the file that was registered."""
    size = registration.bytes
    path = _checked(places, registration, registration.file, registration.digest, key, size)
    beside = companion_digests(registration).items()
    return DeliveredFiles(path, tuple(_checked(places, registration, name, digest, key) for name, digest in beside))


def _checked(
    places: Places, registration: Registration, name: str, digest: str, key: PseudonymKey, size: int | None = None
) -> Path:
    path = places.deliveries / name
    where = f"raw/deliveries/{name}"
    if not path.is_file():
        todo = "Put it there; deliveries are not in git, ask whoever keeps them."
        raise IntakeRefused(where, f"the file of {registration.study}, wave {registration.wave} is missing.", todo)
    again = "If it is a new export of the same wave: `panelpress register`, which compares the two."
    found = path.stat().st_size
    if size is not None and found != size:
        raise IntakeRefused(where, f"holds {found} bytes, {size} were registered.", again)
    if delivery_digest(key, path) != digest:
        todo = f"{again} If it is the same file: the registry was written under another key."
        raise IntakeRefused(where, "its keyed digest is not the registered one.", todo)
    return path
