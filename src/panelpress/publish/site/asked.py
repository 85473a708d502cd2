"""What one request may cost: how long its SQL may take in all, how much it may show, and whether a visitor wrote SQL.

Kept for the length of the request, beside its language. A page is rendered while nobody else is served, so what a page may show
is less than what ``.json`` and ``.csv`` give.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from urllib.parse import parse_qs

PAGE_ROWS = 100  # rows of a table on one page
PAGE_CELLS = 8_000  # cells of the result of a query on one page: a quarter of a second
MOST_FACETS = 8
WRITTEN = ("sql", "_where")  # parameters that hold SQL
VISITOR_SECONDS = 1.2  # SQL that a visitor wrote, in one request
OWN_SECONDS = 3.0  # SQL of ours, in one request: a table and its counts by up to eight columns


@dataclass(slots=True)
class Asked:
    """One request. ``spent``: seconds of SQL up to now."""

    page: bool
    visitor_sql: bool
    spent: float = 0.0

    @property
    def left(self) -> float:
        """Seconds of SQL that are left."""
        return max(0.0, (VISITOR_SECONDS if self.visitor_sql else OWN_SECONDS) - self.spent)

    @property
    def cells(self) -> int | None:
        return PAGE_CELLS if self.page else None


ASKED: ContextVar[Asked | None] = ContextVar("asked", default=None)


def read(path: str, query: str) -> Asked:
    """``path`` and ``query`` of an address, as a request starts."""
    return Asked(page=_is_page(path), visitor_sql=any(name in _parameters(query) for name in WRITTEN))


def too_much(path: str, query: str) -> str | None:
    """Why a page would show too much, as the key of a sentence; None where it does not."""
    given = _parameters(query)
    if sum(len(values) for name, values in given.items() if name.startswith("_facet") and name != "_facet_size") > MOST_FACETS:
        return "too_many_facets"
    sizes = [*given.get("_size", ()), *given.get("_facet_size", ())]
    return "page_too_long" if _is_page(path) and any(_long(size) for size in sizes) else None


def _long(size: str) -> bool:
    return size == "max" or (size.isdecimal() and int(size) > PAGE_ROWS)


def _is_page(path: str) -> bool:
    return "." not in path.rstrip("/").rsplit("/", 1)[-1]


def _parameters(query: str) -> Mapping[str, list[str]]:
    return parse_qs(query, keep_blank_values=True)
