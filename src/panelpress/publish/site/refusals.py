"""A Datasette plugin: what a visitor reads when something is not there or goes wrong. Never a stack trace, never a path."""

from __future__ import annotations

import logging
from typing import Any

from datasette import Forbidden, NotFound, Response, hookimpl
from datasette.utils.asgi import Base400

from panelpress.publish.site import pages
from panelpress.publish.site.files import style_address
from panelpress.publish.site.frame import Frame
from panelpress.publish.site.labels import LANGUAGE
from panelpress.publish.site.runners import Busy
from panelpress.publish.site.words import words

SORTED_BY_NOTHING = "Cannot sort table by"
LOGGER = logging.getLogger(__name__)


@hookimpl(tryfirst=True)  # type: ignore[untyped-decorator]
def handle_exception(datasette: Any, request: Any, exception: Exception) -> Response:
    """A page in the frame of the site, or JSON where JSON was asked for."""
    status, said = _read(exception)
    if status >= 500:
        LOGGER.error("a page failed: %s", type(exception).__name__)  # the kind alone: a query in a log tells who was looked for
    headers = {"retry-after": "5"} if status == 503 else {}
    path = request.path if request else "/"
    if path.split("?")[0].endswith(".json"):
        return Response.json({"ok": False, "error": said, "status": status}, status=status, headers=headers)
    library = datasette.panel_library
    name = path.strip("/").split("/")[0].split(".")[0]
    frame = Frame(library, LANGUAGE.get(), path, library.by_name.get(name), style=style_address())
    lost = status == 404
    heading = frame.w["not_found"] if lost else frame.w["error"]
    page = pages.message_page(frame, heading, frame.w["not_found_text"] if lost else said, lost)
    return Response.html(page, status=status, headers=headers)


def _read(exception: Exception) -> tuple[int, str]:
    """HTTP status and a sentence."""
    if isinstance(exception, NotFound):
        return 404, str(exception) or "Not found"
    if isinstance(exception, Forbidden):
        return 403, str(exception) or "Forbidden"
    if isinstance(exception, Base400):
        return exception.status, str(exception)
    if str(exception).startswith(SORTED_BY_NOTHING):  # Datasette calls it a failure of the server
        return 400, str(exception)
    if isinstance(exception, Busy):
        return 503, words(LANGUAGE.get())["busy"]
    if getattr(exception, "message_is_html", False):  # Datasette's only page of its own: the time is over
        return 400, words(LANGUAGE.get())["too_slow"]
    status = int(getattr(exception, "status", 500))
    return status, str(getattr(exception, "message", "")) if status < 500 else "The server could not answer."
