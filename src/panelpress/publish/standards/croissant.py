"""``croissant.json``: Croissant 1.0 (MLCommons), which machine-learning tools load tables by.

One FileObject a table (its tidy CSV, with hash) and one RecordSet a table with its fields. Reasons stay in their ``__why``
fields: nothing here turns a missing answer into a number.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb

from panelpress.model.release import Edition, PublishedFile
from panelpress.model.table import Field, Table
from panelpress.publish.standards.facts import creators, describe, files_of, write_json
from panelpress.publish.versions.documents import citation_line

FILE = "croissant.json"
SPEC = "http://mlcommons.org/croissant/1.0"
TYPES = {"string": "sc:Text", "integer": "sc:Integer", "number": "sc:Float", "date": "sc:Date", "boolean": "sc:Boolean"}
CONTEXT: dict[str, Any] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileProperty": "cr:fileProperty",
    "fileObject": "cr:fileObject",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}


def write(edition: Edition, rows: duckdb.DuckDBPyConnection, folder: Path) -> tuple[Path, ...]:
    """Write ``croissant.json``."""
    return (write_json(folder / FILE, croissant(edition, folder)),)


def croissant(edition: Edition, folder: Path) -> dict[str, Any]:
    """The data set as plain data; paths are relative to the release folder."""
    project = edition.project
    tidy = {file.table: file for file in files_of(edition, folder, ["csv"]) if file.path.startswith("data/csv/")}
    tables = [table for table in edition.tables if table.name in tidy]
    content: dict[str, Any] = {
        "@context": CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": SPEC,
        "name": project.id,
        "description": describe(edition),
        "version": edition.version,
        "datePublished": edition.released,
        "license": project.licence.path,
        "citeAs": citation_line(edition),
        "keywords": list(project.keywords),
        "creator": [{"@type": "Person" if each.orcid else "Organization", "name": each.title} for each in creators(edition)],
        "isLiveDataset": False,
        "distribution": [_file(table, tidy[table.name]) for table in tables],
        "recordSet": [_records(table) for table in tables],
    }
    if project.homepage:
        content["url"] = project.homepage
    return content


def _file(table: Table, file: PublishedFile) -> dict[str, Any]:
    return {
        "@type": "cr:FileObject",
        "@id": f"{table.name}.csv",
        "name": f"{table.name}.csv",
        "contentUrl": file.path,
        "contentSize": f"{file.bytes} B",
        "encodingFormat": "text/csv",
        "sha256": file.sha256,
    }


def _records(table: Table) -> dict[str, Any]:
    return {
        "@type": "cr:RecordSet",
        "@id": table.name,
        "name": table.name,
        "description": str(table.description or table.title),
        "key": [{"@id": f"{table.name}/{name}"} for name in table.primary_key],
        "field": [_field(table, field) for field in table.fields],
    }


def _field(table: Table, field: Field) -> dict[str, Any]:
    return {
        "@type": "cr:Field",
        "@id": f"{table.name}/{field.name}",
        "name": field.name,
        "description": str(field.title or field.name),
        "dataType": TYPES[field.type],
        "source": {"fileObject": {"@id": f"{table.name}.csv"}, "extract": {"column": field.name}},
    }
