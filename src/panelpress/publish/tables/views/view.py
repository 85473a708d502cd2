"""A view of a database release, as data. Written in SQL that DuckDB and SQLite both read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from panelpress.model.text import LocalText

ViewKind = Literal["all", "sample", "trend"]


@dataclass(frozen=True, slots=True)
class View:
    """A named SELECT over the tables of an edition. ``waves`` are those whose rows it can hold, ``left_out`` those of the same
    study that it leaves out because a break excludes them."""

    name: str
    kind: ViewKind
    select: str
    description: LocalText
    waves: tuple[str, ...]
    study: str | None = None
    variable: str | None = None
    left_out: tuple[str, ...] = ()
