"""The work folder: everything computed from respondents lies there, outside the checkout, readable by its owner only.

``panelpress.paths`` says where it is; this module makes it fit for use, or refuses it. It never tightens a folder that already
holds something, because that might be a folder of other people's (``$PANELPRESS_WORK=/tmp``).
"""

from __future__ import annotations

import os
import stat

from panelpress.errors import UsageError
from panelpress.paths import WORK_VARIABLE, Places


def prepare_work(places: Places) -> None:
    """Make the work folder with mode 0700. Raises UsageError where it lies in the checkout or around it, belongs to somebody
    else, is no folder, or holds files and can be read by others."""
    work, root = places.work.expanduser().resolve(), places.root.resolve()
    todo = f"Point ${WORK_VARIABLE} at a new folder outside the checkout."
    if work.is_relative_to(root):
        raise UsageError("work folder", "lies in the checkout; respondents' answers would be committed one day.", todo)
    if root.is_relative_to(work):
        raise UsageError("work folder", "holds the checkout itself.", todo)
    if work.exists() and not work.is_dir():
        raise UsageError("work folder", "is a file.", todo)
    if not work.exists():
        work.mkdir(parents=True, mode=0o700)
    status = work.stat()
    if status.st_uid != os.getuid():
        raise UsageError("work folder", "belongs to another user.", todo)
    mode = stat.S_IMODE(status.st_mode)
    if mode & 0o077 and any(work.iterdir()):
        todo = f"Look into {work}, and if it is this project's own run `chmod 700` on it."
        raise UsageError("work folder", f"can be read by others (mode {mode:03o}) and is not empty.", todo)
    if mode != 0o700:
        work.chmod(0o700)
