"""What a file says about the table it holds: titles, labels and reasons in every language, as one JSON-able mapping.

Parquet carries it in its key-value metadata. Texts are keyed by language; a code list is complete, whether or not a code occurs.
"""

from __future__ import annotations

from typing import Any

from panelpress.model.release import Edition
from panelpress.model.table import Field, Table


def description(edition: Edition, table: Table) -> dict[str, Any]:
    """Facts of the release and of ``table`` and its fields."""
    project = edition.project
    return {
        "project": project.id,
        "version": edition.version,
        "released": edition.released,
        "tier": edition.tier,
        "simulated": edition.simulated,
        "licence": {"name": project.licence.name, "path": project.licence.path},
        "table": table.name,
        "title": dict(table.title.by_language),
        "primary_key": list(table.primary_key),
        "fields": {each.name: _field(each) for each in table.fields},
        "missing": [
            {"reason": each.reason, "code": each.code, "stata": each.stata, "label": dict(each.text.by_language)}
            for each in edition.missing
        ],
    }


def _field(each: Field) -> dict[str, Any]:
    said: dict[str, Any] = {"title": dict(each.title.by_language)}
    if each.description:
        said["description"] = dict(each.description.by_language)
    if each.unit:
        said["unit"] = each.unit
    if each.why_of:
        said["why_of"] = each.why_of
    elif each.categories:
        said["categories"] = [{"code": one.code, "label": dict(one.label.by_language)} for one in each.categories]
        said["ordered"] = each.ordered
    return said
