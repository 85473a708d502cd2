"""Which cells of the same person and wave differ between two releases, and how far the margins moved.

Columns are read a few dozen at a time, rows aligned once by position; a column is compared in one pass over its values, so that
15 million cells need seconds and a few hundred megabytes, not a join of two wide tables.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from panelpress.model.changes import CellChange, MarginChange
from panelpress.model.missing import SUPPRESSED, WHY_SUFFIX
from panelpress.publish.compare.hierarchy import Related, unrelated
from panelpress.publish.compare.people import Pairs
from panelpress.publish.compare.side import Responses, Side
from panelpress.publish.tables.sql import columns, quoted

CHUNK = 32


@dataclass(frozen=True, slots=True)
class Column:
    """One variable of one release: values, reasons, in canonical order of rows."""

    values: pa.Array
    reasons: pa.Array


def compare_cells(
    before: Side, after: Side, old: Responses, new: Responses, pairs: Pairs | None, related: Related = unrelated
) -> tuple[list[CellChange], list[MarginChange]]:
    """Changed cells and moved margins of one study. Without ``pairs`` (private maps not at hand) margins only."""
    shared = [name for name in old.variables if name in new.variables]
    order_old, order_new = _order(before, old), _order(after, new)
    waves_old, waves_new = _waves(before, old, order_old), _waves(after, new, order_new)
    rounds = Rounds.of(waves_old, waves_new)
    cells: list[CellChange] = []
    margins: list[MarginChange] = []
    moved = pairs is None or bool(pairs.moved) or any(each.added or each.gone for each in pairs.people)
    for part in (shared[start : start + CHUNK] for start in range(0, len(shared), CHUNK)):
        left, right = _read(before, old, part, order_old), _read(after, new, part, order_new)
        for name in part:
            differ = False
            if pairs is not None:
                places, changes = _changed(old.study, name, left[name], right[name], waves_old, pairs, related)
                cells += changes
                differ = places > 0
            if moved or differ:
                ordered = not before.fields(old.table)[name].get("categories")
                margins += _margins(old.study, name, left[name].values, right[name].values, rounds, ordered)
    return cells, margins


def _order(side: Side, table: Responses) -> str:
    """The ORDER BY that brings rows into canonical order; nothing where they are stored in it, as every release writes them.
    Sorting 600 columns costs more than everything else here."""
    stored = side.rows.sql(f"SELECT {columns(table.key)} FROM {side.relation(table.table)}").to_arrow_table()
    places = pc.sort_indices(stored, sort_keys=[(name, "ascending") for name in table.key])
    if np.array_equal(places.to_numpy(), np.arange(len(places))):
        return ""
    return f" ORDER BY {columns(table.key)}"


def _waves(side: Side, table: Responses, order: str) -> pa.Array:
    wave = quoted("wave") if table.has_waves else "''"
    query = f"SELECT {wave} AS wave FROM {side.relation(table.table)}{order}"
    return side.rows.sql(query).to_arrow_table()["wave"].combine_chunks()


def _read(side: Side, table: Responses, names: Sequence[str], order: str) -> dict[str, Column]:
    wanted = [each for name in names for each in (name, name + WHY_SUFFIX)]
    query = f"SELECT {columns(wanted)} FROM {side.relation(table.table)}{order}"
    found = side.rows.sql(query).to_arrow_table()
    return {name: Column(found[name].combine_chunks(), found[name + WHY_SUFFIX].combine_chunks()) for name in names}


def _differ(old: pa.Array, new: pa.Array) -> NDArray[np.bool_]:
    """True where two columns differ; NULL equals NULL."""
    if old.type != new.type:
        old, new = old.cast(pa.string()), new.cast(pa.string())
    unequal = pc.fill_null(pc.not_equal(old, new), False)
    one_null = pc.xor(pc.is_null(old), pc.is_null(new))
    return np.asarray(pc.or_(unequal, one_null).to_numpy(zero_copy_only=False), dtype=np.bool_)


def _changed(
    study: str, variable: str, old: Column, new: Column, waves: pa.Array, pairs: Pairs, related: Related
) -> tuple[int, list[CellChange]]:
    """How many cells differ, and the changes counted by wave and by what became what."""
    known = pairs.after >= 0
    partner = pa.array(pairs.after, mask=~known)
    differ = _differ(old.values, new.values.take(partner)) | _differ(old.reasons, new.reasons.take(partner))
    places = np.flatnonzero(differ & known)
    if not len(places):
        return 0, []
    at, then = pa.array(places), pa.array(pairs.after[places])
    grouped = pa.table(
        {
            "wave": waves.take(at),
            "before_value": old.values.take(at).cast(pa.string()),
            "before_reason": old.reasons.take(at),
            "after_value": new.values.take(then).cast(pa.string()),
            "after_reason": new.reasons.take(then),
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
    before = (change["before_value"], change["before_reason"])
    return related(variable, before, (change["after_value"], change["after_reason"]))


@dataclass(frozen=True, slots=True)
class Rounds:
    """Waves of both releases as numbers, one a row."""

    names: tuple[str, ...]
    old: NDArray[np.int64]
    new: NDArray[np.int64]

    @classmethod
    def of(cls, old: pa.Array, new: pa.Array) -> Rounds:
        encoded = pa.concat_arrays([old, new]).dictionary_encode()
        numbers = encoded.indices.to_numpy().astype(np.int64)
        return cls(tuple(encoded.dictionary.to_pylist()), numbers[: len(old)], numbers[len(old) :])


def _margins(study: str, variable: str, old: pa.Array, new: pa.Array, rounds: Rounds, ordered: bool) -> Iterator[MarginChange]:
    """Waves that both releases have and in which the distribution of valid answers moved."""
    if old.type != new.type:
        old, new = old.cast(pa.string()), new.cast(pa.string())
    encoded = pa.concat_arrays([old, new]).dictionary_encode()
    size = len(encoded.dictionary)
    if not size:
        return
    place = pc.fill_null(encoded.indices, size).to_numpy().astype(np.int64)
    order = pc.sort_indices(encoded.dictionary).to_numpy() if ordered else slice(None)
    for number, (first, second) in enumerate(
        zip(
            _shares(rounds.old, place[: len(old)], size, rounds),
            _shares(rounds.new, place[len(old) :], size, rounds),
            strict=True,
        )
    ):
        if not first.any() or not second.any():
            continue
        difference = (first - second)[order]
        gap = np.abs(np.cumsum(difference) if ordered else difference)
        points = round(float(gap.max()) * 100, 6)
        if points > 0:
            yield MarginChange(study, variable, rounds.names[number], points)


def _shares(waves: NDArray[np.int64], place: NDArray[np.int64], size: int, rounds: Rounds) -> NDArray[np.float64]:
    """Share of each value among the valid answers of each wave (waves x values); a wave without answers is all 0. The last
    place stands for missing answers, which are counted and dropped."""
    counts = np.bincount(waves * (size + 1) + place, minlength=len(rounds.names) * (size + 1))
    valid = counts.reshape(len(rounds.names), size + 1)[:, :size].astype(np.float64)
    total = valid.sum(axis=1, keepdims=True)
    shares: NDArray[np.float64] = np.divide(valid, total, out=np.zeros_like(valid), where=total > 0)
    return shares
