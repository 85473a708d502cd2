"""Sets the time stamps inside published files to the release date, so that the same release gives the same bytes.

SPSS system files hold ``dd Mon yy`` at byte 92 and ``hh:mm:ss`` at byte 101 (PSPP developers' guide, "System File Format", file
header record); Stata files of release 117 and later hold ``dd Mon yyyy hh:mm`` after ``<timestamp>`` and a length byte (Stata
manual, "dta file format", header). Only these bytes change. Midnight stands for the unknown time of day.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

# English by definition of both formats, whatever the locale of the machine.
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
SAV_MAGIC = (b"$FL2", b"$FL3")
SAV_STAMP = 92
DTA_MARK = b"<timestamp>"
DTA_HEADER = 1024


def stamp_sav(path: Path, released: str) -> None:
    """Set the creation date of the ``.sav`` or ``.zsav`` file at ``path`` to ``released``, an ISO day. Raises ValueError where
    the file is none."""
    day = date.fromisoformat(released)
    text = f"{day.day:02d} {MONTHS[day.month - 1]} {day.year % 100:02d}00:00:00"
    with path.open("r+b") as file:
        if file.read(4) not in SAV_MAGIC:
            raise ValueError(f"{path.name} is no SPSS system file")
        file.seek(SAV_STAMP)
        file.write(text.encode("ascii"))


def stamp_dta(path: Path, released: str) -> None:
    """Set the time stamp of the Stata file at ``path`` to ``released``, an ISO day. Raises ValueError where it has none."""
    day = date.fromisoformat(released)
    text = f"{day.day:02d} {MONTHS[day.month - 1]} {day.year:04d} 00:00".encode("ascii")
    with path.open("r+b") as file:
        head = file.read(DTA_HEADER)
        found = head.find(DTA_MARK)
        at = found + len(DTA_MARK)
        if found < 0 or head[at] != len(text):
            raise ValueError(f"{path.name} is no Stata file of release 117 or later")
        file.seek(at + 1)
        file.write(text)
