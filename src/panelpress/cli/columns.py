"""Aligned columns of text that fit the terminal: long cells are cut in the middle, because questions of one battery differ at
their ends. Where nobody looks (a pipe, a file), lines may be longer.
"""

from __future__ import annotations

from collections.abc import Sequence

from panelpress.cli.console import out
from panelpress.raw.shorten import shortened

GAP = "  "
WIDE = 160
WIDEST, NARROWEST = 60, 12


def aligned(title: str, rows: Sequence[tuple[str, ...]]) -> None:
    """Print ``rows``, the first of which is the header, under ``title``; columns without any cell are left out."""
    filled = [i for i in range(len(rows[0])) if any(row[i] for row in rows[1:])]
    cells = [[row[i] for i in filled] for row in rows]
    widths = fitted([max(len(row[i]) for row in cells) for i in range(len(filled))], out.width if out.is_terminal else WIDE)
    out.print(f"\n{title}", markup=False)
    for row in cells:
        short = (shortened(cell, width).ljust(width) for cell, width in zip(row, widths, strict=True))
        out.print(GAP.join(short).rstrip(), markup=False)


def fitted(widths: Sequence[int], room: int) -> list[int]:
    """Widths of columns that together take no more than ``room``: the widest give way first, none below NARROWEST."""
    found = [min(width, WIDEST) for width in widths]
    over = sum(found) + len(GAP) * (len(found) - 1) - room
    while over > 0 and found and max(found) > NARROWEST:
        found[found.index(max(found))] -= 1
        over -= 1
    return found
