"""The rows of each named sample, and of each stratum, that floors and budgets speak of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import duckdb

from panelpress.build.compiler.quote import name
from panelpress.build.compiler.study import sample_sql
from panelpress.build.disclosure.history import PEOPLE
from panelpress.build.disclosure.strata import strata_of
from panelpress.model.disclosure import EVERYONE, StudyKeys, StudyRules
from panelpress.model.study import Sample, Study
from panelpress.model.variable import Variable


@dataclass(frozen=True, slots=True)
class Selection:
    """Rows of a sample: ``select`` is SQL over the harmonized table; ``unit`` says whether it counts persons or responses;
    ``all`` that it holds every row."""

    sample: str
    select: str
    unit: str
    all: bool


def selections(study: Study, variables: Sequence[Variable], keys: StudyKeys, samples: Sequence[Sample]) -> dict[str, Selection]:
    """Every named sample of the study and every stratum, by id. A sample wins over a stratum of the same name."""
    known = [variable.id for variable in variables]
    table = name(study.table)
    found = {}
    for stratum in strata_of(keys):
        where = None if stratum == EVERYONE or "wave" not in study.key else stratum.where
        as_sample = Sample(stratum.id, study.id, study.title, where)
        found[stratum.id] = Selection(stratum.id, sample_sql(as_sample, study, table, known), "response", where is None)
    for sample in samples:
        if sample.study == study.id:
            found[sample.id] = Selection(sample.id, sample_sql(sample, study, table, known), sample.unit, sample.where is None)
    return found


def stratum_shares(
    rows: duckdb.DuckDBPyConnection,
    study: Study,
    rules: StudyRules,
    chosen: Mapping[str, Selection],
    stratum_of: Mapping[int, str],
) -> dict[str, dict[str, float]]:
    """How much of each sample that a floor names lies in each stratum, counted in the unit of the sample."""
    shares: dict[str, dict[str, float]] = {}
    for sample in {floor.sample for floor in rules.floors}:
        selection = chosen[sample]
        counted = "count(DISTINCT p.person)" if selection.unit == "person" else "count(*)"
        counts = rows.execute(
            f"SELECT p.pattern, {counted} FROM ({selection.select}) AS s "
            f"JOIN {PEOPLE} AS p ON p.person = s.{name(study.key[0])} GROUP BY ALL"
        ).fetchall()
        total = sum(n for _, n in counts) or 1
        by_stratum: dict[str, float] = {}
        for pattern, n in counts:
            stratum = stratum_of.get(pattern, "")
            by_stratum[stratum] = by_stratum.get(stratum, 0.0) + n / total
        shares[sample] = by_stratum
    return shares
