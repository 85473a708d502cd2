"""Words that the pages of a release say, by language, from ``texts/*.toml``. A language that is not there reads English."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

TEXTS = Path(__file__).with_name("texts")


@cache
def texts(name: str) -> Mapping[str, Any]:
    """One file of texts as plain data."""
    return tomllib.loads((TEXTS / f"{name}.toml").read_text(encoding="utf-8"))


def words(language: str, name: str = "words") -> Mapping[str, str]:
    """All words of the file ``name`` in ``language``, else in English."""
    found: Mapping[str, Mapping[str, str]] = texts(name)
    return found.get(language, found["en"])
