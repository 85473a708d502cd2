"""What two releases declare differently: tables, columns, types, units, keys, codes, labels, missing codes, waves, comparability.

Each difference has a weight (see ``panelpress.model.version``). What a published query reads and may no longer find, or finds
with another meaning, is MAJOR: removed, retyped, relabelled, another unit, key or universe, a status that fell. What it cannot
notice is MINOR.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from panelpress.model.changes import ChangeKind, StructureChange
from panelpress.model.version import Weight
from panelpress.publish.compare.side import Side
from panelpress.publish.tables.sql import columns

ABOUT_RELEASES = frozenset({"changes", "variable_history", "release_info"})
"""Tables that tell of releases and differ in each."""
STATUS = {"impossible": 0, "partial": 1, "complete": 2}


def compare_structure(before: Side, after: Side) -> tuple[StructureChange, ...]:
    """Every declared difference, tables first."""
    return (
        *_tables(before, after),
        *_codes(before, after),
        *_missing(before, after),
        *_waves(before, after),
        *_availability(before, after),
        *_deprecated(before, after),
        *_contents(before, after),
    )


def _tables(before: Side, after: Side) -> Iterator[StructureChange]:
    old, new = before.resources.keys() - ABOUT_RELEASES, after.resources.keys() - ABOUT_RELEASES
    for name in sorted(old - new):
        yield StructureChange("table_removed", "major", name)
    for name in sorted(new - old):
        yield StructureChange("table_added", "minor", name)
    for name in sorted(old & new):
        if before.key(name) != after.key(name):
            yield StructureChange(
                "key_changed", "major", name, before=" ".join(before.key(name)), after=" ".join(after.key(name))
            )
        yield from _columns(name, before.fields(name), after.fields(name))


def _columns(table: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[StructureChange]:
    variables = {field["whyOf"] for field in (*old.values(), *new.values()) if field.get("whyOf")}
    for name, field in old.items():
        variable = name if name in variables else None
        if name not in new:
            yield StructureChange("column_removed", "major", table, variable, item=name)
            continue
        if field["type"] != new[name]["type"]:
            yield StructureChange("type_changed", "major", table, variable, None, name, field["type"], new[name]["type"])
        if field.get("unit") != new[name].get("unit"):
            units = (field.get("unit"), new[name].get("unit"))
            yield StructureChange("unit_changed", "major", table, variable, None, name, *units)
    for name in new:
        if name not in old:
            yield StructureChange("column_added", "minor", table, name if name in variables else None, item=name)


def _words(text: str | None) -> str:
    """A label without case, blanks and punctuation: what is left decides whether it says the same."""
    return re.sub(r"[\W_]+", " ", (text or "").casefold()).strip()


def _labels(side: Side, table: str, keys: tuple[str, ...], languages: list[str]) -> dict[tuple[Any, ...], tuple[Any, ...]]:
    rows = side.records(table, (*keys, *languages))
    return {row[: len(keys)]: row[len(keys) :] for row in rows}


def _languages(before: Side, after: Side, table: str) -> list[str]:
    """Label columns that both releases have, the project's first language first."""
    if table not in before.resources or table not in after.resources:
        return []
    own = [name for name in before.fields(table) if name.startswith("label_")]
    return [name for name in own if name in after.fields(table)]


def _codes(before: Side, after: Side) -> Iterator[StructureChange]:
    languages = _languages(before, after, "value_labels")
    old = _labels(before, "value_labels", ("variable", "code"), languages)
    new = _labels(after, "value_labels", ("variable", "code"), languages)
    kept = {variable for variable, _ in old} & {variable for variable, _ in new}
    for variable, code in sorted(old.keys() | new.keys()):
        if variable not in kept:
            continue
        label_old, label_new = old.get((variable, code)), new.get((variable, code))
        if label_new is None:
            yield StructureChange("code_removed", "major", "value_labels", variable, item=code, before=_first(label_old))
        elif label_old is None:
            yield StructureChange("code_added", "minor", "value_labels", variable, item=code, after=_first(label_new))
        else:
            yield from _relabelled(variable, code, label_old, label_new)


def _relabelled(variable: str, code: str, old: tuple[Any, ...], new: tuple[Any, ...]) -> Iterator[StructureChange]:
    """A label of the first language that says something else is breaking; other wording is not."""
    if old == new:
        return
    kind: ChangeKind = "label_changed" if _words(_first(old)) != _words(_first(new)) else "wording_changed"
    weight: Weight = "major" if kind == "label_changed" else "minor"
    yield StructureChange(kind, weight, "value_labels", variable, None, code, _first(old), _first(new))


def _first(labels: tuple[Any, ...] | None) -> str | None:
    return labels[0] if labels else None


def _missing(before: Side, after: Side) -> Iterator[StructureChange]:
    columns = ("reason", "code", "stata")
    old = {row[0]: row[1:] for row in before.records("missing_reasons", columns)}
    new = {row[0]: row[1:] for row in after.records("missing_reasons", columns)}
    for reason in sorted(old.keys() | new.keys()):
        if reason not in new:
            yield StructureChange("missing_removed", "major", "missing_reasons", item=reason, before=str(old[reason][0]))
        elif reason not in old:
            yield StructureChange("missing_added", "minor", "missing_reasons", item=reason, after=str(new[reason][0]))
        elif old[reason] != new[reason]:
            texts = (f"{old[reason][0]} {old[reason][1]}", f"{new[reason][0]} {new[reason][1]}")
            yield StructureChange("missing_changed", "major", "missing_reasons", None, None, reason, *texts)


def _waves(before: Side, after: Side) -> Iterator[StructureChange]:
    old = {wave for (wave,) in before.records("waves", ("wave",))}
    new = {wave for (wave,) in after.records("waves", ("wave",))}
    for wave in sorted(old - new):
        yield StructureChange("wave_removed", "major", "waves", wave=wave)
    for wave in sorted(new - old):
        yield StructureChange("wave_added", "minor", "waves", wave=wave)


def _availability(before: Side, after: Side) -> Iterator[StructureChange]:
    columns = ("variable", "wave", "status", "universe", "breaks_with")
    old = {row[:2]: row[2:] for row in before.records("availability", columns)}
    new = {row[:2]: row[2:] for row in after.records("availability", columns)}
    for variable, wave in sorted(old.keys() & new.keys()):
        (status_old, universe_old, breaks_old), (status_new, universe_new, breaks_new) = old[variable, wave], new[variable, wave]
        if status_old != status_new:
            fell = STATUS.get(status_new, 0) < STATUS.get(status_old, 0)
            kind: ChangeKind = "status_lowered" if fell else "status_raised"
            weight: Weight = "major" if fell else "minor"
            yield StructureChange(kind, weight, "availability", variable, wave, None, status_old, status_new)
        if universe_old != universe_new:
            yield StructureChange("universe_changed", "major", "availability", variable, wave, None, universe_old, universe_new)
        if breaks_old != breaks_new:
            yield StructureChange("comparability_changed", "minor", "availability", variable, wave, None, breaks_old, breaks_new)


def _deprecated(before: Side, after: Side) -> Iterator[StructureChange]:
    old = dict(before.records("variables", ("variable", "replaced_by")))
    for variable, successor in sorted(deprecated(after).items()):
        if old.get(variable) != successor and variable in old:
            yield StructureChange("variable_deprecated", "minor", "variables", variable, after=successor)


def _contents(before: Side, after: Side) -> Iterator[StructureChange]:
    """Rows of catalogue and aggregate tables that only one release has. Counts (``n_...``) follow from the answers."""
    responses = {*before.responses(), *after.responses()}
    shared = (before.resources.keys() & after.resources.keys()) - ABOUT_RELEASES - responses
    for name in sorted(shared):
        if "person_id" in before.fields(name):
            continue
        both = [column for column in before.fields(name) if column in after.fields(name) and not column.startswith("n_")]
        old, new = (f"SELECT {columns(both)} FROM {side.relation(name)}" for side in (before, after))
        ((n,),) = before.rows.execute(
            f"SELECT (SELECT count(*) FROM ({old} EXCEPT {new})) + (SELECT count(*) FROM ({new} EXCEPT {old}))"
        ).fetchall()
        if n:
            yield StructureChange("rows_changed", "minor", name, n=n)


def deprecated(side: Side) -> dict[str, str]:
    """Variables that name their successor."""
    return {variable: successor for variable, successor in side.records("variables", ("variable", "replaced_by")) if successor}
