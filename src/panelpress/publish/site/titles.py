"""What tables and views are called on the screen, in the language of the page, from texts of the release."""

from __future__ import annotations

from dataclasses import dataclass

from panelpress.publish.site.contents import Row
from panelpress.publish.site.frame import Frame
from panelpress.publish.site.library import Book
from panelpress.publish.site.words import tables

SAMPLE, ALL, PERSONS = "sample_", "all_responses", "_persons"


@dataclass(frozen=True, slots=True)
class About:
    """A table or view: what it is of, which ``part`` of that (of a view: its subject or sample), and a description."""

    of: str
    part: str
    text: str

    @property
    def title(self) -> str:
        return f"{self.of}: {self.part}" if self.part else self.of


def about(book: Book, name: str, page: Frame) -> About:
    """A table of the release, or a view of it: its variables of one concept, a named sample, a series without breaks."""
    table, _, part = name.partition("__")
    of, text = _title(book, table, page), _text(book, table, page)
    view: Row = next((row for row in book.contents.rows("views") if row["view"] == name), {})
    if part.startswith(SAMPLE):
        sample: Row = next((row for row in book.contents.rows("samples") if row["sample"] == part.removeprefix(SAMPLE)), {})
        return About(of, page.t(sample, "label") or part, page.t(sample, "note") or page.t(view, "description") or text)
    if view.get("variable"):
        variable = book.contents.variables.get(str(view["variable"]), {})
        return About(of, f"{page.w['trend']}: {page.t(variable, 'label') or view['variable']}", page.t(view, "description"))
    return About(of, page.concept(part), text)


def _title(book: Book, table: str, page: Frame) -> str:
    """Survey tables are called as their study; others as the descriptor calls them."""
    study, _, kind = table.rpartition("_")
    if table in book.contents.studies:
        return page.study(table)
    if study in book.contents.studies and kind in ("responses", "persons"):
        return page.study(study) + (f": {page.w['persons']}" if kind == "persons" else "")
    if table == ALL:
        return page.w["all_responses"]
    return tables(page.language).get(table, {}).get("title") or str(book.resources.get(table, {}).get("title", table))


def _text(book: Book, table: str, page: Frame) -> str:
    known = "persons" if table.removesuffix(PERSONS) in book.contents.studies and table.endswith(PERSONS) else table
    return tables(page.language).get(known, {}).get("text") or str(book.resources.get(table, {}).get("description", ""))
