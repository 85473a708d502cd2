"""Wide files: one row a person, one column a variable and wave (``<variable>_<wave>``), as models of change want them.

A wave that a person did not answer is missing for the reason ``late_entrant`` before her first wave and ``wave_nonresponse``
after it. A variable that a wave could not ask has no column there. Written as CSV, Parquet, SPSS and Stata in ``data/wide``; the
long tables remain the reference, and the wide ones hold nothing else.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import duckdb

from panelpress.errors import DeclarationError
from panelpress.model.missing import WHY_SUFFIX
from panelpress.model.release import Edition
from panelpress.model.study import Study, Wave
from panelpress.model.table import Field, Table
from panelpress.model.text import LocalText
from panelpress.publish.formats import csv, parquet, spss, stata
from panelpress.publish.formats.limits import refuse_what_does_not_fit
from panelpress.publish.tables.sql import literal, quoted

FOLDER = "data/wide"
NONRESPONSE, LATE = "wave_nonresponse", "late_entrant"


def write(edition: Edition, rows: duckdb.DuckDBPyConnection, folder: Path) -> tuple[Path, ...]:
    """Write every panel study of two or more waves as one wide table in four formats. Raises DeclarationError where a name or
    label does not fit or the project lacks the two reasons."""
    studies = _studies(edition)
    if not studies:
        return ()
    refuse_missing_reasons(edition)
    tables = wide_tables(edition)
    wide = replace(edition, tables=tables)
    for format in ("spss", "stata"):
        refuse_what_does_not_fit(wide, format)
    target = folder / FOLDER
    target.mkdir(parents=True, exist_ok=True)
    paths: list[Path] = []
    for study, table in zip(studies, tables, strict=True):
        with filled(edition, rows, study, table):
            csv.write_table(rows, table, target / f"{table.name}.csv")
            paths.append(target / f"{table.name}.csv")
            paths.append(parquet.write_table(wide, rows, table, target / f"{table.name}.parquet"))
            paths += spss.write_table(wide, rows, table, target)
            paths += stata.write_table(wide, rows, table, target)
    return tuple(paths)


def _studies(edition: Edition) -> tuple[Study, ...]:
    return tuple(study for study in edition.studies if study.kind == "panel" and len(study.waves) > 1)


def wide_tables(edition: Edition) -> tuple[Table, ...]:
    """The wide table of each panel study of two or more waves. Raises what ``wide_table`` raises."""
    return tuple(wide_table(edition, study) for study in _studies(edition))


def refuse_missing_reasons(edition: Edition) -> None:
    """Raises DeclarationError where the taxonomy has no words for a wave that a person did not answer."""
    lacking = [reason for reason in (NONRESPONSE, LATE) if reason not in edition.missing]
    if lacking:
        raise DeclarationError("schemas/missing.csv", f"lacks the reason `{lacking[0]}`.", "Wide files need it: add it.")


def wide_table(edition: Edition, study: Study) -> Table:
    """The declaration of the wide table of ``study``. Raises DeclarationError where two columns would share a name."""
    responses = edition.table(study.table)
    persons = edition.table(study.persons_table)
    fields = list(persons.fields)
    for field in responses.fields:
        if field.variable:
            fields += [each for wave in waves_of(edition, study, field) for each in _columns(responses, field, wave)]
    twice = [name for name, n in Counter(field.name for field in fields).items() if n > 1]
    if twice:
        todo = "Rename a variable: the wide file names columns <variable>_<wave>."
        raise DeclarationError(study.id, f"two columns of the wide file are called `{twice[0]}`.", todo)
    return Table(
        name=f"{study.id}_wide",
        kind="persons",
        title=LocalText({language: f"{text}: wide" for language, text in study.title.by_language.items()}),
        description=LocalText({"en": "One row a person, one column a variable and wave."}),
        fields=tuple(fields),
        primary_key=persons.primary_key,
        study=study.id,
    )


def waves_of(edition: Edition, study: Study, field: Field) -> tuple[Wave, ...]:
    """The waves of ``study`` that could yield the variable of ``field``."""
    rules = edition.variable(field.variable or field.name).waves
    return tuple(wave for wave in study.waves if wave.id in rules and rules[wave.id].status != "impossible")


def _columns(responses: Table, field: Field, wave: Wave) -> tuple[Field, Field]:
    name = f"{field.name}_{wave.id}"
    why = responses.field(field.name + WHY_SUFFIX)
    here = {language: f"{text} ({wave.id})" for language, text in field.title.by_language.items()}
    gone = {language: f"{text} ({wave.id})" for language, text in why.title.by_language.items()}
    return (
        replace(field, name=name, title=LocalText(here), required=False),
        replace(why, name=name + WHY_SUFFIX, title=LocalText(gone), why_of=name),
    )


@contextmanager
def filled(edition: Edition, rows: duckdb.DuckDBPyConnection, study: Study, table: Table) -> Iterator[None]:
    """The wide table stands in ``rows`` as a temporary table while the context lasts."""
    rows.execute(f"CREATE TEMPORARY TABLE {quoted(table.name)} AS {wide_select(edition, study)}")
    try:
        yield
    finally:
        rows.execute(f"DROP TABLE {quoted(table.name)}")


def wide_select(edition: Edition, study: Study) -> str:
    """SQL of the wide table: persons, joined once with each wave's responses."""
    responses = edition.table(study.table)
    order = "[" + ", ".join(literal(wave.id) for wave in study.waves) + "]"
    selected = [f"p.{quoted(field.name)}" for field in edition.table(study.persons_table).fields]
    for field in responses.fields:
        if not field.variable:
            continue
        for wave in waves_of(edition, study, field):
            alias = quoted(f"at_{wave.id}")
            later = f"list_position({order}, p.first_wave) > {study.wave_ids.index(wave.id) + 1}"
            absent = f"CASE WHEN {later} THEN {literal(LATE)} ELSE {literal(NONRESPONSE)} END"
            name = quoted(f"{field.name}_{wave.id}")
            why = quoted(f"{field.name}_{wave.id}{WHY_SUFFIX}")
            selected.append(f"{alias}.{quoted(field.name)} AS {name}")
            selected.append(
                f"CASE WHEN {alias}.person_id IS NULL THEN {absent} ELSE {alias}.{quoted(field.name + WHY_SUFFIX)} END AS {why}"
            )
    joins = " ".join(
        f"LEFT JOIN {quoted(study.table)} AS {quoted(f'at_{wave.id}')} ON {quoted(f'at_{wave.id}')}.person_id = p.person_id "
        f"AND {quoted(f'at_{wave.id}')}.wave = {literal(wave.id)}"
        for wave in study.waves
    )
    return f"SELECT {', '.join(selected)} FROM {quoted(study.persons_table)} AS p {joins}"
