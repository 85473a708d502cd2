"""What a visitor may have meant by a name that SQLite does not know: the nearest names of the release, with their pages."""

from __future__ import annotations

import re
from difflib import get_close_matches

from panelpress.publish.site.library import Book

UNKNOWN = re.compile(r"no such (column|table): (?:\w+\.)?\"?(\w+)")


def meant(book: Book, error: object) -> list[tuple[str, str]]:
    """Names and addresses, the nearest first; none where the error is of another kind."""
    found = UNKNOWN.search(str(error))
    if found is None:
        return []
    kind, name = found.groups()
    if kind == "table":
        return [(each, f"/{book.name}/{each}") for each in get_close_matches(name, book.row_counts, cutoff=0.5)]
    near = get_close_matches(name, book.contents.variables, cutoff=0.5)
    return [(each, f"/codebook/{book.version}/{each}/") for each in near]
