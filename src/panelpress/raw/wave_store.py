"""The folder ``waves/`` of the work folder, replaced as a whole: after a failure or a kill it is the old one or the new one.

New files are written to a folder of their own and flushed; then two renames exchange the folders. A kill between the two
leaves no ``waves/``, but the old one beside it, which the next command puts back (``recover``).
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import polars as pl

from panelpress.durable import sync_folder, sync_tree
from panelpress.errors import IntakeRefused
from panelpress.paths import Places

RECORD = "intake.json"


def recover(places: Places) -> None:
    """Finish or undo an exchange that was cut off."""
    old = _old(places)
    if old.exists() and not places.waves_work.exists():
        old.rename(places.waves_work)
    for leftover in (old, _new(places)):
        if leftover.exists():
            shutil.rmtree(leftover)


def replace_waves(places: Places, waves: Mapping[tuple[str, str], pl.DataFrame], documents: Mapping[str, Any]) -> None:
    """Write one CSV a wave (UTF-8, a header, a blank cell for NULL) and ``documents`` as JSON files, then exchange the folders.

    The document ``intake`` must be there; sizes and hashes of all other files are added to it. Raises IntakeRefused where the
    disk is full or may not be written.
    """
    new, old = _new(places), _old(places)
    try:
        _write(places, new, waves, documents)
    except OSError as error:
        shutil.rmtree(new, ignore_errors=True)
        todo = "Mend that and run the command again; the wave files are those of the last intake."
        raise IntakeRefused("work folder", f"cannot be written ({os.strerror(error.errno or 0)}).", todo) from None
    if places.waves_work.exists():
        places.waves_work.rename(old)
    new.rename(places.waves_work)
    sync_folder(places.work)
    if old.exists():
        shutil.rmtree(old)


def _write(places: Places, new: Path, waves: Mapping[tuple[str, str], pl.DataFrame], documents: Mapping[str, Any]) -> None:
    new.mkdir(mode=0o700)
    files = {}
    for (study, wave), frame in waves.items():
        path = new / places.wave_file(study, wave).name
        frame.write_csv(path, null_value="", line_terminator="\n")
        path.chmod(0o600)
        files[path.name] = {"bytes": path.stat().st_size, "sha256": _sha256(path)}
    for name, content in documents.items():
        if name != "intake":
            path = new / f"{name}.json"
            _write_json(path, content)
            files[path.name] = {"bytes": path.stat().st_size, "sha256": _sha256(path)}
    _write_json(new / RECORD, {**documents["intake"], "files": files})
    sync_tree(new)


def stored_record(places: Places) -> dict[str, Any] | None:
    """The record of the last intake; None where there is none, or a wave file is not as it was written."""
    try:
        record: dict[str, Any] = json.loads((places.waves_work / RECORD).read_text(encoding="utf-8"))
        for name, facts in record["files"].items():
            path = places.waves_work / name
            if path.stat().st_size != facts["bytes"] or _sha256(path) != facts["sha256"]:
                return None
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    return record


def _write_json(path: Path, content: Any) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")
    path.chmod(0o600)


def _new(places: Places) -> Path:
    return places.work / "waves.new"


def _old(places: Places) -> Path:
    return places.work / "waves.old"


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
