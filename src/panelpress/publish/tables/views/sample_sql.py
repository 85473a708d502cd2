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
    """The SELECT of the view; None where its rule speaks of a variable that the table does not have. ``waves`` in their order.

    A later questionnaire of the same person is looked up by key: a window over all rows costs ten times as much a page."""
    rule = _parsed(str(sample.get("rule") or "1 = 1"), columns)
    if rule is None:
        return None
    own = quoted(table)
    condition = render(rule, quoted, panel_windows(_position("wave", waves)), "sqlite")
    if rule.uses_panel:
        held = f"SELECT person_id, wave FROM (SELECT person_id, wave, ({condition}) AS holds FROM {own}) WHERE holds"
        condition = f"(person_id, wave) IN ({held})"
    if sample.get("unit") != "person" or "wave" not in columns:
        return f"SELECT * FROM {own} WHERE {condition}"
    later = f"{_position('later.wave', waves)} > {_position('held.wave', waves)}"
    return (
        f"SELECT * FROM {own} AS held WHERE ({condition}) AND NOT EXISTS "
        f"(SELECT 1 FROM {own} AS later WHERE later.person_id = held.person_id AND {later} AND ({condition}))"
    )


def _parsed(rule: str, columns: Collection[str]) -> Expression | None:
    parsed = parse(rule, "harmonized", "samples")
    if not isinstance(parsed, Expression) or not {*parsed.names, *parsed.panel_names} <= {*columns, "wave"}:
        return None
    return None if any(parsed.tree.find(kind) for kind in NOT_IN_BOTH) else parsed


def _position(wave: str, waves: Sequence[str]) -> str:
    arms = " ".join(f"WHEN {literal(each)} THEN {at}" for at, each in enumerate(waves))
    return f"CASE {wave} {arms} END"
