"""Checks a Data Package descriptor without reading data: the standard's JSON profile, then what a profile cannot see.

The profile (vendored, version 2.0) catches bad roles, types and categories that frictionless lets by. The linter catches names
that point nowhere, a code list that stands twice and differs, and categories that are not of their field's type.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from jsonschema import Draft7Validator

from panelpress.model.findings import Finding
from panelpress.validation.checks import finding

_FILE = "datapackage.json"


@cache
def _profile() -> Draft7Validator:
    text = (files("panelpress.schemas") / "profiles" / "datapackage-2.0.json").read_text(encoding="utf-8")
    return Draft7Validator(json.loads(text))


def check_descriptor(descriptor: Mapping[str, Any]) -> list[Finding]:
    """Two findings when all is well; else one a fault, naming the property. A descriptor holds no microdata."""
    found = [
        finding("descriptor.profile", _FILE, place, failed=1, total=1, message=message)
        for place, message in _against_profile(descriptor)
    ] or [finding("descriptor.profile", _FILE, failed=0, total=1)]
    faults = list(_lint(descriptor))
    found += [
        finding("descriptor.references", _FILE, place, failed=1, total=1, message=message) for place, message in faults
    ] or [finding("descriptor.references", _FILE, failed=0, total=1)]
    return found


def _against_profile(descriptor: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for error in _profile().iter_errors(descriptor):
        place = "/".join(map(str, error.absolute_path)) or "the descriptor"
        rule = error.validator_value
        wanted = f" (wanted: {rule})" if error.validator in ("required", "enum", "type", "pattern", "const") else ""
        yield place, f"breaks the profile's rule `{error.validator}`{wanted}"


def _lint(descriptor: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    resources = [each for each in descriptor.get("resources") or [] if isinstance(each, dict)]
    fields = {each.get("name"): _names(each) for each in resources}
    for repeated, n in Counter(each.get("name") for each in resources).items():
        if n > 1:
            yield f"resources/{repeated}", "two resources have this name"
    for resource in resources:
        schema = resource.get("schema")
        if isinstance(schema, dict):
            place = f"resources/{resource.get('name')}/schema"
            yield from _lint_keys(place, schema, set(_names(resource)), fields)
            for field in schema.get("fields") or []:
                yield from _lint_field(f"{place}/fields/{field.get('name')}", field, set(_names(resource)))


def _names(resource: Mapping[str, Any]) -> list[str]:
    schema = resource.get("schema")
    return [str(each.get("name")) for each in schema.get("fields") or []] if isinstance(schema, dict) else []


def _as_list(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else list(value or [])


def _lint_keys(
    place: str, schema: Mapping[str, Any], own: set[str], fields: Mapping[Any, list[str]]
) -> Iterator[tuple[str, str]]:
    for repeated, n in Counter(each.get("name") for each in schema.get("fields") or []).items():
        if n > 1:
            yield f"{place}/fields/{repeated}", "two fields have this name"
    for unknown in [name for name in _as_list(schema.get("primaryKey")) if name not in own]:
        yield f"{place}/primaryKey", f"names the unknown field `{unknown}`"
    for key in schema.get("uniqueKeys") or []:
        for unknown in [name for name in _as_list(key) if name not in own]:
            yield f"{place}/uniqueKeys", f"names the unknown field `{unknown}`"
    for key in schema.get("foreignKeys") or []:
        reference = key.get("reference") or {}
        target, there = reference.get("resource", ""), _as_list(reference.get("fields"))
        here = _as_list(key.get("fields"))
        for unknown in [name for name in here if name not in own]:
            yield f"{place}/foreignKeys", f"names the unknown field `{unknown}`"
        if target and target not in fields:
            yield f"{place}/foreignKeys", f"points to the unknown resource `{target}`"
            continue
        for unknown in [name for name in there if name not in (fields[target] if target else own)]:
            yield f"{place}/foreignKeys", f"points to the unknown field `{unknown}` of `{target}`"
        if len(here) != len(there):
            yield f"{place}/foreignKeys", "has more fields on one side than on the other"


def _lint_field(place: str, field: Mapping[str, Any], own: set[str]) -> Iterator[tuple[str, str]]:
    categories = field.get("categories")
    if categories is not None:
        codes = [each.get("value") if isinstance(each, dict) else each for each in categories]
        kind = field.get("type")
        if kind not in ("string", "integer"):
            yield place, f"has categories, which a {kind} cannot have"
        elif any(isinstance(code, str) != (kind == "string") for code in codes):
            yield place, f"has a category that is no {kind}"
        if len(set(codes)) != len(codes):
            yield place, "lists a category twice"
        if (field.get("constraints") or {}).get("enum") != codes:
            yield place, "does not repeat its categories as `enum`, the only list that version 1 readers enforce"
    if field.get("whyOf") is not None and field["whyOf"] not in own:
        yield place, f"gives reasons for the unknown field `{field['whyOf']}`"
    blanks = [each.get("value") if isinstance(each, dict) else each for each in field.get("missingValues", [""])]
    if "" not in blanks:
        yield place, "does not repeat the blank in its own missingValues, so blanks would be values"
