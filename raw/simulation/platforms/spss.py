"""SPSS system file through pyreadstat: Russian variable and value labels, user-missing codes, dates; the time stamp is fixed."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pyreadstat

MISSING = (97, 99)
STAMP = b"01 Oct 2212:00:00"  # "dd Mon yy" and "hh:mm:ss" at bytes 92 to 109 of the header
STAMP_AT = slice(92, 109)
USER_MISSING = {"97", "98", "99"}


def write(path: Path, table: dict[str, list[str]], columns: dict[str, dict[str, Any]], title: str) -> None:
    """Write ``table``; ``columns`` give type, label and value labels by name."""
    frame = pd.DataFrame({name: _typed(cells, columns[name]["type"]) for name, cells in table.items()})
    labels = {
        name: {float(code): label for code, label in each["values"].items()}
        for name, each in columns.items()
        if each["type"] == "integer" and each["values"]
    }
    text_labels = {name: dict(each["values"]) for name, each in columns.items() if each["type"] == "string" and each["values"]}
    missing = {
        name: [{"lo": MISSING[0], "hi": MISSING[1]}] for name, found in labels.items() if USER_MISSING & {f"{c:g}" for c in found}
    }
    pyreadstat.write_sav(
        frame,
        str(path),
        file_label=title,
        column_labels={name: each["label"] for name, each in columns.items()},
        variable_value_labels=labels | text_labels,
        missing_ranges=missing,
        row_compress=True,
    )
    content = bytearray(path.read_bytes())
    content[STAMP_AT] = STAMP
    path.write_bytes(bytes(content))


def _typed(cells: list[str], kind: str) -> list[Any]:
    if kind == "integer":
        return [float(cell) if cell else None for cell in cells]
    if kind == "date":
        return [date.fromisoformat(cell) if cell else None for cell in cells]
    if kind == "datetime":
        return [datetime.fromisoformat(cell) if cell else None for cell in cells]
    return list(cells)
