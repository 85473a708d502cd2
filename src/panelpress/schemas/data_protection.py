"""Reads ``publish/data-protection.yaml``: who answers for the data and how long each kind is kept.

spec: panel-data-protection/0.1
controller: {en: Institute of ...}
legal_basis: {en: consent of the respondents}
contact: ethics@example.org
retention:
  deliveries: {kept: {en: two years after the last wave}, deleted: {en: by the data manager, on a recorded date}}
"""

from __future__ import annotations

from panelpress.model.data_protection import NOTHING_PROMISED, DataProtection, Retention
from panelpress.paths import Places
from panelpress.schemas.checker import check, refuse
from panelpress.schemas.common import local_text
from panelpress.schemas.yaml_reader import read_document


def load_data_protection(places: Places, languages: tuple[str, ...] = ("en",)) -> DataProtection:
    """The project's promises; an absent file promises nothing. Raises DeclarationError where it is wrong."""
    if not places.data_protection_file.is_file():
        return NOTHING_PROMISED
    document = read_document(places.data_protection_file, places.root)
    refuse(check(document, "data-protection"))
    given = document.content
    return DataProtection(
        controller=local_text(given.get("controller"), languages),
        legal_basis=local_text(given.get("legal_basis"), languages),
        contact=given.get("contact"),
        note=local_text(given.get("note"), languages),
        retention={
            kind: Retention(local_text(rule["kept"], languages), local_text(rule.get("deleted"), languages))
            for kind, rule in (given.get("retention") or {}).items()
        },
    )
