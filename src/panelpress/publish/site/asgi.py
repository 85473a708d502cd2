"""The ASGI application for servers with several workers: ``uvicorn panelpress.publish.site.asgi:app --workers 2``.

The project is found by ``PANELPRESS_PROJECT`` (default: the current folder). Files are read-only and never change, so workers
share nothing. Refused releases are named on standard error and the others served.
"""

from __future__ import annotations

import logging
import os
from pathlib import Path
from typing import Any

from panelpress.paths import places
from panelpress.publish.site.app import application
from panelpress.publish.site.open import open_library

PROJECT_VARIABLE = "PANELPRESS_PROJECT"
LOGGER = logging.getLogger(__name__)


def build() -> Any:
    """The application over the project of the environment."""
    library, refused = open_library(places(Path(os.environ.get(PROJECT_VARIABLE, "."))))
    for each in refused:
        LOGGER.warning("release %s is not served: %s", each.version, each.reason)
    return application(library).app()


def __getattr__(name: str) -> Any:
    """``app`` is made when a server asks for it, so that importing this module opens nothing."""
    if name == "app":
        return build()
    raise AttributeError(name)
