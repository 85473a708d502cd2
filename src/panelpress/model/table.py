"""Published tables and their fields: the vocabulary that Table Schema, DDL, pandera, labels and codebook are made from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from panelpress.model.text import NO_TEXT, LocalText
from panelpress.model.variable import Category

FieldType = Literal["string", "integer", "number", "date", "boolean"]
TableKind = Literal["responses", "persons", "records", "catalogue", "aggregate"]


@dataclass(frozen=True, slots=True)
class Field:
    """One column. ``variable`` names the harmonized variable it holds; ``why_of`` the one whose missing reason it holds."""

    name: str
    type: FieldType
    title: LocalText
    description: LocalText = NO_TEXT
    categories: tuple[Category, ...] = ()
    ordered: bool = False
    required: bool = False
    minimum: str | None = None
    maximum: str | None = None
    pattern: str | None = None
    unit: str | None = None
    variable: str | None = None
    why_of: str | None = None


@dataclass(frozen=True, slots=True)
class ForeignKey:
    fields: tuple[str, ...]
    table: str
    reference: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """One published table. Rows are unique on, and written in order of, ``primary_key``; ``unique_keys`` are further sets of
    columns on which no two rows agree (rows with a NULL in them are left out, as in SQL)."""

    name: str
    kind: TableKind
    title: LocalText
    description: LocalText
    fields: tuple[Field, ...]
    primary_key: tuple[str, ...]
    foreign_keys: tuple[ForeignKey, ...] = ()
    study: str | None = None
    unique_keys: tuple[tuple[str, ...], ...] = ()

    def field(self, name: str) -> Field:
        """The field called ``name``. Raises KeyError where there is none."""
        for each in self.fields:
            if each.name == name:
                return each
        raise KeyError(name)

    @property
    def field_names(self) -> tuple[str, ...]:
        return tuple(each.name for each in self.fields)
