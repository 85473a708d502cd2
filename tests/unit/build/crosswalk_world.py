"""A two-wave world for crosswalk tests: variables written as YAML, raw rows as dicts, harmonized in memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb

from panelpress.build.harmonize import harmonize
from panelpress.build.load import connect
from panelpress.model.variable import Variable
from panelpress.schemas.checker import Problem
from panelpress.schemas.crosswalk import with_rates
from panelpress.schemas.crosswalk_checks import cross_checks
from panelpress.schemas.variable_reader import read_variables
from panelpress.schemas.yaml_reader import read_documents
from worlds import MISSING, STUDY

HEAD = "spec: panel-crosswalk/0.1\nlabel: {en: Label}\nconcept: c\n"
YES_NO = "type: nominal\ncategories: [{code: 0, label: {en: No}}, {code: 1, label: {en: Yes}}]\n"
NOT_IN_B = "  b: {status: impossible, reason: not_asked}\n"


def declare(folder: Path, *texts: str) -> tuple[tuple[Variable, ...], list[Problem]]:
    """Variables of the YAML ``texts`` (without the common head) and all problems, shape and cross checks together."""
    path = folder / "variables.yaml"
    path.write_text("---\n".join(HEAD + text for text in texts), encoding="utf-8")
    variables: list[Variable] = []
    problems: list[Problem] = []
    for document in read_documents(path, folder):
        read, wrong = read_variables(document, folder, ("en",))
        problems += wrong
        for variable in read:
            rated, wrong = with_rates(variable, folder)
            variables.append(rated)
            problems += wrong
    return tuple(variables), problems + cross_checks(variables, (STUDY,), MISSING, ())


def run(
    folder: Path, texts: Sequence[str], a: Sequence[Mapping[str, Any]], b: Sequence[Mapping[str, Any]] = ()
) -> list[dict[str, Any]]:
    """Harmonizes raw rows of waves a and b; returns harmonized rows in order of person and wave."""
    variables, problems = declare(folder, *texts)
    assert problems == []
    rows = connect(":memory:")
    put(rows, "tiny_a", a)
    put(rows, "tiny_b", b or [dict.fromkeys(("person_id", "record_id"))], empty=not b)
    harmonize(rows, STUDY, variables, MISSING)
    result = rows.sql("SELECT * FROM tiny_responses ORDER BY person_id, wave")
    return [dict(zip(result.columns, row, strict=True)) for row in result.fetchall()]


def put(rows: duckdb.DuckDBPyConnection, table: str, given: Sequence[Mapping[str, Any]], empty: bool = False) -> None:
    columns = list(dict.fromkeys(key for row in given for key in row))
    rows.execute(
        f"CREATE OR REPLACE TABLE raw.{table} ({', '.join(f'{chr(34)}{column}{chr(34)} VARCHAR' for column in columns)})"
    )
    if not empty:
        marks = ", ".join("?" for _ in columns)
        rows.executemany(f"INSERT INTO raw.{table} VALUES ({marks})", [[row.get(column) for column in columns] for row in given])


def people(column: str, values: Sequence[str | None]) -> list[dict[str, Any]]:
    """One raw row a value, persons p1, p2, ..."""
    return [{"person_id": f"p{n}", "record_id": f"r{n}", column: value} for n, value in enumerate(values, start=1)]
