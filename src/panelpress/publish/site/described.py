"""Turns the descriptors of releases into Datasette's metadata: titles, licences, what every column means.

Datasette knows nothing of the project beside this; it is computed from ``datapackage.json`` of each release, so the site and
the files say the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from panelpress.publish.site.contents import Row, text
from panelpress.publish.site.library import Book, Library


def metadata(library: Library) -> dict[str, Any]:
    """Metadata of the whole site, for ``Datasette(metadata=...)``."""
    latest = library.latest
    facts: dict[str, Any] = {"databases": {book.name: _database(book) for book in library.books}}
    if latest is not None:
        facts["title"] = latest.release.descriptor.get("title", "")
        facts["description"] = latest.release.descriptor.get("description", "")
    return facts


def _database(book: Book) -> dict[str, Any]:
    descriptor = book.release.descriptor
    licence = (descriptor.get("licenses") or [{}])[0]
    shared = {"license": licence.get("title", ""), "license_url": licence.get("path", "")}
    return {
        "title": f"{descriptor.get('title', '')} {book.version}",
        "description": descriptor.get("description", ""),
        **shared,
        "tables": {
            **{str(resource["name"]): _table(resource, shared) for resource in descriptor["resources"]},
            **{str(row["view"]): _view(row, shared) for row in book.contents.rows("views")},
        },
        "queries": {name: saved.described for name, saved in book.queries.items()},
    }


def _view(row: Row, shared: Mapping[str, str]) -> dict[str, Any]:
    return {"description": text(row, "description", "en"), **shared}


def _table(resource: Mapping[str, Any], shared: Mapping[str, str]) -> dict[str, Any]:
    fields = resource.get("schema", {}).get("fields", [])
    return {
        "title": resource.get("title", resource["name"]),
        "description": resource.get("description", ""),
        **shared,
        "columns": {str(field["name"]): _column(field) for field in fields},
    }


def _column(field: Mapping[str, Any]) -> str:
    title, description = str(field.get("title", "")), str(field.get("description", ""))
    return ": ".join(part for part in dict.fromkeys((title, description)) if part)
