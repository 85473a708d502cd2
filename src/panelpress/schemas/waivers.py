"""Reads ``validation/waivers.yaml``: failures that a role accepts until a day, so that a release may happen all the same.

spec: panel-waivers/0.1
waivers:
- id: late_code_list
  rule: table.codes
  resource: my_study_responses
  field: country
  reason: "Two codes were added after fieldwork; the list follows in the next release."
  owner: data manager
  expires: "2026-12-31"
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from panelpress.model.rules import Waiver
from panelpress.paths import Places
from panelpress.schemas.checker import Problem, check, refuse
from panelpress.schemas.yaml_reader import Document, read_document


def load_waivers(places: Places) -> tuple[Waiver, ...]:
    """All waivers, expired ones too; no file means none. Raises DeclarationError, naming file and line."""
    if not places.waivers_file.is_file():
        return ()
    document = read_document(places.waivers_file, places.root)
    refuse(check(document, "waivers") or list(_beyond_schema(document)))
    return tuple(
        Waiver(
            id=each["id"],
            rule=each["rule"],
            reason=each["reason"],
            owner=each["owner"],
            expires=each["expires"],
            resource=each.get("resource"),
            field=each.get("field"),
            declared_in=document.where(each.line),
        )
        for each in document.content["waivers"]
    )


def _beyond_schema(document: Document) -> Iterator[Problem]:
    seen: set[str] = set()
    for each in document.content["waivers"]:
        if each["id"] in seen:
            yield Problem(document.where(each.line), f"the waiver `{each['id']}` stands twice.", "Rename one of them.")
        seen.add(each["id"])
        try:
            date.fromisoformat(each["expires"])
        except ValueError:
            yield Problem(document.where(each.line), f"{each['expires']} is no day of the calendar.", "Write a day that exists.")
