"""Renders the site's own pages: releases, codebook, figures, withdrawn releases. Pure: a library in, HTML out.

The server and the static export call the same functions, so both show the same. No page asks a database; each is rendered
once and remembered.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import ChainableUndefined, Environment, FileSystemLoader
from markupsafe import Markup

from panelpress.publish.codebook.words import words as codebook_words
from panelpress.publish.site.charts import chart, pictures
from panelpress.publish.site.citation import cite
from panelpress.publish.site.contents import Row
from panelpress.publish.site.downloads import by_format
from panelpress.publish.site.frame import Frame
from panelpress.publish.site.library import Book, Tombstone
from panelpress.publish.site.snippets import snippets

TEMPLATES = Path(__file__).with_name("templates")
MOST_CHANGES = 200


@cache
def environment() -> Environment:
    """Templates of the site's own pages; Datasette loads the same folder for its pages. What an old release does not know
    yet stays empty: its pages must live as long as its address."""
    return Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=ChainableUndefined
    )


def render(template: str, page: Frame, **facts: Any) -> str:
    return environment().get_template(template).render(page=page, c=codebook_words(page.language), **facts)


def release_page(page: Frame, book: Book) -> str:
    """The landing page: the release ``book`` in full, and the list of all."""
    descriptor = book.release.descriptor
    year = book.released[:4]
    return render(
        "release.html",
        page,
        book=book,
        formats=by_format(book.files, book.survey_tables),
        cited=cite(descriptor, year, book.version, f"/releases/{book.version}/"),
        concept=cite(descriptor, year, None, "/"),
        changes=_counted(book.contents.rows("changes")),
        protection=[each for each in (book.release.manifest.get("disclosure") or {}).values() if isinstance(each, Mapping)],
        structured=Markup(book.structured_data),  # JSON made by us with < escaped
    )


def _counted(changes: Sequence[Row]) -> Sequence[Mapping[str, Any]]:
    """Changes without their cells: kind, weight, variable, wave and how many, the heaviest first."""
    counted: dict[tuple[str, ...], dict[str, Any]] = {}
    for row in changes:
        key = tuple(str(row.get(name) or "") for name in ("weight", "kind", "variable", "wave"))
        found = counted.setdefault(
            key, {**dict(zip(("weight", "kind", "variable", "wave"), key, strict=True)), "n": 0, "row": row}
        )
        found["n"] += int(row.get("n") or 1)
    order = {"major": 0, "minor": 1, "patch": 2}
    return sorted(counted.values(), key=lambda each: order.get(each["weight"], 3))[:MOST_CHANGES]


def files_page(page: Frame, book: Book) -> str:
    """Every file of the release with size and hash."""
    return render("files.html", page, book=book)


def codebook_page(page: Frame, book: Book) -> str:
    """Variables by concept."""
    return render("codebook.html", page, book=book)


def availability_page(page: Frame, book: Book) -> str:
    """Variable by wave."""
    found = {(str(row["variable"]), str(row["wave"])): row for row in book.contents.rows("availability")}
    return render("availability.html", page, book=book, status=found)


def variable_page(page: Frame, book: Book, variable: str) -> str:
    """One variable. Raises KeyError for a name that the release does not have."""
    row = book.contents.variables[variable]
    of = book.contents.of_variable
    tables = book.data_tables_of.get(variable, ())
    crosswalk: dict[str, list[Row]] = {}
    for rule in of("crosswalk", variable):
        crosswalk.setdefault(str(rule["wave"]), []).append(rule)
    return render(
        "variable.html",
        page,
        book=book,
        row=row,
        answers=of("value_labels", variable),
        reasons={str(each["reason"]): each for each in book.contents.rows("missing_reasons")},
        waves=of("availability", variable),
        distributions=pictures(of("distributions", variable), page),
        history=_history(of("variable_history", variable)),
        crosswalk=crosswalk,
        tables=tables,
        snippets=snippets(book, tables[0], variable) if tables else (),
    )


def _history(rows: Sequence[Row]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Status by wave, release by release."""
    found: dict[str, list[tuple[str, str]]] = {}
    for row in rows:
        found.setdefault(str(row["release"]), []).append((str(row["wave"]), str(row["status"])))
    return list(found.items())


def search_page(page: Frame, book: Book, question: str, found: Sequence[Row]) -> str:
    """Results of a search over the codebook."""
    return render("search.html", page, book=book, question=question, found=found)


def figures_page(page: Frame, book: Book) -> str:
    """Declared figures, drawn from their cells, printed values marked."""
    cells: dict[str, list[Row]] = {}
    for cell in book.contents.rows("figure_cells"):
        cells.setdefault(str(cell["figure"]), []).append(cell)
    figures = sorted(book.contents.rows("figures"), key=lambda row: int(row["number"]))
    drawn = [(row, chart(cells.get(str(row["figure"]), []), page, page.t(row, "title"))) for row in figures]
    return render("figures.html", page, book=book, figures=drawn, cells=cells)


def gone_page(page: Frame, tombstone: Tombstone) -> str:
    """410: why a release is not offered any more."""
    return render("gone.html", page, tombstone=tombstone)


def message_page(page: Frame, heading: str, said: str) -> str:
    """One sentence, as for an address that is not there."""
    return render("message.html", page, heading=heading, said=said)
