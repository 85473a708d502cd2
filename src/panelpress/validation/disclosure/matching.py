"""Finds who a fact could be about: released records that agree with every known fact, where a star agrees with anything.

Facts and records are rows of codes; a fact that is not known is ``UNSEEN``. Equal rows are looked at once, so the cost grows with
distinct histories, not with people.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from panelpress.validation.disclosure.released import ABSENT, STAR, UNSEEN, Codes, numbered

BLOCK = 256


@dataclass(frozen=True, slots=True)
class Matches:
    """For each target: number of records that agree with its facts, and one of them (-1 where none agrees)."""

    counts: Codes
    first: Codes


def match(facts: Codes, records: Codes) -> Matches:
    """Agreement of ``facts`` (targets x columns) with ``records`` (persons x columns). An attacker who knows that the target did
    not take part in a wave writes ABSENT; a record without that wave agrees with ABSENT alone."""
    if len(records) == 0:
        return Matches(np.zeros(len(facts), dtype=np.int64), np.full(len(facts), -1, dtype=np.int64))
    _, asked, back = np.unique(numbered(facts), return_index=True, return_inverse=True)
    _, where, counts = np.unique(numbered(records), return_index=True, return_counts=True)
    known, shown = facts[asked], records[where]
    totals = np.zeros(len(known), dtype=np.int64)
    first = np.full(len(known), -1, dtype=np.int64)
    for start in range(0, len(known), BLOCK):
        part = known[start : start + BLOCK, None, :]
        agree = (part == UNSEEN) | (part == shown[None, :, :]) | ((shown[None, :, :] == STAR) & (part != ABSENT))
        whole = agree.all(axis=2)
        totals[start : start + BLOCK] = whole @ counts
        found = whole.any(axis=1)
        first[start : start + BLOCK] = np.where(found, where[whole.argmax(axis=1)], -1)
    back = np.asarray(back).ravel()
    return Matches(totals[back], first[back])
