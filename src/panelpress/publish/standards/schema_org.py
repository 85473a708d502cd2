"""``metadata/schema-org.jsonld``: schema.org Dataset, which search engines for data read from a landing page."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb

from panelpress.model.project import Contributor
from panelpress.model.release import Edition
from panelpress.publish.standards.facts import (
    DATA_KINDS,
    creators,
    describe,
    files_of,
    media_type,
    period,
    publisher,
    title,
    write_json,
)

FILE = "metadata/schema-org.jsonld"


def write(edition: Edition, rows: duckdb.DuckDBPyConnection, folder: Path) -> tuple[Path, ...]:
    """Write ``metadata/schema-org.jsonld``."""
    return (write_json(folder / FILE, dataset(edition, folder)),)


def dataset(edition: Edition, folder: Path, base: str = "../") -> dict[str, Any]:
    """The Dataset as plain data. ``base`` is where the release's files are, as seen from the page that carries it."""
    project = edition.project
    content: dict[str, Any] = {
        "@context": {"@vocab": "https://schema.org/"},
        "@type": "Dataset",
        "name": title(edition),
        "alternateName": [title(edition, each) for each in project.languages[1:]] or project.id,
        "description": describe(edition),
        "version": edition.version,
        "datePublished": edition.released,
        "license": project.licence.path,
        "isAccessibleForFree": True,
        "inLanguage": list(project.languages),
        "keywords": list(project.keywords),
        "creator": [_person(each) for each in creators(edition)],
        "publisher": {"@type": "Organization", "name": publisher(edition)},
        "variableMeasured": [
            {"@type": "PropertyValue", "name": each.id, "description": each.label.in_language("en")} for each in edition.variables
        ],
        "distribution": [
            {
                "@type": "DataDownload",
                "name": file.path,
                "contentUrl": base + file.path,
                "encodingFormat": media_type(file),
                **({"contentSize": f"{file.bytes} B", "sha256": file.sha256} if file.repeats else {}),
            }
            for file in files_of(edition, folder, DATA_KINDS)
        ],
    }
    collected = period(edition)
    if collected:
        content["temporalCoverage"] = "/".join(collected)
    if project.homepage:
        content["url"] = project.homepage
    return content


def _person(each: Contributor) -> dict[str, Any]:
    if not each.orcid:
        return {"@type": "Organization", "name": each.title}
    said: dict[str, Any] = {"@type": "Person", "name": each.title, "@id": f"https://orcid.org/{each.orcid}"}
    if each.organization:
        said["affiliation"] = {"@type": "Organization", "name": each.organization}
    return said
