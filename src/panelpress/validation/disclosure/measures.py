"""Measures of a release that need no truth: smallest exact classes, risks of being recognized, minimal uniques.

Prosecutor risk of a person is one over the size of the exact class, for an intruder who knows that the person took part;
journalist risk one over the class in the population, which weights estimate; marketer risk the mean of prosecutor risks
(K. El Emam, Guide to the De-Identification of Personal Health Information, 2013). Minimal unique: a set of at most three facts
that one person alone has (Elliot, Manning, Ford 2002). Individual risk is in ``weighted``.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np

from panelpress.validation.disclosure.released import ABSENT, STAR, Codes, Histories, exact_classes
from panelpress.validation.disclosure.weighted import Floats, household_risk, individual_risk, population_sizes


@dataclass(frozen=True, slots=True)
class Measures:
    """``smallest`` of the linked history and by wave, risks from 0 to 1, persons with a minimal unique of up to three facts.
    ``expected`` is the share of persons whom chance alone would recognize, by weights where there are any; ``household`` the
    greatest chance that anyone of a household is recognized (None where the file has no households)."""

    persons: int
    smallest: int
    smallest_by_wave: dict[str, int]
    prosecutor: float
    journalist: float
    marketer: float
    individual: float
    expected: float
    household: float | None
    minimal_uniques: int


def measure(released: Histories, weights: Floats | None = None, households: Codes | None = None) -> Measures:
    """All measures of one study. ``weights`` and ``households`` are by person; without weights everybody stands for one person,
    which is the safe reading of a survey that people choose to take part in."""
    sizes = exact_classes(released.codes)
    if not len(sizes):
        return Measures(0, 0, {}, 0.0, 0.0, 0.0, 0.0, 0.0, None, 0)
    own = np.ones(len(sizes)) if weights is None else weights
    population = population_sizes(released.codes, own)
    risks = individual_risk(sizes, population)
    household = None if households is None else float(household_risk(risks, households).max())
    return Measures(
        persons=len(sizes),
        smallest=int(sizes.min()),
        smallest_by_wave=_by_wave(released),
        prosecutor=float(1.0 / sizes.min()),
        journalist=float((1.0 / np.maximum(population, sizes)).max()),
        marketer=float((1.0 / sizes).mean()),
        individual=float(risks.max()),
        expected=float(risks.mean()),
        household=household,
        minimal_uniques=minimal_uniques(released.codes),
    )


def _by_wave(released: Histories) -> dict[str, int]:
    """Smallest exact class among those who answered a wave, by what that wave alone shows."""
    found = {}
    for wave in dict.fromkeys(wave for wave, _ in released.columns):
        here = [place for place, column in enumerate(released.columns) if column[0] == wave]
        part = released.codes[:, here]
        part = part[(part != ABSENT).any(axis=1)]
        found[wave] = int(exact_classes(part).min()) if len(part) else 0
    return found


def minimal_uniques(codes: Codes, most: int = 3) -> int:
    """Persons whom at most ``most`` shown facts single out. Stars and absence are no facts that anyone could know."""
    unique = np.zeros(len(codes), dtype=bool)
    for size in range(1, most + 1):
        for chosen in combinations(range(codes.shape[1]), size):
            part = codes[:, list(chosen)]
            shown = ((part != STAR) & (part != ABSENT)).all(axis=1)
            if shown.any():
                unique[shown] |= exact_classes(part[shown]) == 1
    return int(unique.sum())
