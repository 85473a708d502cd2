"""The estimates stage of the gate: every printed number is recomputed from the secure tables and must keep its verdict.

Findings name the number and its verdict, never the recomputed value: values from secure tables stay in the work folder
(``reports/estimates.csv``, written by ``write_report``).
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

import duckdb

from panelpress.model.estimate import Judged, PrintedNumber
from panelpress.model.findings import Finding
from panelpress.schemas.declarations import Declarations
from panelpress.validation.estimates.judge import judge
from panelpress.validation.estimates.recompute import Recomputer

REPORT = "estimates.csv"


def recompute_all(
    rows: duckdb.DuckDBPyConnection, declarations: Declarations, register: Iterable[PrintedNumber]
) -> tuple[Judged, ...]:
    """Every number of the register with its value from the secure tables in ``rows`` and its verdict."""
    recomputer = Recomputer(rows, declarations.studies, declarations.samples, declarations.variables, declarations.missing)
    return judge((number, recomputer.compute(number)) for number in register)


def findings(judged: Iterable[Judged], run: str) -> tuple[Finding, ...]:
    """One finding a printed number. What is not reproduced, and what lacks data without saying so in the register, blocks."""
    return tuple(_finding(each, run) for each in judged)


def _finding(each: Judged, run: str) -> Finding:
    number = each.number
    unexplained = each.verdict == "not computable" and number.statistic != "none"
    failed = each.verdict == "not reproduced" or unexplained
    message = f"{number.locator} prints {number.printed}: {each.verdict}"
    if failed:
        message += f"; see {REPORT} among the reports of the work folder"
    return Finding(
        run=run,
        stage="estimates",
        tool="duckdb",
        rule=f"estimate.{number.id}",
        resource=number.study,
        field=number.variable,
        severity="error",
        n_failed=int(failed),
        n_total=1,
        message=message,
    )


def write_report(judged: Sequence[Judged], path: Path) -> None:
    """The private table of recomputed values, for the work folder only."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(("id", "fact_key", "locator", "printed", "value", "recomputed", "difference", "n", "verdict", "why"))
        for each in judged:
            number, found = each.number, each.found
            writer.writerow(
                (
                    number.id,
                    number.fact_key,
                    number.locator,
                    number.printed,
                    f"{number.value:g}",
                    "" if found.value is None else f"{found.value:.4f}",
                    "" if each.difference is None else f"{each.difference:.4f}",
                    "" if found.n is None else found.n,
                    each.verdict,
                    each.why,
                )
            )
