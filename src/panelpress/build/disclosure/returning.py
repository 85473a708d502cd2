"""Finds variables that would return what recoding took away, and says why they are left out of a tier.

A variable made from a key (or from the same raw column) may stay only where it says nothing that the published looks do not say:
where its value and reason are a function of them. One that a key merely routes may stay where being routed past it is such a
function. Both are counted in the secure table, at the levels that are published.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import duckdb

from panelpress.build.compiler.quote import name, text
from panelpress.build.disclosure.output import recoded
from panelpress.build.disclosure.relatives import Relatives
from panelpress.build.disclosure.sql import first_row
from panelpress.build.disclosure.vocabulary import Vocabulary
from panelpress.model.missing import NOT_APPLICABLE
from panelpress.model.study import Study
from panelpress.model.variable import Variable


def returning(
    rows: duckdb.DuckDBPyConnection,
    study: Study,
    variables: Sequence[Variable],
    vocabularies: Sequence[Vocabulary],
    relatives: Relatives,
    published: Mapping[str, Sequence[int]],
    left_out: Collection[str],
) -> dict[str, str]:
    """Variables to leave out, each with its reason. ``published[key]`` are the levels in use, none where it is withheld."""
    by_key = {vocabulary.key.variable: vocabulary for vocabulary in vocabularies}
    found = {}
    for variable in variables:
        if variable.id in by_key or variable.id in left_out:
            continue
        strong = relatives.value.get(variable.id, frozenset())
        routed = relatives.routed.get(variable.id, frozenset())
        keys = sorted(strong or routed)
        if not keys:
            continue
        withheld = [key for key in keys if not published[key]]
        if withheld and strong:
            found[variable.id] = f"would return {withheld[0]}, which is not published"
        elif variable.id in relatives.panel and any(tuple(published[key]) != (0,) for key in keys):
            found[variable.id] = f"looks at other waves of {', '.join(keys)}, which is published coarser"
        elif not withheld and not _is_function(rows, study, variable, [by_key[key] for key in keys], published, bool(strong)):
            found[variable.id] = f"would return what was coarsened in {', '.join(keys)}"
    return found


def _is_function(
    rows: duckdb.DuckDBPyConnection,
    study: Study,
    variable: Variable,
    keys: Sequence[Vocabulary],
    published: Mapping[str, Sequence[int]],
    strong: bool,
) -> bool:
    looks = ["wave"] if "wave" in study.key else []
    for vocabulary in keys:
        coarsest = max(published[vocabulary.key.variable])
        looks += [recoded(vocabulary, coarsest, f"r.{name(vocabulary.variable.id)}"), f"r.{name(vocabulary.variable.why)}"]
    value, why = f"r.{name(variable.id)}", f"r.{name(variable.why)}"
    routed_past = f"{why} IS NOT DISTINCT FROM {text(NOT_APPLICABLE)}"
    shown = f"coalesce(CAST({value} AS VARCHAR), '?' || {why})" if strong else routed_past
    found = first_row(
        rows,
        f"SELECT count(*) FROM (SELECT {', '.join(looks)}, count(DISTINCT {shown}) AS shown FROM {name(study.table)} AS r "
        "GROUP BY ALL) WHERE shown > 1",
    )
    return bool(found[0] == 0)
