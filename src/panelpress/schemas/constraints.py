"""Turns declarations (contracts of deliveries, published tables) into constraints, the one list that every validator compiles.

Nothing is checked here and no tool is known here. What a table promises stands once, in its ``Table``; what a wave file must
look like stands once, in its contract.
"""

from __future__ import annotations

from collections.abc import Iterable

from panelpress.model.constraint import Constraint
from panelpress.model.delivery import Contract, ContractColumn
from panelpress.model.table import Field, FieldType, Table

# Intake puts these before the kept columns of every de-identified wave file.
WAVE_KEYS = ("person_id", "record_id")
_WAVE_TYPES: dict[str, FieldType] = {"integer": "integer", "number": "number", "date": "date"}


def wave_type(column: ContractColumn) -> FieldType:
    """Lexical type of a raw column. A date and time stays text: exports write too many forms of it."""
    return _WAVE_TYPES.get(column.type, "string")


def of_wave(contract: Contract, person_key: bool = True) -> tuple[Constraint, ...]:
    """Constraints of the de-identified wave file of ``contract``. ``person_key`` is false for lists of records, which are
    keyed by the record alone."""
    name = f"{contract.study}_{contract.wave}"
    key = "person_id" if person_key else "record_id"
    found = [
        Constraint("wave", "key_complete", name, (key,)),
        Constraint("wave", "key_unique", name, (key,)),
    ]
    for column in contract.kept:
        fields, kind = (column.name,), wave_type(column)
        codes = tuple(column.values)
        ranged = column.minimum is not None or column.maximum is not None
        if kind != "string":
            found.append(Constraint("wave", "type", name, fields, type=kind, values=tuple(_not_of(kind, codes))))
        if column.required:
            found.append(Constraint("wave", "required", name, fields))
        if ranged:
            found.append(
                Constraint("wave", "range", name, fields, kind, values=codes, minimum=column.minimum, maximum=column.maximum)
            )
        elif codes:
            found.append(Constraint("wave", "codes", name, fields, kind, values=codes))
    return tuple(found)


def _not_of(kind: FieldType, codes: Iterable[str]) -> Iterable[str]:
    """Declared codes that are not of the column's own type, such as ``NA`` in a column of numbers."""
    for code in codes:
        digits = code.lstrip("+-")
        number = digits.replace(".", "", 1).isdigit() if kind == "number" else digits.isdigit()
        if kind == "date" or not number:
            yield code


def of_table(table: Table) -> tuple[Constraint, ...]:
    """Constraints of a published table as it stands in the database before it is written to files."""
    name = table.name
    found = [Constraint("table", "columns", name, table.field_names)]
    for field in table.fields:
        found += _of_field(name, field, field.name in table.primary_key)
    names = set(table.field_names)
    for field in table.fields:
        if field.why_of is not None and field.why_of in names:
            found.append(Constraint("table", "one_channel", name, (field.why_of, field.name)))
    if table.primary_key:
        found.append(Constraint("table", "key_complete", name, table.primary_key))
        found.append(Constraint("table", "key_unique", name, table.primary_key))
    found += [Constraint("table", "unique", name, fields) for fields in table.unique_keys]
    found += [Constraint("table", "foreign_key", name, each.fields, reference=each) for each in table.foreign_keys]
    return tuple(found)


def _of_field(table: str, field: Field, in_key: bool) -> list[Constraint]:
    fields = (field.name,)
    found = [Constraint("table", "type", table, fields, field.type)]
    if field.required and not in_key:
        found.append(Constraint("table", "required", table, fields))
    if field.pattern is not None:
        found.append(Constraint("table", "pattern", table, fields, pattern=field.pattern))
    if field.categories:
        codes = tuple(category.code for category in field.categories)
        found.append(Constraint("table", "codes", table, fields, field.type, values=codes))
    elif field.type == "string":
        found.append(Constraint("table", "blank_text", table, fields))
    if field.minimum is not None or field.maximum is not None:
        found.append(Constraint("table", "range", table, fields, field.type, minimum=field.minimum, maximum=field.maximum))
    return found
