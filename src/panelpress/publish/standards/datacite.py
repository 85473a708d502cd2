"""``metadata/datacite.json``: DataCite Metadata Schema 4.5, what a DOI registration asks for. Whoever registers adds the DOI."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb

from panelpress.model.project import Contributor
from panelpress.model.release import Edition
from panelpress.publish.standards.facts import DATA_KINDS, creators, describe, files_of, period, publisher, title, write_json

FILE = "metadata/datacite.json"
SCHEMA = "http://datacite.org/schema/kernel-4"


def write(edition: Edition, rows: duckdb.DuckDBPyConnection, folder: Path) -> tuple[Path, ...]:
    """Write ``metadata/datacite.json``."""
    return (write_json(folder / FILE, datacite(edition, folder)),)


def datacite(edition: Edition, folder: Path) -> dict[str, Any]:
    """The metadata as plain data."""
    project = edition.project
    first, *others = project.languages
    said = "Panel survey, simulated" if edition.simulated else "Panel survey"
    content: dict[str, Any] = {
        "types": {"resourceTypeGeneral": "Dataset", "resourceType": said},
        "creators": [_person(each) for each in creators(edition)],
        "titles": [
            {"title": title(edition, first), "lang": first},
            *({"title": title(edition, each), "lang": each, "titleType": "TranslatedTitle"} for each in others),
        ],
        "publisher": {"name": publisher(edition)},
        "publicationYear": edition.released[:4],
        "subjects": [{"subject": each} for each in project.keywords],
        "dates": [{"date": edition.released, "dateType": "Issued"}],
        "language": first,
        "version": edition.version,
        "rightsList": [
            {
                "rights": project.licence.title,
                "rightsUri": project.licence.path,
                "rightsIdentifier": project.licence.name,
                "rightsIdentifierScheme": "SPDX",
            }
        ],
        "descriptions": [
            {"description": describe(edition, each), "descriptionType": "Abstract", "lang": each} for each in project.languages
        ],
        "formats": sorted({file.kind for file in files_of(edition, folder, DATA_KINDS)}),
        "schemaVersion": SCHEMA,
    }
    collected = period(edition)
    if collected:
        content["dates"].append({"date": "/".join(collected), "dateType": "Collected"})
    if project.homepage:
        content["url"] = project.homepage
    return content


def _person(each: Contributor) -> dict[str, Any]:
    """A person where there is an ORCID, else a body: a name alone does not say which."""
    said: dict[str, Any] = {"name": each.title, "nameType": "Personal" if each.orcid else "Organizational"}
    if each.orcid:
        identifier = {"nameIdentifier": each.orcid, "nameIdentifierScheme": "ORCID", "schemeUri": "https://orcid.org"}
        said["nameIdentifiers"] = [identifier]
    if each.organization:
        said["affiliation"] = [{"name": each.organization}]
    return said
