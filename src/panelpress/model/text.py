"""Texts that exist in several languages. Not a translation service: what nobody wrote in a language is absent there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class LocalText:
    """One text in one or more languages, keyed by BCP 47 tag in declared order (``en`` first where nothing is asked)."""

    by_language: Mapping[str, str] = field(default_factory=dict)

    def in_language(self, language: str = "en") -> str:
        """The text in ``language``, else English, else the first there is, else an empty string."""
        if language in self.by_language:
            return self.by_language[language]
        if "en" in self.by_language:
            return self.by_language["en"]
        return next(iter(self.by_language.values()), "")

    def __str__(self) -> str:
        return self.in_language()

    def __bool__(self) -> bool:
        return bool(self.by_language)

    def __hash__(self) -> int:
        return hash(tuple(self.by_language.items()))


NO_TEXT = LocalText()
