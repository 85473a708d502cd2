"""What differs between two releases, as data. Counts of people are exact here; ``small_counts`` makes them fit to be told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from panelpress.model.missing import SUPPRESSED
from panelpress.model.version import Weight, heaviest

ChangeKind = Literal[
    "table_added", "table_removed", "column_added", "column_removed", "type_changed", "unit_changed", "key_changed",
    "code_added", "code_removed", "label_changed", "wording_changed", "missing_added", "missing_removed", "missing_changed",
    "status_raised", "status_lowered", "universe_changed", "wave_added", "wave_removed", "comparability_changed",
    "variable_deprecated", "rows_changed",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class StructureChange:
    """One difference in what a release declares or lists. ``item`` is a column, code or reason; ``before`` and ``after`` are its
    texts; ``n`` counts rows of a catalogue or aggregate table, never people."""

    kind: ChangeKind
    weight: Weight
    table: str
    variable: str | None = None
    wave: str | None = None
    item: str | None = None
    before: str | None = None
    after: str | None = None
    n: int | None = None


@dataclass(frozen=True, slots=True)
class CellChange:
    """``n`` cells of one variable and wave that went from one value and reason to another, same persons."""

    study: str
    variable: str
    wave: str
    before_value: str | None
    before_reason: str | None
    after_value: str | None
    after_reason: str | None
    n: int
    protection: bool
    """True where the cell differs because of disclosure control (starred, published coarser or finer), not by correction."""


@dataclass(frozen=True, slots=True)
class PeopleChange:
    """Persons of a study (``wave`` None) or responses of a wave that one release has and the other has not."""

    study: str
    wave: str | None
    added: int
    gone: int
    kept: int


@dataclass(frozen=True, slots=True)
class MarginChange:
    """How far the published distribution of a variable in a wave moved, in percentage points of valid answers: the largest
    difference of any share (codes) or of the cumulative share (numbers, dates)."""

    study: str
    variable: str
    wave: str
    points: float


@dataclass(frozen=True, slots=True)
class ReleaseDiff:
    """Two releases compared. ``joined`` is false where the private maps of ids were not at hand: then ``cells`` and ``people``
    are empty, and the rest still holds. ``stamps`` are contradictions about the version inside a release."""

    before: str
    after: str
    k: int
    joined: bool
    same_data: bool
    structure: tuple[StructureChange, ...] = ()
    cells: tuple[CellChange, ...] = ()
    people: tuple[PeopleChange, ...] = ()
    margins: tuple[MarginChange, ...] = ()
    stamps: tuple[str, ...] = ()
    deprecated: Mapping[str, str] = field(default_factory=dict)
    """Variables of the newer release that say what replaces them."""
    listed: frozenset[str] = frozenset()
    """Variables that the newer release lists, with or without data."""
    withdrawn: bool = False
    """True where people withdrew since the older release, so that what is hidden now is what restoring k needed."""

    @property
    def corrected(self) -> tuple[CellChange, ...]:
        """Cells that differ for another reason than disclosure control."""
        return tuple(each for each in self.cells if not each.protection)

    @property
    def hidden(self) -> Mapping[tuple[str, str, str], int]:
        """Answers that the older release showed and the newer one removed, by study, variable and wave."""
        counts: Counter[tuple[str, str, str]] = Counter()
        for each in self.cells:
            if each.after_reason == SUPPRESSED and each.before_reason != SUPPRESSED:
                counts[each.study, each.variable, each.wave] += each.n
        return counts

    @property
    def weight(self) -> Weight:
        """Weight of everything that changed: decides the least version."""
        weights: list[Weight] = [each.weight for each in self.structure]
        if self.cells or self.margins or any(each.added or each.gone for each in self.people):
            weights.append("minor")
        if not self.same_data and not self.joined:
            weights.append("minor")
        return heaviest(weights)
