"""Writes the landing pages, codebook and figures of every release as plain HTML, for a file server or CDN.

The same functions as the server's make the pages; only what needs SQL is left out. Folders hold ``index.html``, so any file
server finds an address. Files of releases are linked, not copied: ``/files/<version>/`` is the release folder itself. Where
releases were withdrawn, ``withdrawn.conf`` has the rules by which nginx answers 410 (see ``publish/deploy/static.conf``).
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from panelpress.errors import UsageError
from panelpress.publish.site import pages
from panelpress.publish.site.files import STATIC, style_address
from panelpress.publish.site.frame import Frame, in_language
from panelpress.publish.site.front import VERSIONED
from panelpress.publish.site.library import Book, Library, Tombstone
from panelpress.publish.site.shelf import database_name
from panelpress.publish.site.words import DEFAULT, languages

GONE_RULES = "withdrawn.conf"


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written: pages and bytes."""

    folder: Path
    pages: int
    bytes: int


def export(library: Library, folder: Path) -> Exported:
    """Writes the static copy into ``folder``. Raises UsageError where ``folder`` holds something already."""
    if folder.exists() and any(folder.iterdir()):
        raise UsageError(folder.name, "is not empty.", "Name a new folder: nothing is overwritten.")
    count = size = 0
    for address, page in _pages(library):
        target = folder / address.strip("/") / "index.html"
        target.parent.mkdir(parents=True, exist_ok=True)
        content = page.encode()
        target.write_bytes(content)
        count, size = count + 1, size + len(content)
    style = folder / style_address().strip("/")
    style.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(STATIC / "site.css", style)
    if library.tombstones:
        (folder / GONE_RULES).write_text("".join(map(_gone_rules, library.tombstones)), encoding="utf-8")
    return Exported(folder, count, size)


def _gone_rules(tombstone: Tombstone) -> str:
    """Directives of nginx by which every address of a withdrawn release answers 410 with the page that says why."""
    page = f"/releases/{tombstone.version}/index.html"
    name = f"/{database_name(tombstone.version)}"
    folders = [f"/{folder}/{tombstone.version}/" for folder in VERSIONED]
    places = [
        f"{kind} {prefix}{path}"
        for prefix in ("", *(f"/{language}" for language in languages() if language != DEFAULT))
        for kind, path in [*(("^~", folder) for folder in folders), ("^~", f"{name}/"), ("^~", f"{name}."), ("=", name)]
    ]
    return f"location = {page} {{ internal; }}\n" + "".join(
        f"location {place} {{ error_page 410 {page}; return 410; }}\n" for place in places
    )


def _pages(library: Library) -> Iterator[tuple[str, str]]:
    for language in library.languages:
        frame = partial(Frame, library, language, live=False, style=style_address())
        if library.latest is not None:
            start = frame(f"/releases/{library.latest.version}/", library.latest)
            yield in_language("/", language), pages.release_page(start, library.latest)
        for book in library.books:
            for path, render in _of_release(book):
                yield in_language(path, language), render(frame(path, book), book)
        for tombstone in library.tombstones:
            path = f"/releases/{tombstone.version}/"
            yield in_language(path, language), pages.gone_page(frame(path), tombstone)


def _of_release(book: Book) -> Iterator[tuple[str, Callable[[Frame, Book], str]]]:
    version = book.version
    yield f"/releases/{version}/", pages.release_page
    yield f"/files/{version}/", pages.files_page
    yield f"/figures/{version}/", pages.figures_page
    yield f"/codebook/{version}/", pages.codebook_page
    yield f"/codebook/{version}/availability/", pages.availability_page
    for variable in book.contents.variables:
        yield f"/codebook/{version}/{variable}/", partial(pages.variable_page, variable=variable)
