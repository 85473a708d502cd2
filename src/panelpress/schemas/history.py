"""Columns of the two tables in which a release tells its past: ``changes`` and ``variable_history``."""

from __future__ import annotations

from collections.abc import Sequence

from panelpress.model.table import Table
from panelpress.schemas.catalogue import catalogue, column, per_language


def changes_table(languages: Sequence[str]) -> Table:
    fields = [
        column("position", "Position", "integer", required=True),
        column("release", "This release", required=True),
        column("previous", "Release before", required=True),
        column("kind", "What happened", required=True),
        column("weight", "Weight", required=True, about="patch, minor or major: decides the least version."),
        column("study", "Study"),
        column("variable", "Variable"),
        column("wave", "Wave"),
        column("item", "Table, column, code or erratum"),
        column("before_value", "Value before"),
        column("before_reason", "Reason before"),
        column("after_value", "Value after"),
        column("after_reason", "Reason after"),
        column("n", "Cells, persons or rows", "integer", about="Empty where fewer than k people are concerned."),
        *per_language("note", "Note", languages),
    ]
    return catalogue("changes", "Changes", "What differs from the release before.", fields, ["position"])


def variable_history_table() -> Table:
    fields = [
        column("variable", "Variable", required=True),
        column("wave", "Wave", required=True),
        column("release", "Release", required=True),
        column("position", "Position of the release", "integer", required=True),
        column("status", "Status", required=True, about="complete, partial, impossible, or removed."),
        column("rule", "Kind of rule"),
        column("source", "Raw columns"),
        column("replaced_by", "Replaced by"),
    ]
    about = "Variable by wave by release: where it came from and how comparable it was, variables that are gone included."
    return catalogue("variable_history", "Variable history", about, fields, ["variable", "wave", "position"])
