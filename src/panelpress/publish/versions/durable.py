"""Writing so that a killed process or a full disk leaves the old state or the new one, never something between.

A file is written beside its place, flushed to disk and renamed over it; a folder's entry is flushed as well. Only one process
publishes at a time: the lock is the operating system's (``flock``), so that it falls with the process that held it.
"""

from __future__ import annotations

import errno
import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from panelpress.errors import ReleaseRefused
from panelpress.paths import Places


def sync_file(path: Path) -> None:
    """Flush the bytes of ``path`` to disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sync_folder(folder: Path) -> None:
    """Flush the names in ``folder`` to disk; after it a rename is there for good."""
    sync_file(folder)


def sync_tree(folder: Path) -> None:
    """Flush every file and folder under ``folder``, the innermost first."""
    for path in sorted(folder.rglob("*"), reverse=True):
        sync_file(path)
    sync_folder(folder)


def write_whole(path: Path, text: str, mode: int = 0o644) -> None:
    """Replace ``path`` by ``text`` (UTF-8) in one step. Raises OSError and leaves the old file where that cannot be done."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(path.name + ".part")
    try:
        handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        unfinished.replace(path)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


@contextmanager
def only_publisher(places: Places) -> Iterator[None]:
    """Hold the project's publishing lock. Raises ReleaseRefused at once where another process holds it, or where
    ``releases/`` cannot be written."""
    try:
        places.releases.mkdir(parents=True, exist_ok=True)
        handle = os.open(places.releases / ".lock", os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise cannot_write("releases", error) from None
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ReleaseRefused("releases", "another process is publishing.", "Wait until it is done, then run again.") from None
        yield
    finally:
        os.close(handle)


def cannot_write(where: str, error: OSError) -> ReleaseRefused:
    """The refusal for a folder that is full, read-only or forbidden; names the cause, no path of the machine."""
    causes = {
        errno.ENOSPC: ("the disk is full.", "Free some space, then run again: nothing was published."),
        errno.EDQUOT: ("the disk quota is used up.", "Free some space, then run again: nothing was published."),
        errno.EROFS: ("the file system is read-only.", "Mount it writable, then run again: nothing was published."),
        errno.EACCES: ("may not be written by you.", "Ask for the right to write there: nothing was published."),
        errno.EPERM: ("may not be written by you.", "Ask for the right to write there: nothing was published."),
    }
    number = error.errno if error.errno is not None else 0
    what, todo = causes.get(number, (f"cannot be written ({os.strerror(number)}).", "Mend that, then run again."))
    return ReleaseRefused(where, what, todo)
