"""Zip archives as platforms send them: the export alone, or the export and the CSVs of its repeat groups.

Unpacked into a private folder that is gone when reading ends.
"""

from __future__ import annotations

import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from panelpress.errors import DeliveryError
from panelpress.raw.readers.source import Source, open_source

LARGEST = 4 << 30
IGNORED = ("__MACOSX/", ".")
# What respondents send along with their answers: photos, recordings, tracks, documents.
ATTACHMENTS = (
    ".jpg", ".jpeg", ".png", ".gif", ".webp", ".heic", ".svg", ".mp3", ".m4a", ".amr", ".ogg", ".wav", ".aac", ".mp4", ".3gp",
    ".mov", ".webm", ".pdf", ".doc", ".docx", ".geojson", ".kml", ".gpx", ".html",
)  # fmt: skip


@contextmanager
def unpacked(source: Source) -> Iterator[Source]:
    """``source`` itself, or the export inside it where it is an archive.

    Raises DeliveryError for archives without an export, or with several of which none is the main one."""
    if source.kind != "zip":
        yield source
        return
    with tempfile.TemporaryDirectory(prefix="panelpress-") as folder, zipfile.ZipFile(source.path) as archive:
        listed = [each for each in archive.infolist() if not each.is_dir() and not each.filename.startswith(IGNORED)]
        members = [each for each in listed if not each.filename.lower().endswith(ATTACHMENTS)]
        if not members:
            raise DeliveryError(source.name, "is an archive without files.", "Download the export again.")
        if any(each.flag_bits & 1 for each in members):
            raise DeliveryError(source.name, "is an archive with a password.", "Unpack it first and point at the file inside.")
        if sum(each.file_size for each in members) > LARGEST:
            raise DeliveryError(source.name, "would unpack to more than 4 GB.", "Unpack it yourself and point at the export.")
        paths = [_extract(source.name, archive, each, Path(folder)) for each in members]
        main, rest = _main(source.name, paths)
        inner = open_source(main, (*source.companions, *rest), source.encoding)
        if inner.kind == "zip":
            raise DeliveryError(source.name, "is an archive inside an archive.", "Unpack it first and point at the export.")
        yield replace(inner, attachments=len(listed) - len(members))


def member_bytes(name: str, archive: zipfile.ZipFile, member: zipfile.ZipInfo | str) -> bytes:
    """Content of one member. Raises DeliveryError where it is damaged, in any of the ways that the library knows."""
    try:
        return archive.read(member)
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, RuntimeError, ValueError, KeyError) as error:
        raise DeliveryError(name, "is a damaged archive.", "Download it again.") from error


def _extract(name: str, archive: zipfile.ZipFile, member: zipfile.ZipInfo, folder: Path) -> Path:
    """Write one member under its bare name, so that no path inside the archive can leave ``folder``."""
    target = folder / Path(member.filename).name
    if target.exists():
        raise DeliveryError(name, "holds two files of the same name.", "Unpack it and point at the export.")
    target.write_bytes(member_bytes(name, archive, member))
    return target


def _main(name: str, paths: list[Path]) -> tuple[Path, list[Path]]:
    """The export and what belongs to it: of several CSVs the main one is that whose name all others begin with."""
    if len(paths) == 1:
        return paths[0], []
    shortest = min(paths, key=lambda each: len(each.stem))
    if all(each.stem.startswith(shortest.stem) for each in paths):
        return shortest, [each for each in paths if each != shortest]
    raise DeliveryError(
        name, f"holds {len(paths)} files; which is the export cannot be told.", "Unpack it and point at the file of responses."
    )
