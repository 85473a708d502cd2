"""SQL of the views of named samples, ``<table>__sample_<sample>``, in words that SQLite and DuckDB both read.

A sample of persons holds each person once, by the latest questionnaire that the rule admits. Panel functions are windows over
the table itself, as where printed numbers are recomputed. Only keys go through the windows; the wide rows are looked up.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlglot import exp

from panelpress.publish.tables.sql import literal, quoted
from panelpress.schemas.expressions import Expression, parse, render
from panelpress.validation.bases import panel_windows

# SQLite and DuckDB have no common word for these.
NOT_IN_BOTH = (exp.Year, exp.Month, exp.Greatest, exp.Least)


def sample_view(sample: Mapping[str, Any], table: str, columns: Collection[str], waves: Sequence[str]) -> str | None:
    """The SELECT of the view; None where its rule speaks of a variable that the table does not have. ``waves`` in their order."""
    rule = sample.get("rule")
    once = sample.get("unit") == "person" and "wave" in columns
    if not rule and not once:
        return f"SELECT * FROM {quoted(table)}"
    condition = _condition(str(rule), columns, waves) if rule else "1"
    if condition is None:
        return None
    if "wave" not in columns:
        return f"SELECT * FROM {quoted(table)} WHERE {condition}"
    keys = f"SELECT person_id, wave FROM (SELECT person_id, wave, ({condition}) AS holds FROM {quoted(table)}) WHERE holds"
    if once:
        latest = f"row_number() OVER (PARTITION BY person_id ORDER BY {_position(waves)} DESC)"
        keys = f"SELECT person_id, wave FROM (SELECT person_id, wave, {latest} AS latest FROM ({keys})) WHERE latest = 1"
    return f"SELECT * FROM {quoted(table)} WHERE (person_id, wave) IN ({keys})"


def _condition(rule: str, columns: Collection[str], waves: Sequence[str]) -> str | None:
    parsed = parse(rule, "harmonized", "samples")
    if not isinstance(parsed, Expression) or not {*parsed.names, *parsed.panel_names} <= {*columns, "wave"}:
        return None
    if any(parsed.tree.find(kind) for kind in NOT_IN_BOTH):
        return None
    return render(parsed, quoted, panel_windows(waves, _position(waves)), "sqlite")


def _position(waves: Sequence[str]) -> str:
    arms = " ".join(f"WHEN {literal(wave)} THEN {at}" for at, wave in enumerate(waves))
    return f"CASE wave {arms} END"
