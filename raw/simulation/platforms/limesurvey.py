"""LimeSurvey CSV: one header row written ``code. text``, semicolons, every cell quoted, byte-order mark."""

from __future__ import annotations

import csv
from pathlib import Path


def write(path: Path, table: dict[str, list[str]], texts: dict[str, str]) -> None:
    """Write ``table`` under headers made of column names and ``texts``."""
    with path.open("w", encoding="utf-8-sig", newline="") as lines:
        out = csv.writer(lines, delimiter=";", lineterminator="\n", quoting=csv.QUOTE_ALL)
        out.writerow([f"{name}. {texts[name]}" for name in table])
        out.writerows(zip(*table.values(), strict=True))
