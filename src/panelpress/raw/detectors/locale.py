"""Reads the locale packs, ``raw/locales/*.yaml``: postal codes, documents, given names and tell-tale words of a country.

    locale: ru
    region: RU                   # ISO 3166; its phone numbers are known without a country column
    postal: [{pattern: '[1-6][0-9]{5}', form: bare}]
    documents: [{id: snils, pattern: '...', form: anywhere, check: snils}]
    postal_words: [...]          # words of a column's name or question; also place_, phone_, document_, quantity_words
    given_names: [...]
    name_endings: [...]

Patterns are Rust regular expressions, without look-around and without groups that capture.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files
from typing import Any, Literal

from panelpress.schemas.yaml_reader import read_document

Form = Literal["bare", "written", "anywhere"]
WORDS = ("postal_words", "place_words", "phone_words", "document_words", "quantity_words")


@dataclass(frozen=True, slots=True)
class Shape:
    """What one kind of number looks like, and how far its look alone can be trusted."""

    id: str
    pattern: str
    form: Form
    check: str | None = None


@dataclass(frozen=True, slots=True)
class Locales:
    """All packs together. ``words`` are small letters, by kind."""

    regions: tuple[str, ...]
    postal: tuple[Shape, ...]
    documents: tuple[Shape, ...]
    given_names: tuple[str, ...]
    name_endings: tuple[str, ...]
    words: tuple[tuple[str, tuple[str, ...]], ...]

    def words_for(self, kind: str) -> tuple[str, ...]:
        return dict(self.words).get(kind, ())


@cache
def load_locales() -> Locales:
    """Every pack that is shipped, merged; read once."""
    packs: list[Any] = []
    with as_file(files("panelpress.raw") / "locales") as folder:
        packs.extend(read_document(path).content for path in sorted(folder.glob("*.yaml")))
    return Locales(
        regions=tuple(pack["region"] for pack in packs if "region" in pack),
        postal=_unique(Shape("postal_code", each["pattern"], each["form"]) for pack in packs for each in pack.get("postal", ())),
        documents=_unique(
            Shape(each["id"], each["pattern"], each["form"], each.get("check"))
            for pack in packs
            for each in pack.get("documents", ())
        ),
        given_names=tuple(sorted({name for pack in packs for name in pack.get("given_names", ())})),
        name_endings=tuple(sorted({ending for pack in packs for ending in pack.get("name_endings", ())})),
        words=tuple((kind, tuple(sorted({word for pack in packs for word in pack.get(kind, ())}))) for kind in WORDS),
    )


def _unique(shapes: Iterable[Shape]) -> tuple[Shape, ...]:
    return tuple(dict.fromkeys(shapes))
