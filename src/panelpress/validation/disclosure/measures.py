"""Measures of a release that need no truth: smallest exact classes, prosecutor and marketer risk, minimal uniques.

Prosecutor risk of a person is one over the size of the exact class; marketer risk its mean (K. El Emam, Guide to the
De-Identification of Personal Health Information, 2013). Individual risk with sampling weights follows Benedetti and Franconi
(1998) in the closed forms that mu-ARGUS uses. Minimal unique: a set of at most three facts that one person alone has
(Elliot, Manning, Ford 2002).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from panelpress.validation.disclosure.released import ABSENT, STAR, Codes, Histories, exact_classes


@dataclass(frozen=True, slots=True)
class Measures:
    """``smallest`` of the linked history and by wave, risks from 0 to 1, persons with a minimal unique of up to three facts."""

    persons: int
    smallest: int
    smallest_by_wave: dict[str, int]
    prosecutor: float
    marketer: float
    minimal_uniques: int


def measure(released: Histories) -> Measures:
    """All measures of one study."""
    sizes = exact_classes(released.codes)
    waves = dict.fromkeys(wave for wave, _ in released.columns)
    by_wave = {}
    for wave in waves:
        here = [place for place, column in enumerate(released.columns) if column[0] == wave]
        part = released.codes[:, here]
        part = part[(part != ABSENT).any(axis=1)]
        by_wave[wave] = int(exact_classes(part).min()) if len(part) else 0
    smallest = int(sizes.min()) if len(sizes) else 0
    return Measures(
        persons=len(sizes),
        smallest=smallest,
        smallest_by_wave=by_wave,
        prosecutor=1.0 / smallest if smallest else 0.0,
        marketer=float((1.0 / sizes).mean()) if len(sizes) else 0.0,
        minimal_uniques=minimal_uniques(released.codes),
    )


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


def individual_risk(frequencies: Codes, weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Risk of each record from its class size ``frequencies`` and the sum of sampling weights of its class ``weights``."""
    risks = np.empty(len(frequencies))
    for place, (count, total) in enumerate(zip(frequencies, weights, strict=True)):
        p = min(1.0, count / total)
        if p >= 1.0:
            risks[place] = 1.0 / count
            continue
        q = p / (1.0 - p)
        if count == 1:
            risks[place] = q * math.log(1.0 / p)
        elif count == 2:
            risks[place] = q - q * q * math.log(1.0 / p)
        else:
            risks[place] = p / (count - (1.0 - p))
    return risks


def household_risk(risks: NDArray[np.float64], households: Codes) -> NDArray[np.float64]:
    """Chance that anyone of the household is recognized, for each of its members."""
    found = np.empty(len(risks))
    for household in np.unique(households):
        members = households == household
        found[members] = 1.0 - np.prod(1.0 - risks[members])
    return found
