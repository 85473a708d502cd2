"""What stands in ``releases/``: versions by name, the newest, the one before another; and private copies of earlier releases that
do not stand there."""

from __future__ import annotations

from pathlib import Path

from panelpress.model.version import Version, parse_version
from panelpress.paths import Places


def published_folders(places: Places) -> tuple[Path, ...]:
    """The folders of releases, by name. What begins with a dot (staging, the lock) is no release."""
    if not places.releases.is_dir():
        return ()
    return tuple(sorted(each for each in places.releases.iterdir() if each.is_dir() and not each.name.startswith(".")))


def _versions(places: Places) -> list[Version]:
    return sorted(parse_version(folder.name) for folder in published_folders(places))


def newest_release(places: Places) -> str | None:
    """The highest version, None where there is none."""
    known = _versions(places)
    return str(known[-1]) if known else None


def folder_of(places: Places, version: str) -> Path | None:
    """Where the open tables of an earlier release can be read: in ``releases/``, else in its private copy (``earlier_releases``);
    None where it is in neither."""
    return next((each for each in (places.release(version), *_copies(places, version)) if each.is_dir()), None)


def _copies(places: Places, version: str) -> tuple[Path, Path]:
    """Where a private copy stands; in the second where replacing it was cut off."""
    return places.earlier_release(version), places.earlier_aside(version)


def release_before(places: Places, version: str) -> Path | None:
    """Folder of the highest version below ``version`` that can be read here, None where there is none."""
    shelves = [each.parent for each in _copies(places, version) if each.parent.is_dir()]
    copied = [parse_version(each.name) for shelf in shelves for each in shelf.iterdir() if not each.name.startswith(".")]
    lower = [each for each in {*_versions(places), *copied} if each < parse_version(version)]
    return folder_of(places, str(max(lower))) if lower else None
