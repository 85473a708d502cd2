"""What every page has around it: words, language switch, version bar that keeps the page, and addresses in its language.

The default language has plain addresses; others stand under ``/<language>/``. An address is for good, so this scheme is too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from panelpress.model.text import LocalText
from panelpress.publish.site.contents import Row, text
from panelpress.publish.site.library import Book, Library
from panelpress.publish.site.words import DEFAULT, languages, words

FILE = re.compile(r"/assets/|/files/[^/]+/.")  # the list of files has a language, a file has none


@dataclass(frozen=True, slots=True)
class VersionLink:
    """One release in the version bar: where this page is in it, or its start page where the page is not there."""

    version: str
    url: str
    current: bool
    latest: bool
    kept: bool


@dataclass(frozen=True)
class Frame:
    """The frame of one page. ``path`` is its address without language, ``live`` false in the static copy."""

    library: Library
    language: str
    path: str
    book: Book | None = None
    live: bool = True
    style: str = "/assets/site.css"

    @property
    def w(self) -> Mapping[str, str]:
        return words(self.language)

    def here(self, address: str) -> str:
        """``address`` of this site in the language of the page."""
        parts = urlsplit(address)
        local = (
            (parts.path or "/") + (f"?{parts.query}" if parts.query else "") + (f"#{parts.fragment}" if parts.fragment else "")
        )
        return in_language(local, self.language)

    def t(self, row: Row, name: str) -> str:
        return text(row, name, self.language)

    @property
    def title(self) -> str:
        """Title of the project; where no project is there, of the newest release."""
        return self._of_project("title")

    @property
    def description(self) -> str:
        return self._of_project("description")

    def _of_project(self, name: str) -> str:
        if self.library.project is not None:
            text: LocalText = getattr(self.library.project, name)
            return text.in_language(self.language)
        book = self.library.latest
        return str(book.release.descriptor.get(name, "")) if book else ""

    @property
    def text_languages(self) -> Sequence[tuple[str, str]]:
        """Languages of the survey's texts, with their names."""
        found = self.book.contents.languages if self.book else ()
        return [(each, words(each)["language_name"] if each in languages() else each) for each in found]

    def concept(self, name: str) -> str:
        """A subject as a heading."""
        row = self.shown_book.contents.concepts.get(name, ({},))[0] if self.shown_book else {}
        return self.t(row, "concept_label") or name.replace("_", " ").capitalize()

    def study(self, name: str) -> str:
        """The title of a study, else its name."""
        waves = self.shown_book.contents.studies.get(name) if self.shown_book else None
        return (self.t(waves[0], "study_title") if waves else "") or name

    def wave(self, name: str, others: Iterable[str] = ()) -> str:
        """The title of a wave, after that of its study where ``others``, the waves beside which it stands, are of several.
        A name that no wave has stays as it is."""
        waves = self.shown_book.contents.waves if self.shown_book else {}
        if name not in waves:
            return name
        row = waves[name]
        label = self.t(row, "label") or name
        several = len({waves[each]["study"] for each in others if each in waves}) > 1
        return f"{self.t(row, 'study_title')}: {label}" if several else label

    @property
    def simulated(self) -> bool:
        return bool(self.shown_book and self.shown_book.release.descriptor.get("simulated"))

    @property
    def shown_book(self) -> Book | None:
        return self.book or self.library.latest

    @property
    def other_languages(self) -> Sequence[tuple[str, str, str]]:
        """Language, its name, and this page in it."""
        return [
            (each, words(each)["language_name"], in_language(self.path, each))
            for each in self.library.languages
            if each != self.language
        ]

    @property
    def versions(self) -> Sequence[VersionLink]:
        if self.book is None:
            return ()
        found = []
        for book in self.library.books:
            kept = same_page(self.path, self.book, book)
            address = self.here(kept if kept is not None else start_of(book, self.path))
            found.append(VersionLink(book.version, address, book is self.book, book is self.library.latest, kept is not None))
        return found

    def number(self, value: Any) -> str:
        """A count with thousands apart."""
        separator = "\u202f" if self.language == "ru" else ","
        return f"{value:,}".replace(",", separator)

    def decimal(self, value: float) -> str:
        """One decimal, with the decimal sign of the language."""
        return f"{value:.1f}".replace(".", "," if self.language == "ru" else ".")


def in_language(address: str, language: str) -> str:
    """``address`` (without language) under the prefix of ``language``; files and styles have no language."""
    if language == DEFAULT or FILE.match(address) or is_data(address):
        return address
    return f"/{language}{address}"


def is_data(address: str) -> bool:
    return urlsplit(address).path.endswith((".json", ".csv", ".codes"))


def start_of(book: Book, path: str) -> str:
    """Where a reader of ``path`` begins in ``book``."""
    if path.startswith("/codebook/"):
        return f"/codebook/{book.version}/"
    return f"/{book.name}" if path.startswith("/v") else f"/releases/{book.version}/"


def same_page(path: str, current: Book, other: Book) -> str | None:
    """The page ``path`` of ``current`` in ``other``; None where it is not there."""
    parts = urlsplit(path)
    steps = parts.path.strip("/").split("/")
    query = f"?{parts.query}" if parts.query else ""
    if steps[:2] == ["codebook", current.version]:
        if len(steps) > 2 and steps[2] not in other.contents.variables and steps[2] not in ("availability", "search"):
            return None
        return "/".join(["", "codebook", other.version, *steps[2:]]) + "/" + query
    if steps[0] == current.name:
        table = steps[1].partition("__")[0].partition(".")[0] if len(steps) > 1 else None
        if table is not None and table not in (*other.row_counts, *other.queries, "codebook"):
            return None
        # a row has no counterpart: people have other ids in every release, so its table is meant
        return "/".join(["", other.name, *steps[1:2]]) + query
    if len(steps) > 1 and steps[1] == current.version:
        return "/".join(["", steps[0], other.version, *steps[2:]]) + "/" + query
    return None
