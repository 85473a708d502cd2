"""The gallery: every declared figure with the picture that the release holds of it, and the cells that it was drawn from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from panelpress.publish.site.contents import Row, text
from panelpress.publish.site.downloads import Download
from panelpress.publish.site.library import Book
from panelpress.publish.site.words import DEFAULT


@dataclass(frozen=True, slots=True)
class Shown:
    """One figure. ``picture`` is None where the release holds none; ``files`` are the same picture by format."""

    row: Row
    cells: Sequence[Row]
    picture: Download | None
    files: Sequence[tuple[str, Download]]

    @property
    def has_series(self) -> bool:
        return any(text(cell, "series_label", DEFAULT) for cell in self.cells)


def gallery(book: Book, language: str) -> list[Shown]:
    """All figures in the order of their numbers, drawn in ``language`` where that was drawn, else in the default one."""
    cells: dict[str, list[Row]] = {}
    for cell in sorted(book.contents.rows("figure_cells"), key=lambda each: (each["row"], each["series"])):
        cells.setdefault(str(cell["figure"]), []).append(cell)
    found = []
    for row in sorted(book.contents.rows("figures"), key=lambda each: int(each["number"])):
        drawn = _drawn(book, row, language) or _drawn(book, row, DEFAULT)
        found.append(Shown(row, cells.get(str(row["figure"]), []), drawn[0][1] if drawn else None, drawn))
    return found


def _drawn(book: Book, row: Row, language: str) -> list[tuple[str, Download]]:
    base = f"figures/{int(row['number']):02d}_{row['figure']}.{language}"
    return [(kind, book.file_paths[path]) for kind in ("SVG", "PNG") if (path := f"{base}.{kind.lower()}") in book.file_paths]
