"""Code lists that are too long for a variable's own file: CSV files in ``build/codelists`` with code, label_<language>, group.

A code list is complete by the standard it comes from (say, all countries of ISO 3166), never the codes that happened to occur.
"""

from __future__ import annotations

import csv
from pathlib import Path

from panelpress.errors import DeclarationError
from panelpress.model.text import LocalText
from panelpress.model.variable import Category, Code


def read_codelist(path: Path, file: str) -> tuple[Category, ...]:
    """All categories of one list in file order. Codes are whole numbers if every one of them is. Raises DeclarationError."""
    if not path.is_file():
        raise DeclarationError(file, "is missing.", "Write the code list: columns code, label_en, ...")
    with path.open(encoding="utf-8-sig", newline="") as stream:
        reader = csv.DictReader(stream)
        header = reader.fieldnames or []
        labels = [name for name in header if name.startswith("label_")]
        if "code" not in header or not labels:
            raise DeclarationError(f"{file}:1", "lacks the columns code and label_<language>.", "Add them to the header.")
        rows = list(reader)
    whole = all(_is_whole(row["code"]) for row in rows)
    seen: set[str] = set()
    categories = []
    for line, row in enumerate(rows, start=2):
        if not row["code"] or row["code"] in seen:
            raise DeclarationError(f"{file}:{line}", "the code is blank or stands twice.", "Give each row a code of its own.")
        seen.add(row["code"])
        code: Code = int(row["code"]) if whole else row["code"]
        label = LocalText({name.removeprefix("label_"): row[name] for name in labels if row[name]})
        categories.append(Category(code, label, row.get("group") or None))
    return tuple(categories)


def _is_whole(text: str) -> bool:
    return text.lstrip("-").isdigit() and str(int(text)) == text
