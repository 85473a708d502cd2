"""Applies corrections of single cells before the crosswalk. Each names a record, so none of it is ever published but the rule,
its reason and a count; an expectation that no longer holds stops the build."""

from __future__ import annotations

from collections.abc import Iterable

import duckdb

from panelpress.build.compiler.quote import name
from panelpress.build.compiler.wave import raw_table
from panelpress.errors import BuildRefused
from panelpress.model.cleaning import AppliedCorrections, Correction
from panelpress.model.study import Study


def correct(
    rows: duckdb.DuckDBPyConnection, study: Study, wave: str, corrections: Iterable[Correction]
) -> list[AppliedCorrections]:
    """Changes the cells of one wave in the private raw table. Raises BuildRefused naming the rule, never the record."""
    table = raw_table(study, wave)
    applied = []
    for rule in corrections:
        if (rule.study, rule.wave) != (study.id, wave):
            continue
        present = {str(row[0]) for row in rows.execute(f"DESCRIBE {table}").fetchall()}
        if rule.column not in present:
            raise BuildRefused(
                rule.declared_in, f"correction `{rule.id}` changes `{rule.column}`, which {wave} lacks.", "Correct the name."
            )
        column = name(rule.column)
        found = rows.execute(
            f"SELECT {column} IS NOT DISTINCT FROM ? FROM {table} WHERE record_id = ?", [rule.expect, rule.record]
        ).fetchall()
        if len(found) != 1:
            raise BuildRefused(
                rule.declared_in,
                f"correction `{rule.id}` matches {len(found)} records of wave {wave}.",
                "A re-delivery or cleaning may have removed the record; drop or renew the correction.",
            )
        if not found[0][0]:
            raise BuildRefused(
                rule.declared_in,
                f"correction `{rule.id}` no longer finds what it expects in `{rule.column}` of wave {wave}.",
                "The delivery may have been mended; look at the record and drop or renew the correction.",
            )
        rows.execute(f"UPDATE {table} SET {column} = ? WHERE record_id = ?", [rule.value, rule.record])
        applied.append(AppliedCorrections(rule.id, study.id, wave, rule.reason, 1))
    return applied
