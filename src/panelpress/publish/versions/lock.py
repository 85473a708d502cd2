"""Only one process publishes at a time: the lock is the operating system's (``flock``), so that it falls with the process that
held it. And what is said where a disk does not take what is to be published.
"""

from __future__ import annotations

import errno
import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager

from panelpress.errors import ReleaseRefused
from panelpress.paths import Places

NOTHING_PUBLISHED = "nothing was published"


@contextmanager
def only_publisher(places: Places, so: str = NOTHING_PUBLISHED) -> Iterator[None]:
    """Hold the project's publishing lock. Raises ReleaseRefused at once where another process holds it, or where
    ``releases/`` cannot be written (``so``: what that means for whoever called)."""
    try:
        places.releases.mkdir(parents=True, exist_ok=True)
        handle = os.open(places.releases / ".lock", os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise cannot_write("releases", error, so) from None
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ReleaseRefused("releases", "another process is publishing.", "Wait until it is done, then run again.") from None
        yield
    finally:
        os.close(handle)


def cannot_write(where: str, error: OSError, so: str = NOTHING_PUBLISHED) -> ReleaseRefused:
    """The refusal for a folder that is full, read-only or forbidden; names the cause and what it means for the caller (``so``),
    no path of the machine."""
    causes = {
        errno.ENOSPC: ("the disk is full.", f"Free some space, then run again: {so}."),
        errno.EDQUOT: ("the disk quota is used up.", f"Free some space, then run again: {so}."),
        errno.EROFS: ("the file system is read-only.", f"Mount it writable, then run again: {so}."),
        errno.EACCES: ("may not be written by you.", f"Ask for the right to write there: {so}."),
        errno.EPERM: ("may not be written by you.", f"Ask for the right to write there: {so}."),
    }
    number = error.errno if error.errno is not None else 0
    what, todo = causes.get(number, (f"cannot be written ({os.strerror(number)}).", f"Mend that, then run again: {so}."))
    return ReleaseRefused(where, what, todo)
