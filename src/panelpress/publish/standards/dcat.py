"""``metadata/dcat.jsonld``: DCAT 3 (W3C), what open-data portals harvest."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb

from panelpress.model.release import Edition, PublishedFile
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

FILE = "metadata/dcat.jsonld"
CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "spdx": "http://spdx.org/rdf/terms#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
IANA = "https://www.iana.org/assignments/media-types/"
SHA256 = "http://spdx.org/rdf/terms#checksumAlgorithm_sha256"
# Days, months and years are different types in XML Schema.
DATE_TYPES = {10: "xsd:date", 7: "xsd:gYearMonth", 4: "xsd:gYear"}


def write(edition: Edition, rows: duckdb.DuckDBPyConnection, folder: Path) -> tuple[Path, ...]:
    """Write ``metadata/dcat.jsonld``."""
    return (write_json(folder / FILE, dcat(edition, folder)),)


def dcat(edition: Edition, folder: Path) -> dict[str, Any]:
    """The dcat:Dataset as plain data; files are relative to the file itself."""
    project = edition.project
    name = f"urn:panelpress:{project.id}:{edition.version}"
    content: dict[str, Any] = {
        "@context": CONTEXT,
        "@id": name,
        "@type": "dcat:Dataset",
        "dct:identifier": f"{project.id}-{edition.version}",
        "dct:title": [{"@value": title(edition, each), "@language": each} for each in project.languages],
        "dct:description": [{"@value": describe(edition, each), "@language": each} for each in project.languages],
        "dct:issued": {"@value": edition.released, "@type": "xsd:date"},
        "dcat:version": edition.version,
        "dct:license": {"@id": project.licence.path},
        "dct:publisher": {"@type": "foaf:Agent", "foaf:name": publisher(edition)},
        "dct:creator": [{"@type": "foaf:Agent", "foaf:name": each.title} for each in creators(edition)],
        "dcat:keyword": list(project.keywords),
        "dcat:distribution": [
            {
                "@id": f"{name}:{file.path}",
                "@type": "dcat:Distribution",
                "dct:title": file.path,
                "dcat:downloadURL": {"@id": f"../{file.path}"},
                "dcat:mediaType": {"@id": IANA + media_type(file)},
                **(_bytes(file) if file.repeats else {}),
            }
            for file in files_of(edition, folder, DATA_KINDS)
        ],
    }
    collected = period(edition)
    if collected:
        start, end = ({"@value": each, "@type": DATE_TYPES.get(len(each), "xsd:string")} for each in collected)
        content["dct:temporal"] = {"@type": "dct:PeriodOfTime", "dcat:startDate": start, "dcat:endDate": end}
    if project.homepage:
        content["dcat:landingPage"] = {"@id": project.homepage}
    return content


def _bytes(file: PublishedFile) -> dict[str, Any]:
    """Size and hash of a file."""
    return {
        "dcat:byteSize": {"@value": str(file.bytes), "@type": "xsd:nonNegativeInteger"},
        "spdx:checksum": {
            "@type": "spdx:Checksum",
            "spdx:algorithm": {"@id": SHA256},
            "spdx:checksumValue": {"@value": file.sha256, "@type": "xsd:hexBinary"},
        },
    }
