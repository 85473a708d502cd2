"""What ``panelpress init`` was given: each argument is one wave, a file or a folder with everything that belongs to the wave.

spring.csv                                    the export
autumn/export.csv  autumn/survey.lss          the export and what is read beside it (structure, form, dictionary, repeat groups)
winter/ge.csv      winter/am.csv              a wave that came in parts, one file each
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from panelpress.errors import UsageError
from panelpress.raw.drafting.names import slug, unused
from panelpress.raw.readers import belongs_beside


@dataclass(frozen=True, slots=True)
class GivenWave:
    """The files of one wave: exports by the part of the wave that they hold ("" where there is only one), files to read beside
    each of them, and under which name each is kept in raw/deliveries."""

    name: str
    exports: Mapping[str, Path]
    beside: tuple[Path, ...]
    kept_as: Mapping[Path, str]


def given_waves(paths: Sequence[Path]) -> tuple[GivenWave, ...]:
    """One wave an argument, in their order. Raises UsageError without arguments, for a folder without an export and for files
    that would have the same name in raw/deliveries; DeliveryError for files that nobody can read."""
    if not paths:
        raise UsageError("init", "was given no files.", "Name the files of the waves, the earliest first.")
    waves = tuple(_folder(path) if path.is_dir() else _file(path) for path in paths)
    names = [name for each in waves for name in each.kept_as.values()]
    if len(set(names)) < len(names):
        raise UsageError("init", "was given two files of the same name.", "Rename one: both go into raw/deliveries.")
    return waves


def _file(path: Path) -> GivenWave:
    return GivenWave(path.stem, {"": path}, (), {path: _plain(path.name)})


def _folder(folder: Path) -> GivenWave:
    files = sorted(path for path in folder.iterdir() if not path.name.startswith("."))
    beside = tuple(path for path in files if belongs_beside(path))
    exports = [path for path in files if path not in beside]
    if not exports:
        raise UsageError(str(folder), "holds no export of responses.", "Put the files of one wave into it.")
    parts: dict[str, Path] = {}
    for path in exports:
        parts[unused(slug(path.stem, "part"), parts)] = path
    kept_as = {path: _plain(f"{folder.resolve().name}_{path.name}") for path in files}
    return GivenWave(folder.resolve().name, parts if len(parts) > 1 else {"": exports[0]}, beside, kept_as)


def _plain(name: str) -> str:
    """``name`` without what a shell or the registry would trip over."""
    return name.replace(" ", "_").replace("=", "_")
