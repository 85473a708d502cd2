"""Words that codebook pages themselves say, by language, from ``texts/*.toml``. A language that is not there reads English."""

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


def words(language: str) -> Mapping[str, str]:
    """All words in ``language``, else in English."""
    found: Mapping[str, Mapping[str, str]] = texts("words")
    return found.get(language, found["en"])
