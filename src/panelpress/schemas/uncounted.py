"""Finds variables that identify people, are open, and are counted by nobody: neither keys, nor starred as rare patterns, nor
listed as harmless with a reason. One such variable published as it is would make every other promise of the tier empty.
"""

from __future__ import annotations

from collections.abc import Iterable

from panelpress.model.disclosure import StudyKeys
from panelpress.model.variable import Variable

IDENTIFYING = frozenset({"quasi", "observable_act"})


def uncounted(keys: StudyKeys, variables: Iterable[Variable]) -> tuple[Variable, ...]:
    """Open variables of the study with an identifying disclosure role that ``keys`` says nothing of."""
    counted = {key.variable for key in keys.keys} | set(keys.harmless)
    return tuple(
        each
        for each in variables
        if each.tier == "open"
        and each.disclosure in IDENTIFYING
        and each.id not in counted
        and not (each.multi_of and each.multi_of in keys.patterns)
    )
