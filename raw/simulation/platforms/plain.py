"""A list kept by hand: plain CSV, UTF-8, comma, one header row."""

from __future__ import annotations

import csv
from pathlib import Path


def write(path: Path, table: dict[str, list[str]]) -> None:
    """Write ``table``."""
    with path.open("w", encoding="utf-8", newline="") as lines:
        out = csv.writer(lines, lineterminator="\n")
        out.writerow(table)
        out.writerows(zip(*table.values(), strict=True))
