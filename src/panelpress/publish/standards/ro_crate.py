"""``ro-crate-metadata.json``: RO-Crate 1.1, the release folder as a research object with all its files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb

from panelpress.model.release import Edition
from panelpress.publish.standards.facts import creators, describe, files_of, media_type, title, write_json

FILE = "ro-crate-metadata.json"
SPEC = "https://w3id.org/ro/crate/1.1"
# Written after this file, because they hold the hash of every other one.
LATER = ("README.md", "CITATION.cff", "datapackage.json", "manifest.json", "SHA256SUMS")


def write(edition: Edition, rows: duckdb.DuckDBPyConnection, folder: Path) -> tuple[Path, ...]:
    """Write ``ro-crate-metadata.json``. Must run after all other formats, since it lists them."""
    return (write_json(folder / FILE, crate(edition, folder)),)


def crate(edition: Edition, folder: Path) -> dict[str, Any]:
    """The crate as plain data."""
    project = edition.project
    people = [
        {"@id": f"https://orcid.org/{each.orcid}", "@type": "Person", "name": each.title}
        if each.orcid
        else {"@id": f"#creator-{number}", "@type": "Organization", "name": each.title}
        for number, each in enumerate(creators(edition), start=1)
    ]
    files: list[dict[str, Any]] = [
        {
            "@id": file.path,
            "@type": "File",
            "name": file.path,
            "encodingFormat": media_type(file),
            **({"contentSize": str(file.bytes), "sha256": file.sha256} if file.repeats else {}),
        }
        for file in files_of(edition, folder)
        if file.path != FILE
    ]
    files += [{"@id": name, "@type": "File", "name": name} for name in LATER]
    root = {
        "@id": "./",
        "@type": "Dataset",
        "name": f"{title(edition)}, version {edition.version}",
        "description": describe(edition),
        "datePublished": edition.released,
        "version": edition.version,
        "license": {"@id": project.licence.path},
        "creator": [{"@id": each["@id"]} for each in people],
        "keywords": ", ".join(project.keywords),
        "hasPart": [{"@id": each["@id"]} for each in files],
    }
    descriptor = {
        "@id": FILE,
        "@type": "CreativeWork",
        "conformsTo": {"@id": SPEC},
        "about": {"@id": "./"},
    }
    licence = {
        "@id": project.licence.path,
        "@type": "CreativeWork",
        "name": project.licence.title,
        "identifier": project.licence.name,
    }
    return {"@context": f"{SPEC}/context", "@graph": [descriptor, root, *people, licence, *files]}
