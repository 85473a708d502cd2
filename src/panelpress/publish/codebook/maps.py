"""The value maps of one variable, all waves side by side: which raw codes of each wave become which answer or reason.

Made from the declarations alone; no count of anybody's answers is in it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from panelpress.model.release import Edition
from panelpress.model.text import NO_TEXT, LocalText
from panelpress.publish.codebook.content import Entry
from panelpress.publish.tables.crosswalk_table import outcomes


@dataclass(frozen=True, slots=True)
class MapLine:
    """One harmonized code or reason, and the raw codes that become it by wave, in the order in which they are tried."""

    target: str
    is_reason: bool
    label: LocalText
    raw: Mapping[str, tuple[str, ...]]


def map_lines(edition: Edition, entry: Entry) -> tuple[MapLine, ...]:
    """Answers in the order of the code list, then reasons in that of the project; nothing for a variable without raw codes."""
    found: dict[tuple[bool, str], dict[str, tuple[str, ...]]] = {}
    for each in entry.waves:
        for outcome in outcomes(each.rule):
            key = (outcome.reason is not None, outcome.reason or outcome.code or "")
            raws = found.setdefault(key, {})
            raws[each.wave.id] = (*raws.get(each.wave.id, ()), outcome.raw)
    labels = {(False, str(category.code)): category.label for category in entry.variable.categories}
    labels |= {(True, reason.reason): reason.text for reason in edition.missing}
    order = {key: at for at, key in enumerate(labels)}
    ranked = sorted(found.items(), key=lambda each: (each[0][0], order.get(each[0], -1)))
    return tuple(MapLine(key[1], key[0], labels.get(key, NO_TEXT), raws) for key, raws in ranked)
