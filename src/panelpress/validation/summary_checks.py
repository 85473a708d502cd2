"""Judges the summary tables with Great Expectations: shares, drift, expected counts, retention, minimum cells.

Great Expectations sees ``variable_summary``, ``wave_summary`` and ``cell_summary`` only, which hold no person; over microdata it
would take minutes and print values (measured: 393 checks on 20,000 x 392 took 90 s in pandas, 0.5 s on the summary). It is
imported here, when needed, because the import alone takes about seven seconds.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from panelpress.model.findings import Finding
from panelpress.model.release import Edition
from panelpress.model.rules import Rules
from panelpress.validation import summary
from panelpress.validation.checks import finding
from panelpress.validation.quote import name

KEYS: Mapping[str, tuple[str, ...]] = {
    "variable_summary": ("table_name", "variable", "wave"),
    "wave_summary": ("study", "wave"),
    "cell_summary": ("table_name", "field"),
}


@dataclass(frozen=True, slots=True)
class Limit:
    """One expectation: ``column`` of a summary table lies between bounds (blank passes), in the rows of ``wave`` if given."""

    check: str
    table: str
    column: str
    maximum: float | None = None
    minimum: float | None = None
    strict_minimum: bool = False
    wave: str | None = None


def limits(rules: Rules) -> tuple[Limit, ...]:
    """Every expectation that ``rules`` (or the defaults) set."""
    at_most = rules.thresholds
    return (
        Limit("summary.empty_column", "variable_summary", "empty_unlisted", maximum=0),
        Limit("summary.missing_share", "variable_summary", "missing_share", maximum=at_most.missing),
        Limit("summary.suppressed_share", "variable_summary", "suppressed_share", maximum=at_most.suppressed),
        Limit("summary.missing_drift", "variable_summary", "missing_change", maximum=at_most.missing_change),
        Limit("summary.distribution_drift", "variable_summary", "tvd", maximum=at_most.tvd),
        Limit("summary.stability_index", "variable_summary", "psi", maximum=at_most.psi),
        Limit("summary.wave_present", "wave_summary", "n_rows", minimum=1),
        Limit("summary.expected_rows", "wave_summary", "expected_gap", maximum=at_most.expected),
        Limit("summary.rows_drift", "wave_summary", "rows_change", maximum=at_most.rows_change),
        Limit("summary.retention", "wave_summary", "retention", minimum=0, strict_minimum=True),
        *(
            Limit("summary.retention", "wave_summary", "retention", each.maximum, each.minimum, wave=each.wave)
            for each in rules.retention
        ),
        Limit("summary.minimum_cell", "cell_summary", "margin", minimum=0),
    )


@dataclass(frozen=True, slots=True)
class Summaries:
    """The summary tables of one edition as frames, and whether there was an earlier release to compare with."""

    variables: pd.DataFrame
    waves: pd.DataFrame
    cells: pd.DataFrame
    compared: bool = False

    def tables(self) -> dict[str, pd.DataFrame]:
        """The frames that have rows, by the name of their table."""
        named = {"variable_summary": self.variables, "wave_summary": self.waves, "cell_summary": self.cells}
        return {name: frame for name, frame in named.items() if len(frame)}


def summarize(rows: duckdb.DuckDBPyConnection, edition: Edition, rules: Rules, previous: Path | None = None) -> Summaries:
    """Counts ``rows`` once. An empty column that the project lists counts as not empty; the list is in the rules."""
    summary.build(rows, edition, previous)
    try:
        variables = rows.sql("SELECT * FROM gate.variable_summary").df()
        waves = rows.sql("SELECT * FROM gate.wave_summary").df()
    finally:
        summary.drop(rows)
    listed = {(each.variable, each.wave) for each in rules.empty}
    excused = [(v, w) in listed or (v, None) in listed for v, w in zip(variables["variable"], variables["wave"], strict=True)]
    variables["empty_unlisted"] = [int(empty and not ok) for empty, ok in zip(variables["empty"], excused, strict=True)]
    return Summaries(variables, waves, _cells(rows, edition, rules), previous is not None)


def _cells(rows: duckdb.DuckDBPyConnection, edition: Edition, rules: Rules) -> pd.DataFrame:
    """Least count of every count column (``n``, ``n_...``) of the tables that have a minimum cell; ``margin`` is what it exceeds
    the minimum by. Zero is no cell."""
    found = []
    for table in edition.tables:
        least = rules.minimum_cells.get(table.name)
        for field in table.fields if least is not None else ():
            if field.type == "integer" and (field.name == "n" or field.name.startswith("n_")):
                sql = f"SELECT min({name(field.name)}) FILTER (WHERE {name(field.name)} > 0) FROM {name(table.name)}"
                smallest = rows.execute(sql).fetchall()[0][0]
                found.append((table.name, field.name, None if smallest is None else float(smallest - (least or 0))))
    return pd.DataFrame(found, columns=["table_name", "field", "margin"]).astype({"margin": "float64"})


def judge_summaries(summaries: Summaries, rules: Rules, docs: Path | None = None) -> list[Finding]:
    """Findings of Great Expectations on ``summaries``."""
    source = _source()
    results = {table: run(source, table, frame, _of(rules, table)) for table, frame in summaries.tables().items()}
    if docs:
        from panelpress.validation.data_docs import write_data_docs

        write_data_docs(results, docs)
    return [each for table, result in results.items() for each in _findings(table, _of(rules, table), result)]


def _of(rules: Rules, table: str) -> list[Limit]:
    return [limit for limit in limits(rules) if limit.table == table]


def suite(table: str, wanted: Iterable[Limit]) -> Any:
    """The Great Expectations suite of one summary table."""
    import great_expectations as gx
    from great_expectations.expectations.row_conditions import Column

    expect: Any = gx.expectations
    made = []
    for position, limit in enumerate(wanted):
        where: dict[str, Any] = {"row_condition": Column("wave") == limit.wave} if limit.wave else {}
        made.append(
            expect.ExpectColumnValuesToBeBetween(
                column=limit.column,
                min_value=limit.minimum,
                max_value=limit.maximum,
                strict_min=limit.strict_minimum,
                meta={"check": limit.check, "position": position},
                **where,
            )
        )
    return gx.ExpectationSuite(name=table, expectations=made)


def _source() -> Any:
    """Great Expectations' handle on frames in memory. No folder, no account, no progress bars."""
    import great_expectations as gx
    from great_expectations.data_context.types.base import ProgressBarsConfig

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    return context.data_sources.add_pandas("summaries")


def run(source: Any, table: str, frame: pd.DataFrame, wanted: Sequence[Limit]) -> Any:
    """Great Expectations' result for one summary table. Every entry that breaks a limit is named: entries are no persons."""
    asset = source.add_dataframe_asset(table)
    batch = asset.add_batch_definition_whole_dataframe("all").get_batch({"dataframe": frame})
    wishes = {"result_format": "COMPLETE", "unexpected_index_column_names": list(KEYS[table])}
    return batch.validate(suite(table, wanted), result_format=wishes)


def _findings(table: str, wanted: Sequence[Limit], result: Any) -> list[Finding]:
    """One finding an entry that broke a limit, else one that says it held. Raises RuntimeError where an expectation could not
    run, because a check that did not run has not passed."""
    found: list[Finding] = []
    for limit, each in zip(wanted, _in_order(result), strict=True):
        if (each.exception_info or {}).get("raised_exception"):
            raise RuntimeError(f"{limit.check} could not be judged on {table}.{limit.column}")
        total = int(each.result.get("element_count", 0))
        broken = each.result.get("unexpected_index_list") or []
        if not broken:
            found.append(finding(limit.check, table, failed=0, total=total))
        for entry in broken:
            resource, *rest = [str(entry[key]) for key in KEYS[table]]
            found.append(
                finding(limit.check, resource, ", ".join(rest) or None, failed=1, total=total, message=_message(limit, entry))
            )
    return found


def _in_order(result: Any) -> list[Any]:
    """Results in the order of the limits: Great Expectations groups them by column."""
    return sorted(result.results, key=lambda each: int(each.expectation_config.meta["position"]))


def _message(limit: Limit, entry: Mapping[str, Any]) -> str:
    """What was found, coarsely: whole percent, so that a share never tells one respondent from none."""
    if limit.column in ("empty_unlisted", "n_rows", "margin"):
        return ""
    value = float(entry[limit.column])
    shown = f"{value:.2f}" if limit.column in ("tvd", "psi") else f"{value:.0%}"
    bound = limit.maximum if limit.maximum is not None and value > limit.maximum else limit.minimum
    word = "at most" if bound == limit.maximum else "more than" if limit.strict_minimum else "at least"
    return f"{shown}; {word} {bound:g} passes"
