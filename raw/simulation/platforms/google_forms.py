"""Google Forms workbook: one sheet, question texts as header, answer texts in the cells; properties and zip times are fixed."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import xlsxwriter

CREATED = datetime(2022, 4, 5)
STAMP = "%Y-%m-%d %H:%M:%S"


def write(path: Path, table: dict[str, list[str]], sheet: str, title: str) -> None:
    """Write ``table``: the first column as moments, whole numbers as numbers, everything else as text."""
    with xlsxwriter.Workbook(str(path), {"in_memory": True}) as book:
        book.set_properties({"title": title, "created": CREATED})
        moments = book.add_format({"num_format": "dd.mm.yyyy hh:mm:ss"})
        page = book.add_worksheet(sheet)
        for at, (name, cells) in enumerate(table.items()):
            page.write_string(0, at, name)
            for row, cell in enumerate(cells, start=1):
                if at == 0:
                    page.write_datetime(row, at, datetime.strptime(cell, STAMP), moments)
                elif cell.isdigit():
                    page.write_number(row, at, int(cell))
                elif cell:
                    page.write_string(row, at, cell)
