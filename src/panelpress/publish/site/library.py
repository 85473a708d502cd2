"""Everything that the pages are made from, read once: releases with their contents, labels, files, and withdrawn ones.

Releases are immutable, so nothing here is read again; a new release is served by a new process.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from panelpress.model.project import ProjectFacts
from panelpress.publish.site.contents import Contents, Row, read_contents
from panelpress.publish.site.downloads import Download, downloads
from panelpress.publish.site.labels import Labels
from panelpress.publish.site.queries import Saved, saved_queries
from panelpress.publish.site.served import served_copy
from panelpress.publish.site.shelf import Refused, Shelf, Shelved
from panelpress.publish.site.words import DEFAULT, languages

SCHEMA_ORG = "metadata/schema-org.jsonld"


@dataclass(frozen=True, slots=True)
class Tombstone:
    """A withdrawn release: its addresses answer 410 with this reason for good."""

    version: str
    date: str
    reason: Mapping[str, str]
    replacement: str


@dataclass(frozen=True)
class Book:
    """One served release."""

    release: Shelved
    contents: Contents
    files: Sequence[Download]
    database: Path

    @property
    def version(self) -> str:
        return self.release.version

    @property
    def name(self) -> str:
        return self.release.name

    @property
    def released(self) -> str:
        return str(self.release.manifest.get("released") or self.release.descriptor.get("created", ""))[:10]

    @cached_property
    def resources(self) -> Mapping[str, Row]:
        return {str(each["name"]): each for each in self.release.descriptor["resources"]}

    @cached_property
    def row_counts(self) -> Mapping[str, int]:
        return {str(each["name"]): int(each["rows"]) for each in self.release.manifest["tables"]}

    @cached_property
    def survey_tables(self) -> Sequence[str]:
        """Tables with a column that says why another is missing: those of answers."""
        found = []
        for name, resource in self.resources.items():
            fields = resource.get("schema", {}).get("fields", [])
            if any(str(field["name"]).endswith("__why") for field in fields):
                found.append(name)
        return found

    @cached_property
    def data_tables_of(self) -> Mapping[str, Sequence[str]]:
        """Survey tables by the variable that they hold."""
        found: dict[str, list[str]] = {}
        for table in self.survey_tables:
            for field in self.resources[table]["schema"]["fields"]:
                found.setdefault(str(field["name"]), []).append(table)
        return found

    @cached_property
    def views(self) -> Sequence[str]:
        """Names of the views that the served copy has beside the tables."""
        with closing(sqlite3.connect(f"file:{self.database}?immutable=1", uri=True)) as connection:
            return [
                str(row[0]) for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'view' ORDER BY rowid")
            ]

    @cached_property
    def queries(self) -> Mapping[str, Saved]:
        """Saved queries by name."""
        fields = {table: self.resources[table]["schema"]["fields"] for table in self.survey_tables}
        return saved_queries(self.contents, {table: [str(each["name"]) for each in fields[table]] for table in fields})

    @cached_property
    def file_paths(self) -> Mapping[str, Download]:
        return {each.path: each for each in self.files}

    @cached_property
    def structured_data(self) -> str:
        """schema.org JSON-LD of the release with addresses on this site, safe inside a script element."""
        path = self.release.folder / SCHEMA_ORG
        if SCHEMA_ORG not in self.file_paths:
            return ""
        content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        for each in content.get("distribution", []):
            each["contentUrl"] = re.sub(r"^(\.\./)+", f"/files/{self.version}/", str(each["contentUrl"]))
        return json.dumps(content, ensure_ascii=False).replace("<", "\\u003c")


@dataclass(frozen=True)
class Library:
    """All books, newest first, and the tombstones."""

    books: Sequence[Book]
    tombstones: Sequence[Tombstone] = ()
    project: ProjectFacts | None = None
    refused: Sequence[Refused] = ()

    @property
    def contact(self) -> str:
        return (self.project.contact or "") if self.project else ""

    @property
    def homepage(self) -> str:
        """Where the site stands for good, without a slash at the end; empty where the project does not say."""
        return (self.project.homepage or "").rstrip("/") if self.project else ""

    @property
    def latest(self) -> Book | None:
        return self.books[0] if self.books else None

    @cached_property
    def languages(self) -> Sequence[str]:
        """Languages in which pages are offered: the default, and those of the site that a release has texts in."""
        written = {language for book in self.books for language in book.contents.languages}
        return tuple(each for each in languages() if each == DEFAULT or each in written or not written)

    @cached_property
    def by_version(self) -> Mapping[str, Book]:
        return {book.version: book for book in self.books}

    @cached_property
    def by_name(self) -> Mapping[str, Book]:
        return {book.name: book for book in self.books}

    @cached_property
    def labels(self) -> Mapping[tuple[str, str], Labels]:
        return {(book.name, language): Labels(book.contents, language) for book in self.books for language in languages()}


def read_library(shelf: Shelf, cache: Path, tombstones: Sequence[Tombstone] = (), project: ProjectFacts | None = None) -> Library:
    """Opens every release of ``shelf``; a copy of each database with search and views is kept in the folder ``cache``.

    A withdrawn release whose folder is still there is not served, nor one that cannot be shown: ``refused`` says why."""
    gone = {each.version for each in tombstones}
    books: list[Book] = []
    refused = list(shelf.refused)
    for release in shelf.releases:
        if release.version in gone:
            continue
        try:
            contents = read_contents(release.database)
            books.append(Book(release, contents, downloads(release), served_copy(release, contents, cache)))
        except (LookupError, TypeError, ValueError, sqlite3.Error) as error:
            refused.append(Refused(release.version, f"it cannot be shown ({type(error).__name__})"))
    return Library(tuple(books), tuple(tombstones), project, tuple(refused))
