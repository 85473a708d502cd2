"""What stands in ``releases/``: versions by name, the newest, the one before another."""

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


def release_before(places: Places, version: str) -> Path | None:
    """Folder of the highest version below ``version``, None where there is none."""
    lower = [each for each in _versions(places) if each < parse_version(version)]
    return places.release(str(lower[-1])) if lower else None
