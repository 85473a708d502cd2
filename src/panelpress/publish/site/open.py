"""Opens the library of a project: its releases, each held against its manifest, its withdrawn ones, its title and contact."""

from __future__ import annotations

from panelpress.paths import Places
from panelpress.publish.site.library import Library, read_library
from panelpress.publish.site.shelf import Refused, read_shelf
from panelpress.publish.site.tombstones import tombstones
from panelpress.schemas.project import load_project


def open_library(places: Places) -> tuple[Library, tuple[Refused, ...]]:
    """The library and the releases that are refused. Raises DeclarationError where ``panelpress.yaml`` is wrong and
    ReleaseRefused where the ledger does not verify. A folder of releases without a project is served too: it takes its title
    from the newest release."""
    shelf = read_shelf(places.releases)
    title, contact = None, ""
    if places.project_file.is_file():
        project = load_project(places)
        title = dict(project.title.by_language)
        contact = project.contact or ""
    return read_library(shelf, places.site_cache, tombstones(places), title, contact), shelf.refused
