"""Finds names and labels that a format would cut, before anything is written: nothing is ever shortened silently.

SPSS: names 64 bytes, variable labels 256 bytes, value labels 120 bytes, file label 64 bytes (bytes of UTF-8: a Cyrillic letter
takes two); names must differ beyond upper and lower case. Stata: names 32 characters, variable labels and the file's label 80
characters, value labels 16,000 characters. Checked in every language. Limits as documented by IBM (SPSS Statistics, Command
Syntax Reference) and StataCorp (``help limits``); pyreadstat cuts the SPSS ones without a word.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from panelpress.errors import DeclarationError
from panelpress.model.release import Edition
from panelpress.model.table import Table
from panelpress.publish.formats.dialects import SPSS, STATA
from panelpress.publish.formats.labelled import LABELLED_KINDS, Column, Dialect, labelled_columns

Format = Literal["spss", "stata"]
SHOWN = 10


@dataclass(frozen=True, slots=True)
class Limits:
    """Greatest lengths of a format. ``in_bytes`` says that labels are measured in bytes of UTF-8, else in characters."""

    name: int
    label: int
    value_label: int
    file_label: int
    in_bytes: bool

    def length(self, text: str) -> int:
        return len(text.encode("utf-8")) if self.in_bytes else len(text)


DIALECTS: dict[Format, Dialect] = {"spss": SPSS, "stata": STATA}
LIMITS: dict[Format, Limits] = {
    "spss": Limits(name=64, label=256, value_label=120, file_label=64, in_bytes=True),
    "stata": Limits(name=32, label=80, value_label=16_000, file_label=80, in_bytes=False),
}


@dataclass(frozen=True, slots=True)
class Misfit:
    """One text that a format cannot hold: what it is, how long it is and may be."""

    format: Format
    table: str
    column: str
    what: str
    length: int
    limit: int
    declared_in: str = ""

    def __str__(self) -> str:
        unit = "bytes" if LIMITS[self.format].in_bytes else "characters"
        return f"{self.table}.{self.column}: {self.what} has {self.length} {unit}, {self.format} holds {self.limit}"


def file_label(edition: Edition, table: Table) -> str:
    """What the file calls itself: project, version, table, and *simulated* first where no respondent exists."""
    said = "SIMULATED " if edition.simulated else ""
    return f"{said}{edition.project.id} {edition.version} {table.name}"


def misfits(edition: Edition, format: Format) -> tuple[Misfit, ...]:
    """Everything in the labelled tables of ``edition`` that ``format`` would cut or refuse, in every language."""
    tables = [table for table in edition.tables if table.kind in LABELLED_KINDS]
    return tuple(found for table in tables for found in _of_table(edition, table, format))


def refuse_what_does_not_fit(edition: Edition, format: Format) -> None:
    """Raises DeclarationError that names every text (the first ten) that ``format`` cannot hold."""
    found = misfits(edition, format)
    if not found:
        return
    listed = "; ".join(str(each) for each in found[:SHOWN])
    more = f"; and {len(found) - SHOWN} more" if len(found) > SHOWN else ""
    where = next((each.declared_in for each in found if each.declared_in), "") or edition.project.id
    raise DeclarationError(where, f"{listed}{more}.", "Shorten them in the declaration: a cut label is a wrong label.")


def _of_table(edition: Edition, table: Table, format: Format) -> Iterator[Misfit]:
    limits = LIMITS[format]
    columns = labelled_columns(table, edition.missing, DIALECTS[format])
    declared = {variable.id: variable.declared_in for variable in edition.variables}

    def misfit(column: Column | None, what: str, length: int, limit: int) -> Misfit:
        name = column.name if column else "(file)"
        source = declared.get(column.source.variable or column.source.why_of or "", "") if column else ""
        return Misfit(format, table.name, name, what, length, limit, source)

    title = file_label(edition, table)
    if limits.length(title) > limits.file_label:
        yield misfit(None, "the file label", limits.length(title), limits.file_label)
    if format == "spss":
        yield from (misfit(each, "the name, which another column has but for case,", 1, 0) for each in _same_names(columns))
    for column in columns:
        if limits.length(column.name) > limits.name:
            yield misfit(column, "the name", limits.length(column.name), limits.name)
        for language in edition.project.languages:
            text = column.title.in_language(language)
            if limits.length(text) > limits.label:
                yield misfit(column, f"the label ({language})", limits.length(text), limits.label)
            for code, label in column.labels.items():
                text = label.in_language(language)
                if limits.length(text) > limits.value_label:
                    yield misfit(column, f"the label of code {code} ({language})", limits.length(text), limits.value_label)


def _same_names(columns: tuple[Column, ...]) -> Iterator[Column]:
    """Columns whose names differ from an earlier one in nothing but case: SPSS takes them for one."""
    counted = Counter(each.name.casefold() for each in columns)
    seen: set[str] = set()
    for each in columns:
        if counted[each.name.casefold()] > 1 and each.name.casefold() in seen:
            yield each
        seen.add(each.name.casefold())
