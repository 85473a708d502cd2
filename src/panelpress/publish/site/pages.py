"""Renders the site's own pages: releases, codebook, figures, withdrawn releases. Pure: a library in, HTML out.

The server and the static export call the same functions, so both show the same. No page asks a database; each is rendered
once and remembered.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache, partial
from pathlib import Path
from typing import Any

from jinja2 import ChainableUndefined, Environment, FileSystemLoader
from markupsafe import Markup

from panelpress.model.version import parse_version
from panelpress.publish.codebook.words import words as codebook_words
from panelpress.publish.protection.protection_facts import study_protections
from panelpress.publish.site.changes import counted
from panelpress.publish.site.charts import pictures
from panelpress.publish.site.citation import cite
from panelpress.publish.site.contents import Row
from panelpress.publish.site.downloads import Download, by_format
from panelpress.publish.site.figures import gallery
from panelpress.publish.site.frame import Frame
from panelpress.publish.site.frequencies import frequencies
from panelpress.publish.site.library import Book, Tombstone
from panelpress.publish.site.snippets import snippets
from panelpress.publish.site.titles import about

TEMPLATES = Path(__file__).with_name("templates")


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
    descriptor, home = book.release.descriptor, page.library.homepage
    year = book.released[:4]
    return render(
        "release.html",
        page,
        book=book,
        formats=[
            (title, [(each, _holding(each, book, page)) for each in files])
            for title, files in by_format(book.files, book.survey_tables)
        ],
        cited=cite(
            descriptor,
            year,
            book.version,
            f"{home}/releases/{book.version}/" if home else "",
            str(book.release.manifest["data_version"]),
        ),
        concept=cite(descriptor, year, None, f"{home}/" if home else ""),
        changes=counted(book.contents.rows("changes"), page.language),
        protection=study_protections(book.release.manifest.get("disclosure") or {}),
        structured=Markup(book.structured_data),  # JSON made by us with < escaped
    )


def _holding(each: Download, book: Book, page: Frame) -> str:
    """What a file of data holds, in words."""
    if each.kind in ("sqlite", "duckdb"):
        return page.w["holds_everything"]
    return page.w["holds_codebook"] if each.kind == "xlsx" else about(book, each.name.split(".")[0], page).title


def files_page(page: Frame, book: Book) -> str:
    """Every file of the release with size and hash."""
    return render("files.html", page, book=book)


def codebook_page(page: Frame, book: Book) -> str:
    """Variables by concept."""
    return render("codebook.html", page, book=book)


def availability_page(page: Frame, book: Book) -> str:
    """Variable by wave."""
    found = {(str(row["variable"]), str(row["wave"])): row for row in book.contents.rows("availability")}
    studies = [(page.study(study), waves) for study, waves in book.contents.studies.items()]
    return render("availability.html", page, book=book, status=found, studies=studies)


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
        frequencies=frequencies(of("value_labels", variable), of("distributions", variable), list(book.contents.waves)),
        waves=of("availability", variable),
        distributions=pictures(of("distributions", variable), page),
        history=_history(of("variable_history", variable)),
        crosswalk=crosswalk,
        tables=tables,
        snippets=snippets(tables[0], variable) if tables else (),
        about=partial(about, book, page=page),
    )


def _history(rows: Sequence[Row]) -> Mapping[str, Any]:
    """Status by release and wave, and the waves in the order in which they came."""
    releases: dict[str, dict[str, str]] = {}
    for row in sorted(rows, key=lambda each: parse_version(str(each["release"]))):
        releases.setdefault(str(row["release"]), {})[str(row["wave"])] = str(row["status"])
    waves = dict.fromkeys(wave for statuses in releases.values() for wave in statuses)
    return {"releases": releases, "waves": list(waves)} if releases else {}


def search_page(page: Frame, book: Book, question: str, found: Sequence[Row]) -> str:
    """Results of a search over the codebook."""
    return render("search.html", page, book=book, question=question, found=found)


def figures_page(page: Frame, book: Book) -> str:
    """Declared figures as the release draws them, with their numbers and the printed ones."""
    return render("figures.html", page, book=book, figures=gallery(book, page.language))


def gone_page(page: Frame, tombstone: Tombstone) -> str:
    """410: why a release is not offered any more."""
    return render("gone.html", page, tombstone=tombstone)


def message_page(page: Frame, heading: str, said: str, lost: bool = False) -> str:
    """One sentence; with ways on for a visitor who is ``lost``, as at an address that is not there."""
    return render("message.html", page, heading=heading, said=said, lost=lost)
