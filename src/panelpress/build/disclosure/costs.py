"""What a protected table cost in each named sample, and which floors and budgets it did not keep."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import duckdb

from panelpress.build.compiler.quote import name, text
from panelpress.build.disclosure.sql import first_row
from panelpress.build.disclosure.vocabulary import Vocabulary
from panelpress.model.disclosure import StudyRules
from panelpress.model.missing import NOT_ASKED, SUPPRESSED
from panelpress.model.protection import KeyCost, SampleCost
from panelpress.model.study import Study


def sample_cost(
    rows: duckdb.DuckDBPyConnection,
    study: Study,
    sample: str,
    select: str,
    target: str,
    vocabularies: Sequence[Vocabulary],
    published: Mapping[str, Sequence[int]],
) -> SampleCost:
    """Cost in the rows of ``select`` (SQL over the secure table). ``published[key]`` lists levels in use, finest first; a key
    with none is left out of the table."""
    keys = ", ".join(name(key) for key in study.key)
    listed = [vocabulary.variable for vocabulary in vocabularies if published[vocabulary.key.variable]]
    cells = ", ".join(f"{name(each.id)}, {name(each.why)}" for each in listed)
    asked = ", ".join(f"count(*) FILTER ({name(each.variable.why)} IS DISTINCT FROM {text(NOT_ASKED)})" for each in vocabularies)
    responses, *had = first_row(
        rows, f"SELECT count(*), {asked} FROM ({select})" if asked else f"SELECT count(*) FROM ({select})"
    )
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
    rows.execute("DROP TABLE pp_sample")
    return SampleCost(sample, responses, responses - kept, tuple(costs))


def _shares(vocabulary: Vocabulary, levels: Sequence[int]) -> dict[object, float]:
    """Share of the domain that each published code covers; codes of several levels mean the same wherever they occur."""
    shares: dict[object, float] = {}
    for level in levels:
        for look, lost in zip(vocabulary.looks[level], vocabulary.losses[level], strict=True):
            if look[1] is None:
                shares.setdefault(look[0], lost)
    return shares


def refusals(
    rules: StudyRules,
    costs: Mapping[str, SampleCost],
    vocabularies: Sequence[Vocabulary],
    published: Mapping[str, Sequence[int]],
) -> tuple[str, ...]:
    """Every floor and budget of the tier that was not kept, in the words of the declaration."""
    found = []
    by_key = {vocabulary.key.variable: vocabulary.key for vocabulary in vocabularies}
    for floor in rules.floors:
        key = by_key.get(floor.variable)
        if key is None:
            found.append(f"the floor `{floor.variable}` in `{floor.sample}`: the variable is not in this tier.")
            continue
        cost = next(each for each in costs[floor.sample].keys if each.variable == floor.variable)
        if any(level > key.level_index(floor.level) for level in published[floor.variable]) and not key.local:
            found.append(f"the floor `{floor.variable}` at `{floor.level}` in `{floor.sample}`: only a coarser level is safe.")
        elif cost.lost > floor.starred + 1e-12:
            found.append(
                f"the floor `{floor.variable}` at `{floor.level}` in `{floor.sample}`: {cost.lost:.1%} of its answers had to be "
                f"starred or withheld, {floor.starred:.1%} may be."
            )
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
