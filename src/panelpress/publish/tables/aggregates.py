"""Counts the declared margins in the secure tables and prints what may be printed of them.

The rules, in this order: a cell and its complement hold at least ``minimum_cell`` people each; where the answers of a margin add
up to all, hidden answers take the next smallest with them until they are two and together hold ``minimum_cell``; of two samples
inside each other, what lies between them must hold ``minimum_cell`` people or nobody, else the inner one is hidden; hidden parts
of a partition take others with them as hidden answers do.
Shares are whole percent, bases are rounded to ten. The limits follow the practice of statistical offices for magnitude-free
tables (Hundepool et al., Statistical Disclosure Control, 2012, chapter 4).

This is the one table of a release that is no function of its open tables, so the list of margins is fixed and declared.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import duckdb

from panelpress.model.aggregate import AggregatePlan, Margin, PublishedCell
from panelpress.model.missing import MissingReasons
from panelpress.model.study import Sample, Study
from panelpress.validation.bases import Bases

SMALL, COMPLEMENT, NESTED, PART = "cell too small", "would follow from the others", "too close to a larger sample", "last part"
Units = frozenset[str]
Key = tuple[int, str]


@dataclass(slots=True)
class _Counted:
    """One cell while it is judged: who is in it, who is in the base without it, and why it may not be printed. Of a mean
    everybody is both."""

    margin: Margin
    box: str
    hit: Units
    miss: Units
    value: float
    hidden: str = ""
    group: tuple[str, str | None, str | None, str] = field(init=False)

    def __post_init__(self) -> None:
        base = self.margin.base
        self.group = (self.margin.variable, base.wave, base.where, self.box)

    @property
    def smaller(self) -> int:
        return min(len(self.hit), len(self.miss))


def count_aggregates(
    secure: duckdb.DuckDBPyConnection,
    plan: AggregatePlan,
    studies: Sequence[Study],
    samples: Iterable[Sample],
    missing: MissingReasons,
) -> tuple[PublishedCell, ...]:
    """Every cell of the plan as it may be printed, as far as ``studies`` and their waves hold it. ``secure`` holds the secure
    tables; nothing of it is kept."""
    known = list(samples)
    design = tuple(reason.reason for reason in missing if reason.kind == "design")
    bases = {study.id: _bases(secure, study, known, design) for study in studies}
    waves = {wave for study in studies for wave in study.wave_ids}
    margins = [each for each in plan.margins if each.study in bases and (each.base.wave is None or each.base.wave in waves)]
    cells = [cell for margin in margins for cell in _count(secure, margin, bases[margin.study])]
    for cell in cells:
        if cell.smaller < plan.minimum_cell:
            cell.hidden = SMALL
    _hide_complements(cells, plan.minimum_cell)
    _hide_nested(cells, plan.minimum_cell)
    _hide_parts(cells, plan.partitions, plan.minimum_cell)
    return tuple(_printed(cell) for cell in cells)


def _bases(secure: duckdb.DuckDBPyConnection, study: Study, samples: list[Sample], design: tuple[str, ...]) -> Bases:
    found = secure.execute(
        "SELECT column_name FROM information_schema.columns WHERE table_name = ? AND table_schema = 'main'", [study.table]
    ).fetchall()
    own = {sample.id: sample for sample in samples if sample.study == study.id}
    return Bases(study, own, frozenset(str(row[0]) for row in found), design)


def _count(secure: duckdb.DuckDBPyConnection, margin: Margin, bases: Bases) -> list[_Counted]:
    if bases.lacking(margin.base, margin.variable):
        return []
    rows = secure.execute(bases.sql(margin.base, margin.variable)).fetchall()
    cells = []
    for box, codes in margin.boxes:
        if not codes:
            units = frozenset(str(unit) for unit, _ in rows)
            cells.append(_Counted(margin, box, units, units, sum(value for _, value in rows) / max(len(rows), 1)))
            continue
        hit = frozenset(str(unit) for unit, value in rows if value in codes)
        miss = frozenset(str(unit) for unit, value in rows if value not in codes)
        cells.append(_Counted(margin, box, hit, miss, 100 * len(hit) / max(len(rows), 1)))
    return cells


def _hide_complements(cells: list[_Counted], minimum: int) -> None:
    by_margin: dict[int, list[_Counted]] = {}
    for cell in cells:
        by_margin.setdefault(id(cell.margin), []).append(cell)
    for group in by_margin.values():
        if group[0].margin.exhaustive:
            _hide_enough(group, COMPLEMENT, minimum, both=False)


def _hide_enough(group: list[_Counted], reason: str, minimum: int, both: bool) -> None:
    """Where cells that add up to something printed are hidden: hides the smallest others until the hidden ones are at least two
    and hold ``minimum`` people together (``both``: and so do those of their bases who gave another answer)."""
    hidden = [cell for cell in group if cell.hidden]
    shown = [cell for cell in group if not cell.hidden]
    shown.sort(key=lambda cell: (cell.smaller, cell.margin.base.samples, cell.box))
    while hidden and shown:
        hit, miss = sum(len(cell.hit) for cell in hidden), sum(len(cell.miss) for cell in hidden)
        if len(hidden) > 1 and hit >= minimum and (miss >= minimum or not both):
            return
        shown[0].hidden = reason
        hidden.append(shown.pop(0))


def _hide_nested(cells: list[_Counted], minimum: int) -> None:
    groups: dict[tuple[str, str | None, str | None, str], list[_Counted]] = {}
    for cell in cells:
        groups.setdefault(cell.group, []).append(cell)
    for group in groups.values():
        ordered = sorted(group, key=lambda cell: len(cell.hit) + len(cell.miss))
        for at, inner in enumerate(ordered):
            for outer in ordered[at + 1 :]:
                if inner.hidden or outer.hidden:
                    continue
                inside = inner.hit <= outer.hit and inner.miss <= outer.miss
                left = (len(outer.hit) - len(inner.hit), len(outer.miss) - len(inner.miss))
                if inside and any(0 < each < minimum for each in left):
                    inner.hidden = NESTED


def _hide_parts(cells: list[_Counted], partitions: Iterable[tuple[str, tuple[str, ...]]], minimum: int) -> None:
    placed: Mapping[tuple[object, ...], _Counted] = {(*cell.group, cell.margin.base.samples[0]): cell for cell in cells}
    for whole, parts in partitions:
        for group in {cell.group for cell in cells}:
            members = [placed[*group, part] for part in parts if (*group, part) in placed]
            total = placed.get((*group, whole))
            if len(members) == len(parts) and total is not None and not total.hidden:
                _hide_enough(members, PART, minimum, both=True)


def _printed(cell: _Counted) -> PublishedCell:
    if cell.hidden:
        return PublishedCell(cell.margin, cell.box, None, None, cell.hidden)
    n = len(cell.hit | cell.miss)
    whole = PublishedCell(cell.margin, cell.box, None, None)
    return replace(whole, share=round(cell.value), n=round(n / 10) * 10)
