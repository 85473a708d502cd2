"""The table ``estimates`` of a release: each printed number beside its value in *this* release, and a verdict.

Values come from the open tables, or from the published aggregates where a variable is not in this tier; nothing of the secure
tables is used, so a reader can compute every one of them again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import duckdb

from panelpress.model.aggregate import MEAN
from panelpress.model.estimate import Base, Judged, PrintedNumber, Recomputed
from panelpress.model.release import Edition
from panelpress.model.table import Table
from panelpress.model.variable import Variable
from panelpress.publish.tables.aggregate_table import AGGREGATES, lookup
from panelpress.publish.tables.catalogue import Row, fill
from panelpress.publish.tables.recoded import recoded
from panelpress.schemas.catalogue import catalogue, column
from panelpress.schemas.declarations import Declarations
from panelpress.validation.estimates.judge import judge
from panelpress.validation.estimates.recompute import Recomputer

ESTIMATES = catalogue(
    "estimates",
    "Printed numbers",
    "Every number that the documents print, its value recomputed from this release, the difference, and a verdict.",
    [
        column("estimate", "Printed number", required=True),
        column("fact_key", "Fact", required=True, about="the same for all places that print one fact"),
        column("scope", "Scope", required=True, about="survey: a result; survey_design: a fact about the survey"),
        column("study", "Study", required=True),
        column("locator", "Document and line", required=True),
        column("figure", "Figure of the report"),
        column("printed", "As printed", required=True),
        column("value", "Read as", "number", required=True),
        column("unit", "Unit", required=True),
        column("op", "Operator of the wording", required=True),
        column("rounding", "What the print allows to either side", "number", required=True),
        column("statistic", "Statistic", required=True),
        column("sample", "Sample"),
        column("versus", "Sample that is subtracted"),
        column("variable", "Variable"),
        column("answer", "Top box or codes"),
        column("wave", "Wave"),
        column("from_wave", "Wave that is subtracted"),
        column("condition", "Restriction of the base"),
        column("recomputed", "Value in this release", "number"),
        column("n", "Base in this release", "integer"),
        column("source", "Computed from"),
        column("difference", "Value in this release minus printed value", "number"),
        column("verdict", "Verdict", required=True),
        column("why", "Why"),
        column("inconsistency", "Entry in the list of inconsistencies"),
        column("note", "How the print is read"),
    ],
    ["estimate"],
)


def open_recomputer(edition: Edition, rows: duckdb.DuckDBPyConnection, declared: Declarations) -> Recomputer:
    """Answers from the released tables, and from the published aggregates where these lack a variable. A variable whose codes
    were made coarser counts as lacking: a condition on a code that is no more would silently find nobody."""
    variables = {variable.id: variable for variable in declared.variables}
    elsewhere = None
    if any(table.name == AGGREGATES.name for table in edition.tables):
        elsewhere = _from_aggregates(edition, rows, variables)
    return Recomputer(
        rows, edition.studies, declared.samples, declared.variables, declared.missing, elsewhere, recoded(edition, variables)
    )


def _from_aggregates(
    edition: Edition, rows: duckdb.DuckDBPyConnection, variables: dict[str, Variable]
) -> Callable[[Base, PrintedNumber], Recomputed | None]:
    studies = {study.id: study for study in edition.studies}
    only = {
        sample.id: studies[sample.study].wave_ids[0] if len(studies[sample.study].waves) == 1 else None
        for sample in edition.samples
        if sample.study in studies
    }
    found = lookup(rows, only.get)

    def elsewhere(base: Base, number: PrintedNumber) -> Recomputed | None:
        name = number.variable or ""
        if number.statistic == MEAN:
            return found(base, name, [MEAN])
        answers = [number.answer] if number.answer in variables[name].top_box else number.answer.split("|")
        return found(base, name, answers)

    return elsewhere


def contribute_printed_numbers(
    register: Sequence[PrintedNumber], declared: Declarations
) -> Callable[[Edition, duckdb.DuckDBPyConnection], tuple[Table, ...]]:
    """A contributor that adds the table. It runs after the one that adds the aggregates."""
    whole = {study.id: study.wave_ids for study in declared.studies}

    def contribute(edition: Edition, rows: duckdb.DuckDBPyConnection) -> tuple[Table, ...]:
        recomputer = open_recomputer(edition, rows, declared)
        held = {study.id for study in edition.studies if study.wave_ids == whole[study.id]}
        absent = Recomputed(None, None, why="not all waves of the study are in this release")
        judged = judge(
            ((number, recomputer.compute(number) if number.study in held else absent) for number in register), release=True
        )
        fill(rows, ESTIMATES, [_row(each) for each in judged])
        return (ESTIMATES,)

    return contribute


def _row(each: Judged) -> Row:
    number, found = each.number, each.found
    return {
        "estimate": number.id,
        "fact_key": number.fact_key,
        "scope": number.scope,
        "study": number.study,
        "locator": number.locator,
        "figure": number.figure or None,
        "printed": number.printed,
        "value": number.value,
        "unit": number.unit,
        "op": number.op,
        "rounding": number.rounding,
        "statistic": number.statistic,
        "sample": "|".join(number.samples) or None,
        "versus": number.versus,
        "variable": number.variable,
        "answer": number.answer or None,
        "wave": "|".join(number.waves) or None,
        "from_wave": number.from_wave,
        "condition": number.where,
        "recomputed": None if found.value is None else round(found.value, 2),
        "n": found.n,
        "source": None if found.value is None else found.source,
        "difference": None if each.difference is None else round(each.difference, 2),
        "verdict": each.verdict,
        "why": each.why or None,
        "inconsistency": number.inconsistency or None,
        "note": number.note or None,
    }
