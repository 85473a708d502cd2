"""Stata data set (release 118) through pyreadstat: value labels, tagged missing ``.a`` and ``.b``; the time stamp is fixed."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pyreadstat

STAMP = b"03 Feb 2025 12:00"
MARK = b"<timestamp>"


def write(path: Path, table: dict[str, list[str]], columns: dict[str, dict[str, Any]], title: str) -> None:
    """Write ``table``; ``columns`` give type, label and value labels by name."""
    frame = pd.DataFrame({name: _typed(cells, columns[name]["type"]) for name, cells in table.items()})
    tagged = {name: sorted({cell[1] for cell in cells if cell in (".a", ".b")}) for name, cells in table.items()}
    labels = {
        name: {int(code): label for code, label in each["values"].items() if not code.startswith(".")}
        for name, each in columns.items()
        if each["type"] == "integer" and each["values"]
    }
    pyreadstat.write_dta(
        frame,
        str(path),
        file_label=title,
        column_labels={name: each["label"][:80] for name, each in columns.items()},
        variable_value_labels=labels,
        missing_user_values={name: letters for name, letters in tagged.items() if letters},
        version=15,
    )
    content = bytearray(path.read_bytes())
    at = content.index(MARK) + len(MARK) + 1
    content[at : at + len(STAMP)] = STAMP
    path.write_bytes(bytes(content))


def _typed(cells: list[str], kind: str) -> Any:
    if kind == "datetime":
        return pd.Series([datetime.fromisoformat(cell) if cell else None for cell in cells])
    if kind == "number":
        return [float(cell) if cell else None for cell in cells]
    if kind == "integer":
        return pd.Series([cell[1] if cell.startswith(".") else float(cell) if cell else None for cell in cells], dtype=object)
    return list(cells)
