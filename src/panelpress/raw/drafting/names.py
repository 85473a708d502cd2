"""Texts of declarations: names from any text, quoted YAML scalars."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable

NOT_A_NAME = re.compile(r"[^a-z0-9]+")
LETTERS = "абвгдеёжзийклмнопрстуфхцчшщъыьэюяäöüß"
LATIN = "a b v g d e e zh z i i k l m n o p r s t u f kh ts ch sh shch - y - e yu ya ae oe ue ss"
# Stata holds names of 32 characters; a number of up to three digits may be added to tell many apart, and wide files add the wave,
# which leaves 24.
LONGEST = 24
# One option of several is called <variable>_<option>.
LONGEST_SEVERAL, LONGEST_OPTION = 12, 9


def slug(text: str, fallback: str = "item", longest: int = LONGEST) -> str:
    """``text`` as a name of at most ``longest`` small Latin letters, digits and underscores that starts with a letter."""
    spelled = dict(zip(LETTERS, LATIN.replace("-", "").split(" "), strict=True))
    latin = "".join(spelled.get(letter, letter) for letter in text.lower())
    name = NOT_A_NAME.sub("_", latin).strip("_")[:longest].strip("_")
    if not name:
        return fallback
    return name if name[0].isalpha() else f"{fallback}_{name}"[:longest].strip("_")


def unused(name: str, taken: Iterable[str]) -> str:
    """``name``, with a number where it is in ``taken`` already."""
    names = set(taken)
    if name not in names:
        return name
    number = 2
    while f"{name}_{number}" in names:
        number += 1
    return f"{name}_{number}"


def quoted(text: str) -> str:
    """``text`` as a YAML scalar in double quotes, which have JSON's rules."""
    return json.dumps(text, ensure_ascii=False)
