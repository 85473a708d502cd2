"""Counts of a release judged in one step; the main job counts and judges apart."""

from __future__ import annotations

from pathlib import Path

import duckdb

from panelpress.model.findings import Finding
from panelpress.model.release import Edition
from panelpress.model.rules import Rules
from panelpress.validation.summary_checks import judge_summaries, summarize


def check_summary(
    rows: duckdb.DuckDBPyConnection,
    edition: Edition,
    rules: Rules | None = None,
    previous: Path | None = None,
    docs: Path | None = None,
) -> list[Finding]:
    """``previous`` is the folder of the last release; ``docs`` a private folder for Great Expectations' own pages."""
    rules = rules or Rules()
    return judge_summaries(summarize(rows, edition, rules, previous), rules, docs)
