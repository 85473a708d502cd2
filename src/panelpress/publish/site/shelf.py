"""The releases that may be shown, newest first, and those that may not, each with its reason.

A release that is damaged, missing a file or tampered with is refused by name and reason; the others are served. ``inspection``
holds the rules.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from panelpress.model.version import parse_version
from panelpress.publish.site.inspection import Known, Unfit, inspect


@dataclass(frozen=True, slots=True)
class Shelved:
    """One release that may be served: its folder, database, manifest and Data Package descriptor."""

    version: str
    folder: Path
    database: Path
    manifest: Mapping[str, Any]
    descriptor: Mapping[str, Any]

    @property
    def name(self) -> str:
        """Name of the release in addresses: dots would be encoded by Datasette, and an address is for good."""
        return database_name(self.version)


@dataclass(frozen=True, slots=True)
class Refused:
    """A release folder that is not served, and why."""

    version: str
    reason: str


@dataclass(frozen=True, slots=True)
class Shelf:
    """All releases of a project, newest first, and those that were refused."""

    releases: tuple[Shelved, ...]
    refused: tuple[Refused, ...]

    @property
    def latest(self) -> Shelved | None:
        return self.releases[0] if self.releases else None


def database_name(version: str) -> str:
    """``0.2.1`` as it stands in addresses: ``v0-2-1``."""
    return "v" + version.replace(".", "-")


def read_shelf(releases: Path, known: Known | None = None) -> Shelf:
    """Looks at every folder of ``releases``; ``known`` says whether the ledger knows a release by its version and the text of its
    ``SHA256SUMS``. Raises nothing: a release that cannot be shown is listed with its reason."""
    shown: list[Shelved] = []
    refused: list[Refused] = []
    for folder in sorted(releases.iterdir()) if releases.is_dir() else ():
        if not folder.is_dir() or folder.name.startswith("."):
            continue
        try:
            found = inspect(folder, known)
        except Unfit as unfit:
            refused.append(Refused(folder.name, str(unfit)))
        else:
            shown.append(Shelved(folder.name, folder, found.database, found.manifest, found.descriptor))
    return Shelf(tuple(sorted(shown, key=lambda each: parse_version(each.version), reverse=True)), tuple(refused))
