"""What a protected table cost in each named sample, and which floors and budgets it did not keep."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import duckdb

from panelpress.build.compiler.quote import name, text
from panelpress.build.disclosure.samples import Selection
from panelpress.build.disclosure.sql import first_row, value_literal
from panelpress.build.disclosure.vocabulary import Vocabulary
from panelpress.model.disclosure import StudyRules
from panelpress.model.missing import NOT_ASKED, SUPPRESSED
from panelpress.model.protection import KeyCost, SampleCost
from panelpress.model.study import Study


def sample_cost(
    rows: duckdb.DuckDBPyConnection,
    study: Study,
    sample: Selection,
    target: str,
    vocabularies: Sequence[Vocabulary],
    published: Mapping[str, Sequence[int]],
) -> SampleCost:
    """Cost in the rows of ``sample``, counted in responses. ``published[key]`` lists levels in use, finest first; a key
    with none is left out of the table."""
    select, keys = sample.select, ", ".join(name(key) for key in study.key)
    listed = [vocabulary.variable for vocabulary in vocabularies if published[vocabulary.key.variable]]
    cells = ", ".join(f"{name(each.id)}, {name(each.why)}" for each in listed)
    asked = ", ".join(f"count(*) FILTER ({name(each.variable.why)} IS DISTINCT FROM {text(NOT_ASKED)})" for each in vocabularies)
    responses, *had = first_row(
        rows, f"SELECT count(*), {asked} FROM ({select})" if asked else f"SELECT count(*) FROM ({select})"
    )
    if sample.all:
        rows.execute(f"CREATE OR REPLACE TEMP VIEW pp_sample AS SELECT {cells or 'NULL'} FROM {target}")
    else:
        inside = f"{target} SEMI JOIN (SELECT {keys} FROM ({select})) USING ({keys})"
        rows.execute(f"CREATE OR REPLACE TEMP TABLE pp_sample AS SELECT {cells or 'NULL'} FROM {inside}")
    kept = int(first_row(rows, "SELECT count(*) FROM pp_sample")[0])
    costs = []
    for vocabulary, cells_had in zip(vocabularies, had, strict=True):
        variable = vocabulary.variable
        if not published[variable.id]:
            costs.append(KeyCost(variable.id, cells_had, cells_had, 0, 1.0))
            continue
        found = rows.execute(
            f"SELECT {name(variable.id)}, {name(variable.why)}, count(*) FROM pp_sample "
            f"WHERE {name(variable.why)} IS DISTINCT FROM {text(NOT_ASKED)} GROUP BY ALL"
        ).fetchall()
        shares = _shares(vocabulary, published[variable.id])
        starred = sum(n for _, why, n in found if why == SUPPRESSED)
        gone = cells_had - sum(n for _, _, n in found)
        lost = sum(n * shares.get(value, 0.0) for value, why, n in found if why is None) + starred + gone
        costs.append(KeyCost(variable.id, cells_had, starred, gone, lost / cells_had if cells_had else 0.0))
    rows.execute(f"DROP {'VIEW' if sample.all else 'TABLE'} pp_sample")
    return SampleCost(sample.sample, responses, responses - kept, tuple(costs))


def _shares(vocabulary: Vocabulary, levels: Sequence[int]) -> dict[object, float]:
    """Share of the domain that each published code covers; codes of several levels mean the same wherever they occur."""
    shares: dict[object, float] = {}
    for level in levels:
        for look, lost in zip(vocabulary.looks[level], vocabulary.losses[level], strict=True):
            if look[1] is None:
                shares.setdefault(look[0], lost)
    return shares


def floor_missed(
    rows: duckdb.DuckDBPyConnection,
    study: Study,
    selection: Selection,
    target: str,
    vocabulary: Vocabulary,
    levels: Sequence[int],
    coarsest: int,
) -> float:
    """Share of the answers in a sample that are published coarser than level ``coarsest``, starred or withheld; where the sample
    counts persons, of the persons none of whose answers is published at that level or finer."""
    variable = vocabulary.variable
    kept = [level for level in levels if level <= coarsest]
    if not kept:
        return 1.0
    value, why = name(variable.id), name(variable.why)
    shows = f"o.{why} IS NOT NULL AND o.{why} <> {text(SUPPRESSED)} OR o.{value} IS NOT NULL"
    if len(kept) < len(levels):
        codes = {look[0] for level in kept for look in vocabulary.looks[level] if look[1] is None}
        fine = ", ".join(sorted(value_literal(code) for code in codes)) or "NULL"
        shows = f"o.{why} IS NOT NULL AND o.{why} <> {text(SUPPRESSED)} OR o.{value} IN ({fine})"
    keys = ", ".join(name(key) for key in study.key)
    asked = f"SELECT {keys} FROM ({selection.select}) WHERE {why} IS DISTINCT FROM {text(NOT_ASKED)}"
    answers = (
        f"SELECT s.{name(study.key[0])} AS person, coalesce({shows}, FALSE) AS shown "
        f"FROM ({asked}) AS s LEFT JOIN {target} AS o USING ({keys})"
    )
    if selection.unit == "person":
        answers = f"SELECT person, bool_or(shown) AS shown FROM ({answers}) GROUP BY person"
    total, shown = first_row(rows, f"SELECT count(*), count(*) FILTER (shown) FROM ({answers})")
    return 1 - shown / total if total else 0.0


def refusals(
    rows: duckdb.DuckDBPyConnection,
    study: Study,
    rules: StudyRules,
    chosen: Mapping[str, Selection],
    costs: Mapping[str, SampleCost],
    target: str,
    vocabularies: Sequence[Vocabulary],
    published: Mapping[str, Sequence[int]],
) -> tuple[str, ...]:
    """Every floor and budget of the tier that was not kept, in the words of the declaration."""
    found = []
    by_key = {vocabulary.key.variable: vocabulary for vocabulary in vocabularies}
    for floor in rules.floors:
        which = f"the floor `{floor.variable}` at `{floor.level}` in `{floor.sample}`"
        if floor.variable not in by_key:
            found.append(f"{which}: the variable is not in this tier.")
            continue
        vocabulary, levels = by_key[floor.variable], published[floor.variable]
        coarsest = vocabulary.key.level_index(floor.level)
        missed = floor_missed(rows, study, chosen[floor.sample], target, vocabulary, levels, coarsest)
        if missed > floor.starred + 1e-12:
            unit = "persons" if chosen[floor.sample].unit == "person" else "answers"
            found.append(f"{which}: {missed:.1%} of {unit} lost it, {floor.starred:.1%} may.")
    for budget in rules.budgets:
        cost_of = costs[budget.sample]
        withheld = cost_of.withheld / cost_of.responses if cost_of.responses else 0.0
        for word, allowed, actual in (
            ("ncp", budget.ncp, cost_of.ncp),
            ("starred", budget.starred, cost_of.starred),
            ("withheld", budget.withheld, withheld),
        ):
            if allowed is not None and actual > allowed + 1e-12:
                found.append(f"the budget of `{budget.sample}`: {word} is {actual:.3f}, {allowed:.3f} was declared.")
    return tuple(found)
