"""Compiles constraints to Data Package v2 descriptors: Table Schema, resource, package. Reads and writes no file.

Choices that readers of the standard may ask about: every list of codes stands as ``categories`` (version 2, with labels) *and*
as ``constraints.enum``, because readers that know only version 1 enforce only the latter; ``missingValues`` says ``""`` on every
schema and again on a field that has its own, since a field's list replaces the schema's; ``$schema`` stands on the package and on
each resource, so that a resource read alone is still version 2; ``fieldsMatch`` is left out (its default, exact, is meant), since
the JSON profile and the text of the standard disagree about its type. Properties that the standard does not know: ``unit``,
``whyOf`` (the field whose missing reason this is), ``simulated``, ``tier``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from panelpress.model.constraint import Constraint
from panelpress.model.delivery import Contract
from panelpress.model.release import Edition, PublishedFile
from panelpress.model.table import Field, FieldType, Table
from panelpress.model.variable import Code
from panelpress.schemas.constraints import WAVE_KEYS, of_table, of_wave, wave_type

PROFILES = "https://datapackage.org/profiles/2.0"
MISSING_VALUES = [""]
_DIALECT = {"delimiter": ",", "lineTerminator": "\n", "quoteChar": '"', "doubleQuote": True, "header": True}


def table_schema(table: Table) -> dict[str, Any]:
    """Table Schema (v2) of a published table."""
    constraints = of_table(table)
    schema: dict[str, Any] = {
        "$schema": f"{PROFILES}/tableschema.json",
        "fields": [_field(field, constraints) for field in table.fields],
        "missingValues": MISSING_VALUES,
    }
    if table.primary_key:
        schema["primaryKey"] = list(table.primary_key)
    if table.unique_keys:
        schema["uniqueKeys"] = [list(key) for key in table.unique_keys]
    if table.foreign_keys:
        schema["foreignKeys"] = [
            {"fields": list(key.fields), "reference": {"resource": key.table, "fields": list(key.reference)}}
            for key in table.foreign_keys
        ]
    return schema


def _field(field: Field, constraints: Iterable[Constraint]) -> dict[str, Any]:
    described: dict[str, Any] = {"name": field.name, "type": field.type}
    if field.title:
        described["title"] = field.title.in_language("en")
    if field.description:
        described["description"] = field.description.in_language("en")
    if field.unit:
        described["unit"] = field.unit
    if field.why_of:
        described["whyOf"] = field.why_of
    if field.categories:
        described["categories"] = [
            {"value": category.code, "label": category.label.in_language("en") or str(category.code)}
            for category in field.categories
        ]
        described["categoriesOrdered"] = field.ordered
    limits = _limits(field.type, [each for each in constraints if each.fields == (field.name,)])
    if field.required:
        limits = {"required": True, **limits}
    return {**described, "constraints": limits} if limits else described


def _limits(kind: FieldType, constraints: Iterable[Constraint]) -> dict[str, Any]:
    """``constraints`` of one field in the words of Table Schema."""
    limits: dict[str, Any] = {}
    for each in constraints:
        if each.kind == "required":
            limits["required"] = True
        elif each.kind == "codes":
            limits["enum"] = list(each.values)
        elif each.kind == "pattern":
            limits["pattern"] = each.pattern
        elif each.kind == "range":
            for word, bound in (("minimum", each.minimum), ("maximum", each.maximum)):
                if bound is not None:
                    limits[word] = _number(kind, bound)
    return limits


def _number(kind: FieldType, bound: str) -> int | float | str:
    if kind == "integer":
        return int(bound)
    return float(bound) if kind == "number" else bound


def csv_path(table: Table) -> str:
    """Where the CSV of ``table`` lies inside a release."""
    return f"data/csv/{table.name}.csv"


def resource(table: Table, file: PublishedFile | None = None) -> dict[str, Any]:
    """Resource of a published table; ``file`` adds size and hash of the bytes that were written."""
    described: dict[str, Any] = {
        "$schema": f"{PROFILES}/dataresource.json",
        "name": table.name,
        "type": "table",
        "title": table.title.in_language("en"),
        "path": file.path if file else csv_path(table),
        "scheme": "file",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": {"$schema": f"{PROFILES}/tabledialect.json", **_DIALECT},
        "schema": table_schema(table),
    }
    if table.description:
        described["description"] = table.description.in_language("en")
    if file:
        described |= {"bytes": file.bytes, "hash": f"sha256:{file.sha256}"}
    return described


def package(edition: Edition, files: Mapping[str, PublishedFile] | None = None) -> dict[str, Any]:
    """The package descriptor of an edition. ``files`` maps table names to their published CSV; without it the result is the
    contract alone: no bytes, no hashes, no version, no date, so that it changes only when the contract does."""
    project = edition.project
    described: dict[str, Any] = {
        "$schema": f"{PROFILES}/datapackage.json",
        "name": project.id,
        "title": project.title.in_language("en"),
        "description": project.description.in_language("en"),
        "licenses": [{"name": project.licence.name, "title": project.licence.title, "path": project.licence.path}],
        "contributors": [{"title": each.title, "roles": [each.role]} for each in project.contributors],
        "keywords": list(project.keywords),
    }
    if project.homepage:
        described["homepage"] = project.homepage
    if files is not None:
        described |= {"version": edition.version, "created": f"{edition.released}T00:00:00Z"}
    described["simulated"] = project.simulated
    described["tier"] = edition.tier
    described["resources"] = [resource(table, (files or {}).get(table.name)) for table in edition.tables]
    return {key: value for key, value in described.items() if value not in ("", [])}


def wave_schema(contract: Contract, person_key: bool = True) -> dict[str, Any]:
    """Table Schema of the de-identified wave file of ``contract``: raw codes as the platform wrote them. Codes of people who did
    not answer may be words in a column of numbers; they stand in that field's ``missingValues``."""
    constraints = of_wave(contract, person_key)
    fields: list[dict[str, Any]] = [{"name": name, "type": "string"} for name in WAVE_KEYS]
    for column in contract.kept:
        own = [each for each in constraints if each.fields == (column.name,) and each.owner == "frictionless"]
        kind = wave_type(column)
        words: list[Code] = [code for each in own if each.kind == "type" for code in each.values]
        field: dict[str, Any] = {"name": column.name, "type": kind}
        if words:
            field["missingValues"] = [*MISSING_VALUES, *map(str, words)]
        limits = _limits(kind, own)
        fields.append({**field, "constraints": limits} if limits else field)
    return {"$schema": f"{PROFILES}/tableschema.json", "fields": fields, "missingValues": MISSING_VALUES}
