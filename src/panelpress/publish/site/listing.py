"""What stands on the page of a database: survey tables with their views and crosstabs, saved queries, the other tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from panelpress.publish.site.frame import Frame
from panelpress.publish.site.library import Book
from panelpress.publish.site.titles import about

Named = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Listing:
    """Tables as Datasette gives them; views and queries as name and title, by the survey table that they read, else by ''."""

    surveys: Sequence[Any]
    catalogue: Sequence[Any]
    views: Mapping[str, Sequence[Named]]
    queries: Mapping[str, Sequence[Named]]
    example: str


def listing(book: Book, page: Frame, tables: Sequence[Any], views: Sequence[Any], queries: Sequence[Any]) -> Listing:
    """Groups what Datasette would list by name."""
    shown = [each for each in tables if not each["hidden"]]
    surveys = [each for each in shown if each["name"] in book.survey_tables]
    by_table: dict[str, list[Named]] = {}
    for view in views:
        base = view["name"].partition("__")[0]
        found = about(book, view["name"], page)
        short = found.part or found.title
        by_table.setdefault(base if base in book.survey_tables else "", []).append((view["name"], short))
    asked: dict[str, list[Named]] = {}
    for query in queries:
        saved = book.queries[query["name"]]
        asked.setdefault(saved.table, []).append((saved.name, saved.title[page.language]))
    return Listing(surveys, [each for each in shown if each not in surveys], by_table, asked, _example(book))


def _example(book: Book) -> str:
    """A first query that runs: answers by wave, else some rows."""
    for table in book.survey_tables:
        if any(field["name"] == "wave" for field in book.resources[table]["schema"]["fields"]):
            return f"SELECT wave, count(*) AS n FROM {table} GROUP BY wave"
    return "SELECT * FROM variables LIMIT 20"
