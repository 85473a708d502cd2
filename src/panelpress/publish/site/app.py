"""Builds the Datasette application over a shelf of releases, with the settings that measurements speak for.

``suggest_facets`` off makes wide tables 60 times cheaper; ``allow_csv_stream`` off because whole files are served as files;
``num_sql_threads`` 8 keeps a light page fast while others run long queries.
"""

from __future__ import annotations

from typing import Any

from datasette.app import Datasette
from datasette.database import Database
from datasette.plugins import pm

from panelpress.publish.site import harden, headers
from panelpress.publish.site.described import metadata
from panelpress.publish.site.shelf import Shelf

SETTINGS: dict[str, Any] = {
    "suggest_facets": False,
    "allow_download": False,
    "allow_csv_stream": False,
    "sql_time_limit_ms": 1500,
    "facet_time_limit_ms": 2000,
    "num_sql_threads": 8,
    "max_returned_rows": 2000,
    "max_csv_mb": 20,
    "default_page_size": 20,
    "trace_debug": False,
    "template_debug": False,
    "default_cache_ttl": 86400,
}
PLUGINS = (harden, headers)


def register_plugins() -> None:
    """Registers the plugins of the site once per process; Datasette's plugin manager is global."""
    for plugin in PLUGINS:
        if not pm.is_registered(plugin):
            pm.register(plugin, name=plugin.__name__)


def application(shelf: Shelf, settings: dict[str, Any] | None = None) -> Datasette:
    """A Datasette over every release of ``shelf``, each an immutable database named ``v<version>``."""
    register_plugins()
    site = Datasette(
        files=[],
        inspect_data=_inspected(shelf),
        metadata=metadata(shelf),
        settings={**SETTINGS, **(settings or {})},
    )
    for release in shelf.releases:
        database = Database(site, path=str(release.database), is_mutable=False)
        site.add_database(database, name=release.name)
    return site


def _inspected(shelf: Shelf) -> dict[str, Any]:
    """Row counts from the manifests, in the form of Datasette's inspect file: without them the first page counts every table."""
    found = {}
    for release in shelf.releases:
        counts = {str(table["name"]): {"count": table["rows"]} for table in release.manifest["tables"]}
        size = release.database.stat().st_size
        found[release.name] = {
            "hash": release.manifest["data_version"],
            "size": size,
            "file": release.database.name,
            "tables": counts,
        }
    return found
