"""A Datasette plugin: the addresses of the site's own pages.

``/`` is the newest release; ``/releases/<version>/``, ``/codebook/<version>/[<variable>/]``, ``/figures/<version>/`` and
``/files/<version>/<path>`` are for good. Without a version the newest is meant, by redirect (302, five minutes).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from datasette import NotFound, Response, hookimpl

from panelpress.publish.site import pages
from panelpress.publish.site.files import CHECKED, STATIC, FileResponse, release_file, style_address
from panelpress.publish.site.frame import Frame, in_language
from panelpress.publish.site.labels import LANGUAGE
from panelpress.publish.site.library import Book, Library

FOR_A_WHILE = {"cache-control": "public, max-age=300"}
SEARCH = (
    "SELECT codebook.variable FROM codebook_fts JOIN codebook ON codebook.rowid = codebook_fts.rowid "
    "WHERE codebook_fts MATCH :asked ORDER BY rank LIMIT 100"
)


def library_of(datasette: Any) -> Library:
    found: Library = datasette.panel_library
    return found


def _frame(library: Library, path: str, book: Book | None) -> Frame:
    return Frame(library, LANGUAGE.get(), path, book, style=style_address())


def _page(datasette: Any, kind: str, version: str, name: str = "") -> Response:
    """A page of a release, rendered once: releases do not change while the process lives."""
    library = library_of(datasette)
    book = library.by_version.get(version)
    if book is None or (kind == "variable" and name not in book.contents.variables):
        raise NotFound(name or version)
    key = (kind, version, name, LANGUAGE.get())
    kept: dict[tuple[str, ...], str] = datasette.panel_pages
    if key not in kept:
        kept[key] = _render(library, book, kind, name)
    return Response.html(kept[key], headers=FOR_A_WHILE)


def _render(library: Library, book: Book, kind: str, name: str) -> str:
    folder = {"release": "releases", "files": "files", "figures": "figures"}.get(kind, "codebook")
    last = name if kind == "variable" else "availability" if kind == "availability" else ""
    frame = _frame(library, f"/{folder}/{book.version}/" + (f"{last}/" if last else ""), book)
    if kind == "variable":
        return pages.variable_page(frame, book, name)
    made: dict[str, Callable[[Frame, Book], str]] = {
        "release": pages.release_page,
        "files": pages.files_page,
        "figures": pages.figures_page,
        "codebook": pages.codebook_page,
        "availability": pages.availability_page,
    }
    return made[kind](frame, book)


async def home(datasette: Any) -> Response:
    latest = library_of(datasette).latest
    if latest is None:
        raise NotFound("releases")
    return _page(datasette, "release", latest.version)


async def newest(datasette: Any, request: Any) -> Response:
    return _newest(datasette, f"/{request.url_vars['kind']}/{{}}/")


async def release(datasette: Any, request: Any) -> Response:
    kind = {"releases": "release", "figures": "figures"}[request.url_vars["kind"]]
    return _page(datasette, kind, request.url_vars["version"])


async def codebook(datasette: Any, request: Any) -> Response:
    version, name = request.url_vars["version"], request.url_vars["name"] or ""
    if version not in library_of(datasette).by_version:
        return _newest(datasette, f"/codebook/{{}}/{version}/")
    if name == "search":
        return await _search(datasette, version, request.args.get("q") or "")
    return _page(datasette, name if name == "availability" else "variable" if name else "codebook", version, name)


def _newest(datasette: Any, address: str) -> Response:
    """Redirects an address without a version; 404 where it names a version that is not here."""
    latest = library_of(datasette).latest
    if latest is None or re.search(r"/\d+\.\d+\.\d+", address):
        raise NotFound(address)
    return Response.redirect(in_language(address.format(latest.version), LANGUAGE.get()), headers=FOR_A_WHILE)


async def _search(datasette: Any, version: str, question: str) -> Response:
    library = library_of(datasette)
    book = library.by_version[version]
    words = re.findall(r"\w+", question)[:12]
    found = []
    if words:
        asked = " ".join(f'"{word}"*' for word in words)
        result = await datasette.get_database(book.name).execute(SEARCH, {"asked": asked})
        found = [book.contents.variables[str(row[0])] for row in result.rows]
    frame = _frame(library, f"/codebook/{version}/search/", book)
    return Response.html(pages.search_page(frame, book, question, found))


async def files(datasette: Any, request: Any) -> Response | FileResponse:
    version, path = request.url_vars["version"], request.url_vars["path"]
    if not path:
        return _page(datasette, "files", version)
    found = release_file(library_of(datasette), version, path)
    if found is None:
        raise NotFound(path)
    return FileResponse(found[0], request.headers, found[1], request.method, f"{CHECKED}/{version}/{path}")


async def style(request: Any) -> FileResponse:
    return FileResponse(STATIC / "site.css", request.headers, request.path, request.method)


async def robots() -> Response:
    return Response.text("User-agent: *\nDisallow: /*?\nDisallow: /*.json\nDisallow: /*.csv\n")


@hookimpl  # type: ignore[untyped-decorator]
def register_routes() -> list[tuple[str, Callable[..., Any]]]:
    """The addresses; Datasette's own come after them."""
    version = r"(?P<version>[^/]+)"
    return [
        (r"^/$", home),
        (r"^/(?P<kind>releases|codebook|figures|files)/?$", newest),
        (rf"^/(?P<kind>releases|figures)/{version}/?$", release),
        (rf"^/codebook/{version}/?(?P<name>[^/]+)?/?$", codebook),
        (rf"^/files/{version}/?(?P<path>.*)$", files),
        (r"^/assets/site\.[0-9a-f]*\.?css$", style),
        (r"^/robots\.txt$", robots),
    ]
