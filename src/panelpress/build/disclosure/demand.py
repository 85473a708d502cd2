"""What every published class must satisfy: ``k`` persons and, where asked, ``diversity`` distinct answers to each sensitive
variable in each wave (distinct l-diversity; Machanavajjhala et al., l-Diversity, TKDD 2007).

Answers are bit masks, a column for each sensitive variable and wave; all bits are set where a person shows nothing there. Both
conditions can only come true when classes are joined, never become false: that is what makes the search exact.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from panelpress.build.disclosure.columns import Ints

Masks = NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class Demand:
    """``diversity`` 1 asks nothing of answers."""

    k: int
    diversity: int = 1

    def fails(self, counts: Ints, answers: Masks) -> NDArray[np.bool_]:
        """Which classes, given by their persons and the answers seen in them, do not satisfy it."""
        fails: NDArray[np.bool_] = counts < self.k
        if self.diversity > 1 and answers.shape[1]:
            fails |= (np.bitwise_count(answers) < self.diversity).any(axis=1)
        return fails


def unite(answers: Masks, groups: Ints, n: int) -> Masks:
    """Answers seen in each of ``n`` groups of rows; ``groups`` (rows) numbers them from 0."""
    united = np.zeros((n, answers.shape[1]), dtype=np.uint64)
    if answers.shape[1] and len(groups):
        order = np.argsort(groups, kind="stable")
        ordered = groups[order]
        starts = np.flatnonzero(np.concatenate(([True], ordered[1:] != ordered[:-1])))
        united[ordered[starts]] = np.bitwise_or.reduceat(answers[order], starts, axis=0)
    return united
