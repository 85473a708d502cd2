"""The ASGI application: ``WEB_CONCURRENCY=2 uvicorn panelpress.publish.site.asgi:app``, which is what ``panelpress serve
--workers 2`` starts.

The project is found by ``PANELPRESS_PROJECT`` (default: the current folder). ``WEB_CONCURRENCY`` says how many processes share
the machine, to uvicorn and to each of them; with ``uvicorn --workers`` instead, each would take the machine for its own. Files
are read-only and never change, so the processes share nothing else. What is served and what is refused, and why, is told on
standard error; requests are not.
"""

from __future__ import annotations

import os
import sys
from functools import cache
from pathlib import Path
from typing import Any

from panelpress.errors import PanelpressError
from panelpress.paths import places
from panelpress.publish.site.app import application
from panelpress.publish.site.open import open_library

APPLICATION = "panelpress.publish.site.asgi:app"
PROJECT_VARIABLE = "PANELPRESS_PROJECT"
PROCESSES_VARIABLE = "WEB_CONCURRENCY"  # uvicorn's own name of the number of its processes


@cache
def build() -> Any:
    """The application, once a process, over the project of the environment. Ends the process where there is nothing to serve."""
    try:
        library = open_library(places(Path(os.environ.get(PROJECT_VARIABLE, "."))))
    except PanelpressError as error:
        sys.exit(str(error))
    for each in library.refused:
        print(f"not served  release {each.version}: {each.reason}", file=sys.stderr)
    for book in library.books:
        print(f"serving  release {book.version}", file=sys.stderr)
    if not library.books and not library.tombstones:
        sys.exit("releases: hold nothing that can be served. Run `panelpress run` first.")
    return application(library, processes=int(os.environ.get(PROCESSES_VARIABLE, "1"))).app()


def __getattr__(name: str) -> Any:
    """``app`` is made when a server asks for it, so that importing this module opens nothing."""
    if name == "app":
        return build()
    raise AttributeError(name)
