"""A Datasette plugin before everything else: language of the address, ``latest``, withdrawn releases, closed doors.

``/<language>/...`` is the page without it, in that language. ``/latest/...`` redirects (302) to the newest release and keeps
path and query. Addresses of a withdrawn release answer 410 with the reason, whatever they asked. Of Datasette's ``/-/``
pages only those without facts about the machine stay open.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from datasette import Response, hookimpl

from panelpress.publish.site import asked, pages, prepared
from panelpress.publish.site.files import style_address
from panelpress.publish.site.frame import Frame
from panelpress.publish.site.labels import LANGUAGE
from panelpress.publish.site.library import Library, Tombstone
from panelpress.publish.site.shelf import database_name
from panelpress.publish.site.words import DEFAULT, languages

Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[dict[str, Any], Receive, Send], Awaitable[None]]
OPEN_DOORS = ("/-/static/", "/-/versions.json")
VERSIONED = ("releases", "codebook", "figures", "files")


@hookimpl  # type: ignore[untyped-decorator]
def asgi_wrapper(datasette: Any) -> Callable[[App], App]:
    """Wraps the application."""

    def wrap(app: App) -> App:
        async def front(scope: dict[str, Any], receive: Receive, send: Send) -> None:
            if scope["type"] != "http":
                await app(scope, receive, send)
                return
            language, path = split_language(scope["path"])
            query = scope.get("query_string", b"").decode("latin-1")
            LANGUAGE.set(language)
            asked.ASKED.set(asked.read(path, query))
            answer = _answer(datasette.panel_library, path, query, language)
            if answer is not None:
                await answer.asgi_send(send)
            elif language == DEFAULT:
                await app(scope, receive, send)
            else:
                await app(_without_language(scope, path, language), receive, _redirecting(send, language))

        return front

    return wrap


def split_language(path: str) -> tuple[str, str]:
    """Language and the path without it."""
    first, _, rest = path.lstrip("/").partition("/")
    if first in languages() and first != DEFAULT:
        return first, "/" + rest
    return DEFAULT, path


def _answer(library: Library, path: str, query: str, language: str) -> Response | None:
    """What needs no page of Datasette; None where it does."""
    if path.startswith("/-/") and not path.startswith(OPEN_DOORS):
        return Response.text("Not found", status=404)
    steps = path.strip("/").split("/")
    prefix = "" if language == DEFAULT else f"/{language}"
    latest = library.latest
    if latest is not None and (steps[0] == "latest" or steps[0].startswith("latest.")):
        return _to(f"{prefix}/{latest.name}{path[len('/latest') :]}", query)
    if latest is not None and len(steps) > 1 and steps[0] in VERSIONED and steps[1] == "latest":
        rest = path.split("/latest", 1)[1]
        return _to(f"{prefix}/{steps[0]}/{latest.version}{rest}", query)
    tombstone = _withdrawn(library, steps)
    if tombstone is not None:
        frame = Frame(library, language, path, None, style=style_address())
        return Response.html(pages.gone_page(frame, tombstone), status=410)
    refused = asked.too_much(path, query)
    if refused is not None:
        frame = Frame(library, language, path, library.by_name.get(steps[0]), style=style_address())
        said = frame.w[refused].format(rows=asked.PAGE_ROWS, facets=asked.MOST_FACETS)
        return Response.html(pages.message_page(frame, frame.w["error"], said), status=400)
    return prepared.distribution(library, steps, query)


def _to(address: str, query: str) -> Response:
    return Response.redirect(address + (f"?{query}" if query else ""), headers={"cache-control": "public, max-age=300"})


def _withdrawn(library: Library, steps: list[str]) -> Tombstone | None:
    for each in library.tombstones:
        if steps[0].split(".")[0] == database_name(each.version):
            return each
        if len(steps) > 1 and steps[0] in VERSIONED and steps[1] == each.version:
            return each
    return None


def _without_language(scope: dict[str, Any], path: str, language: str) -> dict[str, Any]:
    raw = scope.get("raw_path")
    changed = {**scope, "path": path}
    if raw is not None:
        changed["raw_path"] = raw[len(language) + 1 :] or b"/"
    return changed


def _redirecting(send: Send, language: str) -> Send:
    """Redirects of Datasette stay in the language."""

    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start" and 300 <= message["status"] < 400:
            message = {**message, "headers": [_in_language(name, value, language) for name, value in message["headers"]]}
        await send(message)

    return sent


def _in_language(name: bytes, value: bytes, language: str) -> tuple[bytes, bytes]:
    prefix = f"/{language}/".encode()
    own = name.lower() == b"location" and value.startswith(b"/") and not value.startswith((prefix, b"//"))
    return name, prefix[:-1] + value if own else value
