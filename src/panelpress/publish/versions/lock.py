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
