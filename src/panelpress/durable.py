"""Writing so that a killed process or a full disk leaves the old state or the new one, never something between.

A file is written beside its place, flushed to disk and renamed over it; a folder's entry is flushed as well.
"""

from __future__ import annotations

import os
from pathlib import Path


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
