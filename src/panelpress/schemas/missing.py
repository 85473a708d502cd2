"""Reads ``schemas/missing.csv``, the taxonomy of missing reasons: columns code, stata, reason, class, meaning, and any number
of ``label_<language>`` (what labelled files and codebooks show in that language).

The order of the file is the default precedence when sources with different reasons merge: the first reason wins.
"""

from __future__ import annotations

import csv
import re
from typing import cast

from panelpress.errors import DeclarationError
from panelpress.model.missing import NOT_APPLICABLE, NOT_ASKED, SUPPRESSED, MissingClass, MissingReason, MissingReasons
from panelpress.model.text import LocalText
from panelpress.paths import Places

COLUMNS = ("code", "stata", "reason", "class", "meaning")
LABEL = re.compile(r"label_([a-z]{2,3})")
CLASSES = ("item", "design", "process", "disclosure", "unit")
# The engine itself gives these reasons: routing, waves without the item, disclosure control, values no code expresses.
NEEDED = (NOT_APPLICABLE, NOT_ASKED, SUPPRESSED, "uncodeable")


def load_missing(places: Places) -> MissingReasons:
    """The project's reasons in file order. Raises DeclarationError for anything that would make two reasons look alike."""
    path = places.missing_reasons
    file = str(path.relative_to(places.root))
    if not path.is_file():
        raise DeclarationError(file, "is missing.", "Copy the default list: `panelpress init` writes it.")
    reasons: list[MissingReason] = []
    with path.open(encoding="utf-8-sig", newline="") as stream:
        reader = csv.DictReader(stream)
        header = tuple(reader.fieldnames or ())
        if header[: len(COLUMNS)] != COLUMNS or not all(LABEL.fullmatch(name) for name in header[len(COLUMNS) :]):
            todo = f"Write the columns {', '.join(COLUMNS)}, then label_<language> for each language."
            raise DeclarationError(f"{file}:1", f"has the header {reader.fieldnames}.", todo)
        for line, row in enumerate(reader, start=2):
            reasons.append(_reason(row, f"{file}:{line}"))
    for attribute in ("code", "stata", "reason"):
        values = [getattr(each, attribute) for each in reasons]
        twice = next((value for value in values if values.count(value) > 1), None)
        if twice is not None:
            raise DeclarationError(
                file, f"`{twice}` stands twice in the column {attribute}.", "Each reason needs one of its own."
            )
    for needed in NEEDED:
        if needed not in {each.reason for each in reasons}:
            raise DeclarationError(file, f"lacks the reason `{needed}`.", "Add it; the engine gives this reason itself.")
    return MissingReasons(tuple(reasons))


def _reason(row: dict[str, str], where: str) -> MissingReason:
    try:
        code = int(row["code"])
    except (TypeError, ValueError):
        raise DeclarationError(where, "the code is no whole number.", "Write a number below zero.") from None
    if code >= 0:
        raise DeclarationError(where, f"the code {code} is not below zero.", "Codes of reasons must not look like answers.")
    if not re.fullmatch(r"\.[a-z]", row["stata"] or ""):
        raise DeclarationError(where, "the Stata missing value is not a dot and a letter.", "Write .a to .z.")
    if not re.fullmatch(r"[a-z][a-z_]*", row["reason"] or ""):
        raise DeclarationError(where, "the reason is no plain word.", "Write small letters and underscores.")
    if row["class"] not in CLASSES:
        raise DeclarationError(where, f"the class {row['class']!r} is unknown.", f"Write one of {', '.join(CLASSES)}.")
    labels = {name.removeprefix("label_"): text for name, text in row.items() if name and LABEL.fullmatch(name) and text}
    kind = cast(MissingClass, row["class"])
    return MissingReason(code, row["stata"], row["reason"], kind, row["meaning"] or "", LocalText(labels))
