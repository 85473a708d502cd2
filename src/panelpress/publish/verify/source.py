"""Brings a release to a folder of this machine: it is one already, lies in a ZIP archive, or is served at an address.

Nothing in an archive or answer is trusted: names that point out of the folder are refused, and so is more than the release says
that it holds.
"""

from __future__ import annotations

import tempfile
import urllib.error
import urllib.parse
import urllib.request
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from panelpress.errors import ReleaseRefused, UsageError
from panelpress.publish.verify.standalone import SUMS

TIMEOUT = 60
BLOCK = 1 << 20
GONE = 410
# A release of a million person-waves in all formats is below 4 GB; an archive that unpacks to more is none.
MOST_BYTES = 64 << 30
SCHEMES = ("http", "https")


@contextmanager
def brought(where: str) -> Iterator[Path]:
    """The folder of the release at ``where`` (folder, ``.zip`` or address), while the context lasts. Raises UsageError where
    there is no release, ReleaseRefused where there is one that cannot be read or was withdrawn."""
    if urllib.parse.urlsplit(where).scheme in SCHEMES:
        with tempfile.TemporaryDirectory(prefix="panelpress-") as folder:
            yield _downloaded(where, Path(folder))
    elif Path(where).is_dir():
        yield _with_sums(Path(where), where)
    elif Path(where).is_file():
        with tempfile.TemporaryDirectory(prefix="panelpress-") as folder:
            yield _unpacked(Path(where), Path(folder), where)
    else:
        raise UsageError(where, "is no folder, ZIP file or address.", "Name the folder of a release, e.g. releases/0.1.0.")


def _with_sums(folder: Path, where: str) -> Path:
    if not (folder / SUMS).is_file():
        raise UsageError(where, f"holds no {SUMS}.", "Name the folder of a release, e.g. releases/0.1.0.")
    return folder


def _unpacked(archive: Path, folder: Path, where: str) -> Path:
    """``archive`` in ``folder``; the release may be at its top or in its only folder."""
    try:
        with zipfile.ZipFile(archive) as opened:
            for name in opened.namelist():
                _refuse_outside(name, where)
            if sum(each.file_size for each in opened.infolist()) > MOST_BYTES:
                raise ReleaseRefused(where, "would unpack to more than any release.", "Do not unpack it.")
            opened.extractall(folder)
    except (zipfile.BadZipFile, EOFError, OSError) as error:
        todo = "Download it again: it is cut off or damaged."
        raise ReleaseRefused(where, f"cannot be unpacked ({type(error).__name__}).", todo) from None
    tops = [each for each in folder.iterdir() if each.is_dir()]
    if not (folder / SUMS).is_file() and len(tops) == 1:
        return _with_sums(tops[0], where)
    return _with_sums(folder, where)


def _downloaded(address: str, folder: Path) -> Path:
    if urllib.parse.urlsplit(address).path.endswith(".zip"):
        archive = folder / "release.zip"
        _fetch(address, archive)
        unpacked = folder / "unpacked"
        unpacked.mkdir()
        return _unpacked(archive, unpacked, address)
    base = address if address.endswith("/") else address + "/"
    _fetch(base + SUMS, folder / SUMS)
    for line in (folder / SUMS).read_text(encoding="utf-8").splitlines():
        name = line.partition("  ")[2]
        if name:
            _refuse_outside(name, address)
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            _fetch(base + urllib.parse.quote(name), path, absent_is_fine=True)
    return folder


def _fetch(address: str, path: Path, absent_is_fine: bool = False) -> None:
    """Download ``address`` to ``path``. A file that is not there stays missing, for the check to name it."""
    try:
        with urllib.request.urlopen(address, timeout=TIMEOUT) as answer, path.open("wb") as file:
            while block := answer.read(BLOCK):
                file.write(block)
    except urllib.error.HTTPError as error:
        path.unlink(missing_ok=True)
        if error.code == GONE:
            what = "was withdrawn: a person in it withdrew, or it was found unsafe."
            raise ReleaseRefused(address, what, "Use a later version, and delete your copy of this one.") from None
        if not absent_is_fine:
            raise UsageError(address, f"answers {error.code}.", "Give the address of a release folder or ZIP.") from None
    except (urllib.error.URLError, TimeoutError, ConnectionError) as error:
        path.unlink(missing_ok=True)
        raise ReleaseRefused(address, f"cannot be reached ({type(error).__name__}).", "Try again later.") from None


def _refuse_outside(name: str, where: str) -> None:
    path = PurePosixPath(name.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or ":" in name:
        raise ReleaseRefused(where, "holds a name that points out of its folder.", "Do not unpack it: it was tampered with.")
