"""Reads ``publish/methodology.yaml``: what people wrote about method, printed before the tables that the engine counts.

spec: panel-methodology/0.1
sections:
- {title: {en: How people were reached}, text: {en: By letter.}}
"""

from __future__ import annotations

from dataclasses import dataclass

from panelpress.model.text import LocalText
from panelpress.paths import Places
from panelpress.schemas.checker import check, refuse
from panelpress.schemas.common import local_text
from panelpress.schemas.yaml_reader import read_document


@dataclass(frozen=True, slots=True)
class Section:
    """One section that people wrote."""

    title: LocalText
    text: LocalText


def load_methodology(places: Places, languages: tuple[str, ...]) -> tuple[Section, ...]:
    """The sections in their order; none where the file is absent. Raises DeclarationError where it is wrong."""
    if not places.methodology_file.is_file():
        return ()
    document = read_document(places.methodology_file, places.root)
    refuse(check(document, "methodology"))
    return tuple(
        Section(local_text(each["title"], languages), local_text(each["text"], languages))
        for each in document.content["sections"]
    )
