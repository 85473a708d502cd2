"""Holds the cells that differ between two releases against the declared errata.

A corrected cell is one that an earlier release had wrong. Somebody may have used it, so an erratum must say which variable and
wave, how many cells, and why; the diff counts them itself. A cell that differs because of disclosure control is none, nor is
one whose variable changed its meaning as a whole (that is a breaking change and says so itself).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from panelpress.model.chain import FEW, Erratum
from panelpress.model.changes import ReleaseDiff
from panelpress.model.small_counts import shown

Cell = tuple[str, str, str]
"""Study, variable, wave."""


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Cells of one variable and wave whose count is not what the errata say; ``what`` is fit to be printed."""

    study: str
    variable: str
    wave: str
    counted: int
    what: str


def corrected_cells(diff: ReleaseDiff) -> Counter[Cell]:
    """Cells per variable and wave that need an erratum."""
    redefined = {(each.variable, each.wave) for each in diff.structure if each.weight == "major" and each.variable}
    counts: Counter[Cell] = Counter()
    for change in diff.corrected:
        if (change.variable, None) not in redefined and (change.variable, change.wave) not in redefined:
            counts[change.study, change.variable, change.wave] += change.n
    return counts


def check_errata(diff: ReleaseDiff, errata: Sequence[Erratum]) -> list[Disagreement]:
    """Corrected cells without an erratum, and errata whose count is not the diff's; ``errata`` of other versions are skipped."""
    counts = corrected_cells(diff)
    declared = {(each.study, each.variable, each.wave): each for each in errata if each.version == diff.after}
    found = []
    for cell in sorted(counts.keys() | declared.keys()):
        n, erratum = counts.get(cell, 0), declared.get(cell)
        told = shown(n, diff.k)
        if erratum is None:
            found.append(Disagreement(*cell, n, f"{told} cells differ, and no erratum says so"))
        elif not _confirmed(erratum.cells, n, diff.k):
            found.append(Disagreement(*cell, n, f"erratum `{erratum.id}` says {erratum.cells} cells, the diff counts {told}"))
    return found


def _confirmed(declared: int | str, counted: int, k: int) -> bool:
    """``few`` stands for 1 to k-1, and must: an exact count below k would be told to everybody."""
    if declared == FEW:
        return 0 < counted < k
    return declared == counted and counted >= k
