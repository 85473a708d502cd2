"""Opens the library of a project: its releases, each held against its manifest, its withdrawn ones, its title and contact."""

from __future__ import annotations

from functools import partial

from panelpress.paths import Places
from panelpress.publish.site.library import Library, read_library
from panelpress.publish.site.shelf import read_shelf
from panelpress.publish.site.tombstones import tombstones
from panelpress.publish.versions import ledger
from panelpress.schemas.project import load_project


def open_library(places: Places) -> Library:
    """The library, with the releases that are refused. Raises DeclarationError where ``panelpress.yaml`` is wrong and
    ReleaseRefused where the ledger does not verify. A folder of releases without a project is served too: it takes its title
    from the newest release. Where there is a ledger, only releases that it knows are served."""
    entries = ledger.read(places)
    shelf = read_shelf(places.releases, partial(_published, entries) if entries else None)
    project = load_project(places) if places.project_file.is_file() else None
    return read_library(shelf, places.site_cache, tombstones(places, entries), project)


def _published(entries: tuple[ledger.Entry, ...], version: str, sums: str) -> bool:
    """A release that was built again counts as published: its DuckDB file and manifest alone may differ. The ledger does
    not know these two; its own ``SHA256SUMS`` alone vouches for them."""
    return ledger.published_as(entries, version, sums) is not None
