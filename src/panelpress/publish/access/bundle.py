"""A folder as one ZIP file whose bytes depend on its content alone: names sorted, one day for all, no modes of the machine."""

from __future__ import annotations

import zipfile
from datetime import date
from pathlib import Path

BLOCK = 1 << 20


def zip_folder(folder: Path, target: Path, day: str, top: str) -> Path:
    """Write every file of ``folder`` to the ZIP ``target`` under the folder name ``top``, stamped with the ISO ``day``."""
    stamp = date.fromisoformat(day)
    with zipfile.ZipFile(target, "w", compression=zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for path in sorted(each for each in folder.rglob("*") if each.is_file()):
            name = f"{top}/{path.relative_to(folder).as_posix()}"
            entry = zipfile.ZipInfo(name, (stamp.year, stamp.month, stamp.day, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            entry.create_system = 3
            with archive.open(entry, "w", force_zip64=True) as file, path.open("rb") as stream:
                while block := stream.read(BLOCK):
                    file.write(block)
    return target
