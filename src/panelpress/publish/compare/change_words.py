"""What kinds of changes are called, by language, from ``texts/changes.toml``. A language that is not there reads English."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

TEXTS = Path(__file__).with_name("texts") / "changes.toml"


@cache
def _all() -> Mapping[str, Mapping[str, str]]:
    return tomllib.loads(TEXTS.read_text(encoding="utf-8"))


def kinds(language: str) -> Mapping[str, str]:
    """Words by kind of change."""
    return _all().get(language, _all()["en"])
