"""What a release is: its version, date, tier, tables and the facts that its manifest states. Holds no data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from panelpress.model.missing import MissingReasons
from panelpress.model.project import ProjectFacts
from panelpress.model.study import Sample, Study
from panelpress.model.table import Table
from panelpress.model.text import NO_TEXT, LocalText
from panelpress.model.variable import Tier, Variable


@dataclass(frozen=True, slots=True)
class Edition:
    """Everything that exporters, codebook and site need to know of one release, beside the database that holds its rows.

    ``tables`` are in publication order; a DuckDB connection handed along holds one table of each name, already protected.
    ``released`` is an ISO day and stamps every file. ``disclosure`` is the public statement of how the tier was protected,
    ``notes`` what the maintainers want to say of this release.
    """

    version: str
    released: str
    tier: Tier
    project: ProjectFacts
    studies: tuple[Study, ...]
    variables: tuple[Variable, ...]
    missing: MissingReasons
    samples: tuple[Sample, ...]
    tables: tuple[Table, ...]
    disclosure: Mapping[str, Any]
    notes: LocalText = NO_TEXT

    @property
    def simulated(self) -> bool:
        return self.project.simulated

    def table(self, name: str) -> Table:
        """The table called ``name``. Raises KeyError where there is none."""
        for each in self.tables:
            if each.name == name:
                return each
        raise KeyError(name)

    def variable(self, identifier: str) -> Variable:
        """The variable called ``identifier``. Raises KeyError where there is none."""
        for each in self.variables:
            if each.id == identifier:
                return each
        raise KeyError(identifier)


@dataclass(frozen=True, slots=True)
class PublishedFile:
    """One file of a release: path inside it, what it is, size in bytes and SHA-256 of its bytes."""

    path: str
    kind: str
    bytes: int
    sha256: str
    table: str | None = None

    @property
    def repeats(self) -> bool:
        """True where another build writes the same bytes. DuckDB lays out its file as it likes: only ``SHA256SUMS`` quotes its
        hash, so that every other file repeats; the logical hashes of the tables stand for its content."""
        return self.kind != "duckdb"
