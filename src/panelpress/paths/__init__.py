"""Where things are. The only package that knows folder and file names of a project, its work folder and its releases.

Public, in the checkout: declarations and ``releases/`` (``checkout``). Private, in the work folder ``$PANELPRESS_WORK`` (default:
outside the checkout, in the user's state folder), mode 0700: everything computed from respondents (``work_folder``).
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from panelpress.paths.checkout import PROJECT_FILE, Checkout
from panelpress.paths.work_folder import WorkFolder

__all__ = ["KEY_VARIABLE", "PROJECT_FILE", "WORK_VARIABLE", "Places", "default_work", "places"]

WORK_VARIABLE = "PANELPRESS_WORK"
KEY_VARIABLE = "PANELPRESS_KEY"


@dataclass(frozen=True, slots=True)
class Places(Checkout, WorkFolder):
    """The folders of one project. ``root`` is the checkout, ``work`` the private folder of this project. ``declared`` is where
    declarations are read from when they are not those at the root: as they stood when an earlier release was published. ``apart``
    names the folder in the work folder where a build is made that must leave the project's own alone."""

    root: Path
    work: Path
    declared: Path | None = None
    apart: str | None = None


def default_work(root: Path) -> Path:
    """The work folder of the project at ``root``: ``$PANELPRESS_WORK`` or a folder in the user's state folder, one per
    checkout so that two checkouts never share respondents."""
    given = os.environ.get(WORK_VARIABLE)
    if given:
        return Path(given).expanduser().resolve()
    state = Path(os.environ.get("XDG_STATE_HOME", Path.home() / ".local" / "state"))
    label = "-".join(part for part in root.resolve().parts[-2:] if part != os.sep)
    return state / "panelpress" / label


def places(root: Path) -> Places:
    """The places of the project whose root folder is ``root``."""
    return Places(root=root.resolve(), work=default_work(root))
