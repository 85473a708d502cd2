"""Finds variables that identify people, are in a tier, and are counted by nobody: neither keys, nor starred as rare patterns, nor
listed as harmless with a reason. One such variable published as it is would make every other promise of the tier empty. The
licensed tier is no exception: its readers have names too.
"""

from __future__ import annotations

from collections.abc import Iterable

from panelpress.model.disclosure import StudyKeys
from panelpress.model.variable import Variable

IDENTIFYING = frozenset({"quasi", "observable_act"})


def uncounted(keys: StudyKeys, variables: Iterable[Variable]) -> tuple[Variable, ...]:
    """Variables of the study that some tier holds, with an identifying disclosure role, of which ``keys`` says nothing."""
    counted = {key.variable for key in keys.keys} | set(keys.harmless)
    return tuple(
        each
        for each in variables
        if each.tier != "never"
        and each.disclosure in IDENTIFYING
        and each.id not in counted
        and not (each.multi_of and each.multi_of in keys.patterns)
    )


def uncounted_combinations(keys: StudyKeys, variables: Iterable[Variable]) -> tuple[str, ...]:
    """Multi-selects of which the open tier holds two or more options that ``keys`` says nothing of: a rare combination of options
    finds a person, however harmless each is."""
    counted = {key.variable for key in keys.keys} | set(keys.harmless)
    free = [each.multi_of for each in variables if each.multi_of and each.tier == "open" and each.id not in counted]
    return tuple(multi for multi in dict.fromkeys(free) if free.count(multi) > 1 and multi not in keys.patterns)
