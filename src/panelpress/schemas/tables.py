"""Derives the published tables of responses and persons from the crosswalk, so that no list of columns is written twice.

The catalogue tables (``variables``, ``value_labels`` ...) have fixed columns; they are declared in ``catalogue``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from panelpress.model.missing import MissingReasons
from panelpress.model.study import Study
from panelpress.model.table import Field, FieldType, ForeignKey, Table
from panelpress.model.text import LocalText
from panelpress.model.variable import Category, Variable

_TYPES: dict[str, FieldType] = {"integer": "integer", "decimal": "number", "date": "date", "text": "string"}


def english(text: str) -> LocalText:
    return LocalText({"en": text})


def field_type(variable: Variable) -> FieldType:
    """Logical type of the value column: integer codes, or text where the declared codes are text."""
    if variable.is_categorical:
        return "string" if variable.codes_are_text else "integer"
    return _TYPES[variable.type]


def variable_fields(variable: Variable, missing: MissingReasons) -> tuple[Field, Field]:
    """The two channels of a variable: its value, NULL when missing, and the reason, NULL when there is a value."""
    value = Field(
        name=variable.id,
        type=field_type(variable),
        title=variable.label,
        description=variable.question or variable.note,
        categories=variable.categories,
        ordered=variable.type == "ordinal",
        minimum=variable.minimum,
        maximum=variable.maximum,
        unit=variable.unit,
        variable=variable.id,
    )
    reasons = tuple(Category(each.reason, each.text) for each in missing)
    label = LocalText(
        {
            language: f"{text} — why missing" if language == "en" else f"{text} — причина пропуска" if language == "ru" else text
            for language, text in variable.label.by_language.items()
        }
    )
    why = Field(name=variable.why, type="string", title=label, categories=reasons, why_of=variable.id)
    return value, why


def key_fields(study: Study) -> tuple[Field, ...]:
    """Key columns of a study's responses: person and wave, or the record alone for a list of records."""
    if study.kind == "records":
        return (
            Field(
                "record_id",
                "string",
                english("Record"),
                english("Pseudonym of the record, in an id space of its own."),
                required=True,
            ),
        )
    waves = tuple(Category(wave.id, wave.label) for wave in study.waves)
    return (
        Field(
            "person_id",
            "string",
            english("Person"),
            english("Pseudonym of the person, of this release and tier alone."),
            required=True,
        ),
        Field(
            "wave",
            "string",
            english("Wave"),
            english("Wave in which the person answered."),
            categories=waves,
            ordered=True,
            required=True,
        ),
    )


def responses_table(study: Study, variables: Iterable[Variable], missing: MissingReasons) -> Table:
    """One row a person and wave (or a record), two columns a variable."""
    keys = key_fields(study)
    fields = [*keys, *(each for variable in variables for each in variable_fields(variable, missing))]
    references: tuple[ForeignKey, ...] = ()
    if study.kind == "panel":
        references = (
            ForeignKey(("person_id",), study.persons_table, ("person_id",)),
            ForeignKey(("wave",), "waves", ("wave",)),
        )
    return Table(
        name=study.table,
        kind="responses" if study.kind == "panel" else "records",
        title=study.title,
        description=study.description,
        fields=tuple(fields),
        primary_key=tuple(field.name for field in keys),
        foreign_keys=references,
        study=study.id,
    )


def persons_table(study: Study) -> Table:
    """One row a person of a panel study: in which waves the person answered."""
    waves = tuple(Category(wave.id, wave.label) for wave in study.waves)
    return Table(
        name=study.persons_table,
        kind="persons",
        title=LocalText({language: f"{text}: persons" for language, text in study.title.by_language.items() if language == "en"}),
        description=english("Participation of each person, computed from the released responses."),
        fields=(
            Field("person_id", "string", english("Person"), required=True),
            Field(
                "participation",
                "string",
                english("Participation"),
                english("Waves answered, in order, separated by a blank."),
                required=True,
            ),
            Field("n_waves", "integer", english("Waves answered"), minimum="1", required=True),
            Field("first_wave", "string", english("First wave answered"), categories=waves, ordered=True, required=True),
        ),
        primary_key=("person_id",),
        study=study.id,
    )


def of_study(study: Study, variables: Sequence[Variable]) -> tuple[Variable, ...]:
    """The variables that belong to ``study``: those with a rule for any of its waves."""
    return tuple(variable for variable in variables if any(wave in variable.waves for wave in study.wave_ids))
