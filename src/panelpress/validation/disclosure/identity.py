"""Attacks on identity: someone who knows facts about a person looks for that person's record.

An attack claims a record where so few records agree that the chance of being right is above the tier's greatest risk. Each takes
the attacker's ``facts`` (targets x columns of the linked history, in the release's own codes) and returns, for each target, the
index of the claimed record or -1; who was right is scored elsewhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np

from panelpress.validation.disclosure.matching import match
from panelpress.validation.disclosure.released import ABSENT, UNSEEN, Codes, Histories


def _claims(facts: Codes, records: Codes, max_risk: float) -> Codes:
    found = match(facts, records)
    return np.where((found.counts > 0) & (found.counts * max_risk < 1.0), found.first, -1)


def nosy_neighbour(facts: Codes, released: Histories, wave: str, max_risk: float) -> Codes:
    """Knows every key of the target in one wave, and that the target answered it."""
    here = np.array([column[0] == wave for column in released.columns])
    known = np.where(here[None, :], facts, UNSEEN)
    took_part = (facts[:, here] != ABSENT).any(axis=1) if here.any() else np.zeros(len(facts), dtype=bool)
    claims = _claims(known, released.codes, max_risk)
    return np.where(took_part, claims, -1)


def whole_history(facts: Codes, released: Histories, max_risk: float) -> Codes:
    """Knows every key in every wave and who took part when: the strongest attacker the promise of k speaks of."""
    return _claims(facts, released.codes, max_risk)


def few_facts(facts: Codes, released: Histories, max_risk: float, most: int = 3) -> Codes:
    """Knows any one, two or three facts. Claims the first record that some combination singles out."""
    claims = np.full(len(facts), -1, dtype=np.int64)
    for size in range(1, most + 1):
        for chosen in combinations(range(len(released.columns)), size):
            open_targets = np.flatnonzero(claims < 0)
            if open_targets.size == 0:
                return claims
            listed = list(chosen)
            found = _claims(facts[open_targets][:, listed], released.codes[:, listed], max_risk)
            present = (facts[open_targets][:, listed] != ABSENT).all(axis=1)
            claims[open_targets] = np.where(present, found, -1)
    return claims


def path(facts: Codes, released: Histories, varying: Sequence[str], max_risk: float) -> Codes:
    """Knows the sequence of one kind of fact over the waves, such as where the target lived."""
    here = np.array([column[1] in varying for column in released.columns])
    return _claims(np.where(here[None, :], facts, UNSEEN), released.codes, max_risk)
