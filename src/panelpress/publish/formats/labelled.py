"""What statistics packages call a labelled file: one column a variable that holds the answer or, as a marked number, the reason
why there is none.

Decides for every field of a table how it travels into SPSS, Stata and coded CSV. The reason of a whole number, a decimal or a
numeric code is folded into the value's column wherever the format can mark it; reasons of text and dates, and of numbers that
may be below zero where the format marks reasons by negative numbers, stay in their ``<variable>__why`` column beside it.
Not here: the formats themselves, and what happens to text that is too long (``limits``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from panelpress.model.missing import MissingReason, MissingReasons
from panelpress.model.table import Field, Table
from panelpress.model.text import LocalText
from panelpress.model.variable import Code
from panelpress.publish.tables.sql import columns, literal, quoted

Kind = Literal["code", "integer", "decimal", "text", "date"]
LABEL_SUFFIX = "__label"
LABELLED_KINDS = ("responses", "records", "persons")
INT32 = 2_000_000_000


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a labelled file. ``sql`` yields its cells in the SQL type ``stored``; ``labels`` are texts of its codes,
    those of reasons included; ``folds`` says that it holds the reasons of its field."""

    name: str
    kind: Kind
    title: LocalText
    sql: str
    stored: str
    source: Field
    labels: Mapping[Code, LocalText] = field(default_factory=dict)
    folds: bool = False


@dataclass(frozen=True, slots=True)
class Dialect:
    """What a format can hold. ``mark`` is the number that stands for a reason in a column of an SQL type;
    ``marks_below_zero`` says that these numbers could be answers; ``label_of`` is the key of a reason among the value labels;
    ``labels_text`` says that text columns can carry labels (where they cannot, a numbered twin ``<variable>__label`` does);
    ``knows_blank`` that text has a NULL beside the empty text; ``long`` and ``decimal`` are the SQL types of numbers that no
    32-bit integer holds."""

    mark: Callable[[MissingReason, str], float]
    label_of: Callable[[MissingReason], int]
    marks_below_zero: bool
    labels_text: bool
    knows_blank: bool
    long: str
    decimal: str


def labelled_columns(table: Table, missing: MissingReasons, dialect: Dialect) -> tuple[Column, ...]:
    """The columns of ``table`` as ``dialect`` can hold them, in the order of its fields."""
    whys = {each.why_of: each for each in table.fields if each.why_of}
    found: list[Column] = []
    for each in table.fields:
        if each.why_of:
            continue
        why = whys.get(each.name) or whys.get(each.variable or "")
        if why is None or why.name not in table.field_names:
            found.append(_plain(each, dialect))
        elif _kind(each) in ("text", "date"):
            found += [_plain(each, dialect), _reasons(why, dialect)]
            if each.categories and not dialect.labels_text:
                found.append(_numbered(each, why, missing, dialect))
        elif dialect.marks_below_zero and _may_be_negative(each):
            found += [_plain(each, dialect), _reasons(why, dialect)]
        else:
            found.append(_folded(each, why, missing, dialect))
    return tuple(found)


def select(table: Table, chosen: tuple[Column, ...]) -> str:
    """A SELECT of ``chosen`` over ``table``, in order of its key."""
    listed = ", ".join(f"{each.sql} AS {quoted(each.name)}" for each in chosen)
    return f"SELECT {listed} FROM {quoted(table.name)} ORDER BY {columns(table.primary_key, prefix=quoted(table.name) + '.')}"


def _kind(each: Field) -> Kind:
    if each.type in ("string", "date"):
        return "text" if each.type == "string" else "date"
    if each.type == "boolean" or (each.type == "integer" and each.categories):
        return "code"
    return "integer" if each.type == "integer" else "decimal"


def _may_be_negative(each: Field) -> bool:
    """Declared codes are looked at; a number counts as safe only where its declared minimum is not below zero."""
    if each.categories:
        return any(isinstance(category.code, int) and category.code < 0 for category in each.categories)
    return each.minimum is None or Decimal(each.minimum) < 0


def fits_int32(each: Field) -> bool:
    """True for codes, and for whole numbers whose declared limits a 32-bit integer holds."""
    if each.categories or each.type == "boolean":
        return True
    limits = (each.minimum, each.maximum)
    return each.type == "integer" and all(limit is not None and abs(Decimal(limit)) < INT32 for limit in limits)


def _stored(each: Field, dialect: Dialect) -> str:
    """SQL of the value of ``each``, in the type that the format stores."""
    kind = _kind(each)
    name = quoted(each.name)
    if kind == "text":
        return name if dialect.knows_blank else f"coalesce({name}, '')"
    if kind == "date":
        return name
    return f"CAST({name} AS {_number_type(each, dialect)})"


def _number_type(each: Field, dialect: Dialect) -> str:
    if fits_int32(each):
        return "INTEGER"
    return dialect.decimal if each.type == "number" else dialect.long


def _own_labels(each: Field) -> dict[Code, LocalText]:
    return {category.code: category.label for category in each.categories if category.label}


def _plain(each: Field, dialect: Dialect) -> Column:
    kind = _kind(each)
    stored = {"text": "VARCHAR", "date": "DATE"}.get(kind) or _number_type(each, dialect)
    labels = _own_labels(each) if kind == "code" or (kind == "text" and dialect.labels_text) else {}
    return Column(each.name, kind, each.title, _stored(each, dialect), stored, each, labels)


def _reasons(why: Field, dialect: Dialect) -> Column:
    title = LocalText({"en": f"Why missing: {why.why_of}", "ru": f"Причина пропуска: {why.why_of}"})
    return Column(why.name, "text", title, _stored(why, dialect), "VARCHAR", why)


def _folded(each: Field, why: Field, missing: MissingReasons, dialect: Dialect) -> Column:
    labels = _own_labels(each) | {dialect.label_of(reason): reason.text for reason in missing}
    stored = _number_type(each, dialect)
    sql = f"coalesce({_stored(each, dialect)}, {_marks(why.name, stored, missing, dialect)})"
    return Column(each.name, _kind(each), each.title, sql, stored, each, labels, folds=True)


def _numbered(each: Field, why: Field, missing: MissingReasons, dialect: Dialect) -> Column:
    """The position of a text code in its list (column ``position`` of ``value_labels``), labelled with the code's text."""
    name = each.name + LABEL_SUFFIX
    labels: dict[Code, LocalText] = {
        position: category.label or LocalText({"en": str(category.code)})
        for position, category in enumerate(each.categories, start=1)
    }
    labels |= {dialect.label_of(reason): reason.text for reason in missing}
    cases = " ".join(
        f"WHEN {literal(str(category.code))} THEN {position}" for position, category in enumerate(each.categories, start=1)
    )
    marks = _marks(why.name, "INTEGER", missing, dialect)
    sql = f"coalesce(CAST(CASE {quoted(each.name)} {cases} END AS INTEGER), {marks})"
    return Column(name, "code", each.title, sql, "INTEGER", each, labels, folds=True)


def _marks(why: str, stored: str, missing: MissingReasons, dialect: Dialect) -> str:
    """SQL that turns the reason in column ``why`` into the number that marks it."""
    cases = " ".join(f"WHEN {literal(each.reason)} THEN {dialect.mark(each, stored)!r}" for each in missing)
    return f"CAST(CASE {quoted(why)} {cases} END AS {stored})"
