"""Small readers that several declarations share: texts in languages, optional lists. Assumes that ``checker`` has run."""

from __future__ import annotations

from typing import Any

from panelpress.model.text import NO_TEXT, LocalText


def local_text(value: Any, languages: tuple[str, ...] = ("en",)) -> LocalText:
    """A text in several languages: a mapping ``{en: ..., ru: ...}``, or plain text, which counts as the first language."""
    if value is None:
        return NO_TEXT
    if isinstance(value, dict):
        return LocalText({str(language): str(text) for language, text in value.items() if text is not None})
    return LocalText({languages[0]: str(value)})


def raw_code(value: Any) -> str | None:
    """A raw code as the text that stands in the wave file; None is a blank cell."""
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def texts(value: Any) -> tuple[str, ...]:
    """A list of words, or one word standing for a list of one."""
    if value is None:
        return ()
    if isinstance(value, list):
        return tuple(str(each) for each in value)
    return (str(value),)
