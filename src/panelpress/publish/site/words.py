"""Words that the site itself says, by language, from ``texts/words.toml``. Survey texts come from the releases, not from here.

A language that is not in the file reads English.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

TEXTS = Path(__file__).with_name("texts") / "words.toml"
DEFAULT = "en"

TABLES = TEXTS.with_name("tables.toml")


@cache
def _all() -> Mapping[str, Mapping[str, str]]:
    return tomllib.loads(TEXTS.read_text(encoding="utf-8"))


def languages() -> tuple[str, ...]:
    """Languages that the site speaks, the default first."""
    return tuple(_all())


def words(language: str) -> Mapping[str, str]:
    """All words in ``language``, else in English."""
    found = _all()
    return found.get(language, found[DEFAULT])


@cache
def tables(language: str) -> Mapping[str, Mapping[str, str]]:
    """``title`` and ``text`` of catalogue tables by name; none in the language of the descriptors."""
    found: Mapping[str, Mapping[str, str]] = tomllib.loads(TABLES.read_text(encoding="utf-8")).get(language, {})
    return found
