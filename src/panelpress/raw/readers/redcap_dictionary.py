"""REDCap data dictionary (CSV): one row a field, with its label, its choices and whether it identifies a person.

"Variable / Field Name","Form Name",...,"Field Type","Field Label","Choices, Calculations, OR Slider Labels",...,Identifier?
sex,demographics,...,radio,"Sex","1, Male | 2, Female",...,

The programming interface calls the same columns ``field_name``, ``field_type`` and so on. It also gives a list of events.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass

from panelpress.raw.readers.header import tidy
from panelpress.raw.readers.peek import Peek

NAME, KIND, LABEL = "variable / field name", "field type", "field label"
CHOICES, IDENTIFIER = "choices, calculations, or slider labels", "identifier?"
API = {
    "field_name": NAME,
    "field_type": KIND,
    "field_label": LABEL,
    "select_choices_or_calculations": CHOICES,
    "identifier": IDENTIFIER,
}
EVENT_LABEL, EVENT = "event_name", "unique_event_name"
TAG = re.compile(r"<[^>]+>")
WITH_CHOICES = frozenset({"radio", "dropdown", "checkbox"})
FIXED = {"yesno": {"1": "Yes", "0": "No"}, "truefalse": {"1": "True", "0": "False"}}


@dataclass(frozen=True, slots=True)
class DictionaryField:
    """One field of the questionnaire as REDCap's dictionary describes it."""

    name: str
    kind: str
    label: str
    choices: Mapping[str, str]
    identifier: bool


def is_dictionary(peek: Peek) -> bool:
    return {NAME, KIND, LABEL} <= {_called(cell) for cell in peek.header}


def _called(cell: str) -> str:
    name = tidy(cell).lower()
    return API.get(name, name)


def is_event_list(peek: Peek) -> bool:
    """True for the events of a longitudinal project, one a row, with their labels."""
    return {EVENT, EVENT_LABEL} <= {tidy(cell).lower() for cell in peek.header}


def read_events(peek: Peek) -> dict[str, str]:
    """Labels of events by their unique names."""
    grid = peek.grid(header_rows=1)
    position = {tidy(cell).lower(): i for i, cell in enumerate(grid.header[0])}
    return {str(row[position[EVENT]]): tidy(str(row[position[EVENT_LABEL]])) for row in grid.body.iter_rows()}


def read_dictionary(peek: Peek) -> dict[str, DictionaryField]:
    """Fields by name."""
    grid = peek.grid(header_rows=1)
    position = {_called(cell): i for i, cell in enumerate(grid.header[0])}
    result: dict[str, DictionaryField] = {}
    for row in grid.body.iter_rows():
        cell = {name: str(row[i] or "") for name, i in position.items()}
        name, kind = cell[NAME].strip(), cell[KIND].strip().lower()
        choices = FIXED.get(kind) or (_choices(cell.get(CHOICES, "")) if kind in WITH_CHOICES else {})
        result[name] = DictionaryField(
            name, kind, plain_text(cell[LABEL]), choices, cell.get(IDENTIFIER, "").strip().lower() == "y"
        )
    return result


def plain_text(text: str) -> str:
    """``text`` without HTML tags and entities."""
    return tidy(html.unescape(TAG.sub(" ", text)))


def _choices(text: str) -> dict[str, str]:
    pairs = (choice.split(",", 1) for choice in text.split("|") if "," in choice)
    return {code.strip(): plain_text(label) for code, label in pairs}
