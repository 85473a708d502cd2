"""Facts that no life changes, compared between the waves of a person: a wrong link shows as a second year of birth.

Counts only. What each wave asks is compared by its declared labels where codes have them, by number within the tolerance, else
by text.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from panelpress.model.delivery import Contract
from panelpress.model.findings import Finding
from panelpress.model.linkage import Fact

TOOL = "panelpress.linkage"


def conflicts(fact: Fact, waves: Mapping[str, pl.DataFrame], contracts: Mapping[str, Contract], study: str, run: str) -> Finding:
    """How many persons with the fact in two waves or more contradict themselves. ``waves``: raw rows and ``person_id``."""
    parts = [
        waves[wave].select("person_id", _meaning(column, contracts[wave]).alias("value"))
        for wave, column in fact.columns.items()
        if wave in waves
    ]
    every = pl.concat(parts).drop_nulls() if parts else pl.DataFrame(schema={"person_id": pl.String, "value": pl.String})
    number = pl.col("value").cast(pl.Float64, strict=False)
    by_person = every.group_by("person_id").agg(
        rows=pl.len(),
        different=pl.col("value").n_unique() > 1,
        numbers=number.is_not_null().all(),
        apart=number.max() - number.min(),
    )
    compared = by_person.filter(pl.col("rows") > 1)
    beyond = pl.when("numbers").then(pl.col("apart") > fact.tolerance).otherwise("different")
    return Finding(
        run=run,
        stage="intake",
        tool=TOOL,
        rule="fact_conflict",
        resource=study,
        field=fact.id,
        severity="warning",
        n_failed=compared.filter(beyond).height,
        n_total=compared.height,
        message="persons who contradict themselves on what cannot change: a wrong link, or a slip",
    )


def _meaning(column: str, contract: Contract) -> pl.Expr:
    declared = next((each for each in contract.columns if each.name == column), None)
    labels = {code: text.in_language() for code, text in declared.values.items()} if declared else {}
    cell = pl.col(column).cast(pl.String).str.strip_chars()
    return cell.replace(labels) if labels else cell
