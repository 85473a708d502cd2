"""The past as tables: ``changes`` since the release before, ``variable_history`` over all releases.

Both are made from open tables of this release and the one before, and from what the diff counted. A count of people below k is
never told: groups of corrected cells are pooled until k are together, and what still stays below has no number.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb

from panelpress.model.chain import Erratum
from panelpress.model.changes import CellChange, ReleaseDiff
from panelpress.model.release import Edition
from panelpress.publish.compare.errata import corrected_cells
from panelpress.publish.compare.side import close, open_folder
from panelpress.publish.tables.assemble import Assembled
from panelpress.publish.tables.catalogue import Row, fill, texts
from panelpress.publish.tables.sql import quoted
from panelpress.schemas.history import changes_table, variable_history_table

REMOVED = "removed"
OTHERS = "(other changes)"


def with_history(made: Assembled, diff: ReleaseDiff | None, before: Path | None, errata: Sequence[Erratum] = ()) -> Assembled:
    """``made`` with the two tables of its past. ``diff`` and ``before`` (folder of the last release) are None for a first one."""
    edition = made.edition
    changes, history = changes_table(edition.project.languages), variable_history_table()
    told = list(change_rows(edition, diff, errata)) if diff else []
    told += list(_protection_rows(made.rows, edition, before)) if diff and before and not diff.withdrawn else []
    fill(made.rows, changes, [{**row, "position": number} for number, row in enumerate(told, start=1)])
    fill(made.rows, history, list(history_rows(made.rows, edition, before)))
    return replace(made, edition=replace(edition, tables=(*edition.tables, changes, history)))


def _row(edition: Edition, previous: str, kind: str, weight: str, **facts: Any) -> Row:
    empty = dict.fromkeys(
        ("study", "variable", "wave", "item", "before_value", "before_reason", "after_value", "after_reason", "n")
    )
    notes = dict.fromkeys(f"note_{language}" for language in edition.project.languages)
    return {"release": edition.version, "previous": previous, "kind": kind, "weight": weight, **empty, **notes, **facts}


def change_rows(edition: Edition, diff: ReleaseDiff, errata: Sequence[Erratum]) -> Iterator[Row]:
    """Structure first, then errata with the cells that they explain, then people."""
    for each in diff.structure:
        item = each.item or (each.table if each.variable is None and each.wave is None else None)
        facts = {"variable": each.variable, "wave": each.wave, "item": item, "n": each.n}
        yield _row(edition, diff.before, each.kind, each.weight, **facts, before_value=each.before, after_value=each.after)
    counts = corrected_cells(diff)
    for erratum in errata:
        if erratum.version == diff.after:
            n = counts.get((erratum.study, erratum.variable, erratum.wave), 0)
            where = {"study": erratum.study, "variable": erratum.variable, "wave": erratum.wave, "item": erratum.id}
            note = texts("note", erratum.reason, edition)
            yield _row(edition, diff.before, "erratum", "minor", **where, n=_told(n, diff.k), **note)
    for change in pooled(diff.corrected, diff.k):
        yield _row(edition, diff.before, "cells_corrected", "minor", **change)
    for (study, variable, wave), n in sorted(diff.hidden.items()) if diff.withdrawn else ():
        where = {"study": study, "variable": variable, "wave": wave}
        yield _row(edition, diff.before, "hidden_after_withdrawal", "minor", **where, n=_told(n, diff.k))
    for people in diff.people:
        subject = "persons" if people.wave is None else "responses"
        for word, n in (("added", people.added), ("gone", people.gone)):
            if n:
                facts = {"study": people.study, "wave": people.wave, "n": _told(n, diff.k)}
                yield _row(edition, diff.before, f"{subject}_{word}", "minor", **facts)


def _told(n: int, k: int) -> int | None:
    return n if n == 0 or n >= k else None


def pooled(changes: Sequence[CellChange], k: int) -> Iterator[Row]:
    """Corrected cells by variable and wave: groups of at least k as they are, the others together, with the smallest of the large
    ones if need be, so that no difference of two numbers shows fewer than k."""
    places: dict[tuple[str, str, str], list[CellChange]] = {}
    for change in changes:
        places.setdefault((change.study, change.variable, change.wave), []).append(change)
    for (study, variable, wave), group in sorted(places.items()):
        group.sort(key=lambda each: each.n)
        small = [each for each in group if each.n < k]
        large = group[len(small) :]
        rest = sum(each.n for each in small)
        while 0 < rest < k and large:
            rest += large.pop(0).n
        where = {"study": study, "variable": variable, "wave": wave}
        for each in sorted(large, key=_order):
            yield where | {
                "before_value": each.before_value,
                "before_reason": each.before_reason,
                "after_value": each.after_value,
                "after_reason": each.after_reason,
                "n": each.n,
            }
        if rest:
            yield where | {"item": OTHERS, "n": _told(rest, k)}


def _order(change: CellChange) -> tuple[str, ...]:
    return tuple(each or "" for each in (change.before_value, change.before_reason, change.after_value, change.after_reason))


def _protection_rows(rows: duckdb.DuckDBPyConnection, edition: Edition, before: Path) -> Iterator[Row]:
    """How many answers are starred now and were before: both numbers stand in the open tables of the two releases. What the
    starred answers were stands in neither."""
    old = open_folder(rows, before, "before")
    try:
        found = rows.execute(
            f"SELECT variable, wave, o.n_suppressed, n.n_suppressed FROM {old.relation('availability')} AS o "
            "JOIN availability AS n USING (variable, wave) "
            "WHERE o.n_suppressed IS DISTINCT FROM n.n_suppressed ORDER BY variable, wave"
        ).fetchall()
    finally:
        close(old)
    for variable, wave, was, now in found:
        values = {"before_value": None if was is None else str(was), "after_value": None if now is None else str(now)}
        yield _row(edition, old.version, "suppressed_count", "minor", variable=variable, wave=wave, **values)


def history_rows(rows: duckdb.DuckDBPyConnection, edition: Edition, before: Path | None) -> Iterator[Row]:
    """All rows of the history so far, then those of this release; a variable and wave that are gone get one row that says so."""
    columns = variable_history_table().field_names
    earlier: list[Row] = []
    if before is not None:
        old = open_folder(rows, before, "before")
        earlier = [dict(zip(columns, row, strict=True)) for row in old.records("variable_history", columns)]
        close(old)
    yield from earlier
    position = max((row["position"] for row in earlier), default=0) + 1
    present = set()
    for variable, wave, status, rule, source, successor in rows.execute(
        f"SELECT variable, wave, a.status, a.rule, a.source, v.replaced_by FROM availability AS a "
        f"JOIN {quoted('variables')} AS v USING (variable) ORDER BY variable, wave"
    ).fetchall():
        present.add((variable, wave))
        facts = {"status": status, "rule": rule, "source": source, "replaced_by": successor}
        yield {"variable": variable, "wave": wave, "release": edition.version, "position": position, **facts}
    for row in earlier:
        if row["position"] == position - 1 and row["status"] != REMOVED and (row["variable"], row["wave"]) not in present:
            yield row | {"release": edition.version, "position": position, "status": REMOVED, "rule": None, "source": None}
