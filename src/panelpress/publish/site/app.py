"""Builds the Datasette application over a library of releases, with the settings that measurements speak for.

``suggest_facets`` off makes wide tables 60 times cheaper; ``allow_csv_stream`` off because whole files are served as files. What
visitors write as SQL does not run in this process (``runners``), so four threads are enough for the pages.
"""

from __future__ import annotations

from typing import Any

from datasette.app import Datasette
from datasette.plugins import pm

from panelpress.publish.site import dressing, exports, front, harden, headers, labels, refusals, routes
from panelpress.publish.site.bounded import BoundedDatabase
from panelpress.publish.site.described import metadata
from panelpress.publish.site.library import Book, Library
from panelpress.publish.site.pages import TEMPLATES
from panelpress.publish.site.public import PublicSite
from panelpress.publish.site.runners import RUNNERS, Runners

SETTINGS: dict[str, Any] = {
    "suggest_facets": False,
    "allow_download": False,
    "allow_csv_stream": False,
    "sql_time_limit_ms": 1500,
    "facet_time_limit_ms": 2000,
    "num_sql_threads": 4,
    "max_returned_rows": 2000,
    "max_csv_mb": 20,
    "default_page_size": 20,
    "trace_debug": False,
    "template_debug": False,
    "default_cache_ttl": 86400,
}
STOCK_FAILURES = "datasette.handle_exception"
PLUGINS = (harden, labels, dressing, refusals, routes, front, headers, exports)


def register_plugins() -> None:
    """Registers the plugins of the site once per process; Datasette's plugin manager is global."""
    for plugin in PLUGINS:
        if not pm.is_registered(plugin):
            pm.register(plugin, name=plugin.__name__)
    # Datasette's own prints every local variable of a failed request: questions of visitors would stand in the log.
    if pm.get_plugin(STOCK_FAILURES) is not None:
        pm.unregister(name=STOCK_FAILURES)


def application(library: Library, settings: dict[str, Any] | None = None, processes: int = 1) -> Datasette:
    """A Datasette over every release of ``library``, each an immutable database named after it; one of ``processes`` that share
    the machine."""
    register_plugins()
    site = PublicSite(
        files=[],
        inspect_data={book.name: _inspected(book) for book in library.books},
        metadata=metadata(library),
        settings={**SETTINGS, **(settings or {})},
        template_dir=str(TEMPLATES),
    )
    site.panel_library = library
    site.panel_labels = library.labels
    site.panel_pages = {}
    site.panel_runners = Runners(max(1, RUNNERS // processes))
    for book in library.books:
        site.add_database(BoundedDatabase(site, book.database, site.panel_runners), name=book.name)
    return site


def _inspected(book: Book) -> dict[str, Any]:
    """Row counts, in the form of Datasette's inspect file: without them the first page counts every table."""
    counts = {name: {"count": rows} for name, rows in book.row_counts.items()}
    return {
        "hash": book.release.manifest["data_version"],
        "size": book.database.stat().st_size,
        "file": book.database.name,
        "tables": counts,
    }
