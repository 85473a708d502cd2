"""Which cells of the same person and wave differ between two releases, and how far the margins moved.

Columns are read a few dozen at a time, rows aligned once by position; a column is compared in one pass over its values, so that
15 million cells need seconds and a few hundred megabytes, not a join of two wide tables.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from panelpress.model.changes import CellChange, MarginChange
from panelpress.model.missing import SUPPRESSED, WHY_SUFFIX
from panelpress.publish.compare.people import Pairs
from panelpress.publish.compare.side import Responses, Side
from panelpress.publish.sql import columns, quoted

CHUNK = 32
Related = Callable[[str, str | None, str | None], bool]
"""Says whether two published codes of a variable are one answer, shown coarser in one release than in the other."""


def unrelated(variable: str, before: str | None, after: str | None) -> bool:
    """Without declared hierarchies no two codes are the same answer."""
    return False


@dataclass(frozen=True, slots=True)
class Column:
    """One variable of one release: values, reasons, in canonical order of rows."""

    values: pa.ChunkedArray
    reasons: pa.ChunkedArray


def compare_cells(
    before: Side, after: Side, old: Responses, new: Responses, pairs: Pairs | None, related: Related = unrelated
) -> tuple[list[CellChange], list[MarginChange]]:
    """Changed cells and moved margins of one study. Without ``pairs`` (private maps not at hand) margins only."""
    shared = [name for name in old.variables if name in new.variables]
    waves_old, waves_new = _waves(before, old), _waves(after, new)
    cells: list[CellChange] = []
    margins: list[MarginChange] = []
    moved = pairs is None or bool(pairs.moved) or any(each.added or each.gone for each in pairs.people)
    for part in (shared[start : start + CHUNK] for start in range(0, len(shared), CHUNK)):
        left, right = _read(before, old, part), _read(after, new, part)
        for name in part:
            differ = False
            if pairs is not None:
                places, changes = _changed(old.study, name, left[name], right[name], waves_old, pairs, related)
                cells += changes
                differ = places > 0
            if moved or differ:
                ordered = not before.fields(old.table)[name].get("categories")
                margins += _margins(old.study, name, left[name].values, right[name].values, waves_old, waves_new, ordered)
    return cells, margins


def _waves(side: Side, table: Responses) -> pa.ChunkedArray:
    wave = quoted("wave") if table.has_waves else "''"
    query = f"SELECT {wave} AS wave FROM {side.relation(table.table)} ORDER BY {columns(table.key)}"
    return side.rows.sql(query).to_arrow_table()["wave"]


def _read(side: Side, table: Responses, names: Sequence[str]) -> dict[str, Column]:
    wanted = [each for name in names for each in (name, name + WHY_SUFFIX)]
    query = f"SELECT {columns(wanted)} FROM {side.relation(table.table)} ORDER BY {columns(table.key)}"
    found = side.rows.sql(query).to_arrow_table()
    return {name: Column(found[name], found[name + WHY_SUFFIX]) for name in names}


def _differ(old: pa.ChunkedArray, new: pa.ChunkedArray) -> NDArray[np.bool_]:
    """True where two columns differ; NULL equals NULL."""
    if old.type != new.type:
        old, new = old.cast(pa.string()), new.cast(pa.string())
    unequal = pc.fill_null(pc.not_equal(old, new), False)
    one_null = pc.xor(pc.is_null(old), pc.is_null(new))
    return np.asarray(pc.or_(unequal, one_null).to_numpy(), dtype=np.bool_)


def _changed(
    study: str, variable: str, old: Column, new: Column, waves: pa.ChunkedArray, pairs: Pairs, related: Related
) -> tuple[int, list[CellChange]]:
    """How many cells differ, and the changes counted by wave and by what became what."""
    aligned = [each.take(pa.array(at)) for each, at in ((old.values, pairs.before), (new.values, pairs.after))]
    reasons = [each.take(pa.array(at)) for each, at in ((old.reasons, pairs.before), (new.reasons, pairs.after))]
    places = np.flatnonzero(_differ(*aligned) | _differ(*reasons))
    if not len(places):
        return 0, []
    at = pa.array(places)
    grouped = pa.table(
        {
            "wave": waves.take(pa.array(pairs.before[places])),
            "before_value": aligned[0].take(at).cast(pa.string()),
            "before_reason": reasons[0].take(at),
            "after_value": aligned[1].take(at).cast(pa.string()),
            "after_reason": reasons[1].take(at),
        }
    )
    names = grouped.column_names
    counted = grouped.group_by(names).aggregate([([], "count_all")]).to_pylist()
    changes = [
        CellChange(
            study,
            variable,
            each["wave"],
            each["before_value"],
            each["before_reason"],
            each["after_value"],
            each["after_reason"],
            each["count_all"],
            _is_protection(variable, each, related),
        )
        for each in counted
    ]
    return len(places), changes


def _is_protection(variable: str, change: dict[str, str | None], related: Related) -> bool:
    """A cell that is starred in one release, or shown coarser, was not corrected."""
    if SUPPRESSED in (change["before_reason"], change["after_reason"]):
        return True
    return related(variable, change["before_value"], change["after_value"])


def _margins(
    study: str,
    variable: str,
    old: pa.ChunkedArray,
    new: pa.ChunkedArray,
    waves_old: pa.ChunkedArray,
    waves_new: pa.ChunkedArray,
    ordered: bool,
) -> Iterator[MarginChange]:
    """Waves that both releases have and in which the distribution of valid answers moved."""
    if old.type != new.type:
        old, new = old.cast(pa.string()), new.cast(pa.string())
    values = pa.chunked_array([*old.chunks, *new.chunks], old.type).combine_chunks().dictionary_encode()
    waves = pa.chunked_array([*waves_old.chunks, *waves_new.chunks], pa.string()).combine_chunks().dictionary_encode()
    n_values, n_waves = len(values.dictionary), len(waves.dictionary)
    if not n_values:
        return
    place = np.asarray(pc.fill_null(values.indices, -1), dtype=np.int64)
    if ordered:
        rank = np.empty(n_values, dtype=np.int64)
        rank[np.asarray(pc.sort_indices(values.dictionary))] = np.arange(n_values)
        place = np.where(place < 0, -1, rank[place])
    wave = np.asarray(waves.indices, dtype=np.int64)
    shares = []
    for part in (slice(0, len(old)), slice(len(old), None)):
        valid = place[part] >= 0
        flat = wave[part][valid] * n_values + place[part][valid]
        shares.append(np.bincount(flat, minlength=n_waves * n_values).reshape(n_waves, n_values).astype(np.float64))
    for number, name in enumerate(waves.dictionary.to_pylist()):
        first, second = shares[0][number], shares[1][number]
        if not first.sum() or not second.sum():
            continue
        first, second = first / first.sum(), second / second.sum()
        gap = np.abs(np.cumsum(first) - np.cumsum(second)) if ordered else np.abs(first - second)
        points = round(float(gap.max()) * 100, 6)
        if points > 0:
            yield MarginChange(study, variable, name, points)
