"""Risk of single persons by sampling weights, and of households: what chance leaves to an intruder who does not know who took
part.

A class of f persons in the file stands for the sum F of their weights in the population. The risk of each follows Benedetti and
Franconi (1998) in the closed forms that mu-ARGUS uses, with p = f / F and q = p / (1 - p).
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from panelpress.validation.disclosure.released import Codes, numbered

Floats = NDArray[np.float64]


def population_sizes(codes: Codes, weights: Floats) -> Floats:
    """For each row the sum of weights of its exact class."""
    _, inverse = np.unique(numbered(codes), return_inverse=True)
    inverse = np.asarray(inverse).ravel()
    return np.bincount(inverse, weights=weights)[inverse].astype(np.float64)


def individual_risk(frequencies: Codes, weights: Floats) -> Floats:
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


def household_risk(risks: Floats, households: Codes) -> Floats:
    """Chance that anyone of the household is recognized, for each of its members."""
    found = np.empty(len(risks))
    for household in np.unique(households):
        members = households == household
        found[members] = 1.0 - np.prod(1.0 - risks[members])
    return found
