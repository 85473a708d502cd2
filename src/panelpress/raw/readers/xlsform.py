"""XLSForm (.xlsx): the questionnaire of KoboToolbox and ODK; sheet ``survey`` with questions, sheet ``choices`` with answers.

survey:  type | name | label            choices:  list_name | name | label
         select_one yn | q1 | Well?               yn | 1 | yes
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from panelpress.raw.readers.header import tidy
from panelpress.raw.readers.peek import Peek
from panelpress.raw.readers.redcap_dictionary import plain_text

SELECT = re.compile(r"select[_ ](one|multiple)(?:_from_file)?\s+(\S+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Question:
    """One question of a form: its text, the labels of its answers, whether several may be chosen."""

    name: str
    text: str
    choices: Mapping[str, str]
    several: bool


def is_form(peek: Peek) -> bool:
    return peek.workbook is not None and "survey" in {sheet.lower() for sheet in peek.workbook.sheets} and _has_types(peek)


def _has_types(peek: Peek) -> bool:
    rows = _rows(peek, "survey")
    return bool(rows) and {"type", "name"} <= set(rows[0])


def read_form(peek: Peek) -> dict[str, Question]:
    """Questions by name. Labels are taken in the form's first language."""
    choices: dict[str, dict[str, str]] = {}
    for row in _rows(peek, "choices"):
        listed = row.get("list_name") or row.get("list name", "")
        if listed:
            choices.setdefault(listed, {})[row.get("name", "")] = _label(row)
    result = {}
    for row in _rows(peek, "survey"):
        found = SELECT.match(row.get("type", ""))
        answers = choices.get(found.group(2), {}) if found else {}
        if row.get("name"):
            result[row["name"]] = Question(
                row["name"], _label(row), answers, bool(found and found.group(1).lower() == "multiple")
            )
    return result


def _rows(peek: Peek, sheet: str) -> list[dict[str, str]]:
    book = peek.workbook
    title = next((each for each in book.sheets if each.lower() == sheet), None) if book else None
    if book is None or title is None:
        return []
    records = [cells for _, cells in book.records(title) if any(cells)]
    header = [tidy(cell).lower() for cell in records[0]]
    return [dict(zip(header, map(tidy, record), strict=False)) for record in records[1:]]


def _label(row: Mapping[str, str]) -> str:
    return next((plain_text(text) for name, text in row.items() if (name == "label" or name.startswith("label:")) and text), "")
