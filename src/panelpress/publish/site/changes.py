"""What changed since the release before, counted for the landing page; the table ``changes`` holds every line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from panelpress.publish.compare.change_words import kinds
from panelpress.publish.site.contents import Row

MOST_CHANGES = 200
WEIGHTS = ("major", "minor", "patch")


def counted(changes: Sequence[Row], language: str) -> Sequence[Mapping[str, Any]]:
    """Kind (in words), weight, variable, wave and how many; the heaviest first, no more than a page holds."""
    found: dict[tuple[str, ...], dict[str, Any]] = {}
    said = kinds(language)
    for row in changes:
        weight, kind, variable, wave = (str(row.get(name) or "") for name in ("weight", "kind", "variable", "wave"))
        line = {"weight": weight, "said": said.get(kind, kind), "variable": variable, "wave": wave, "n": 0}
        found.setdefault((weight, kind, variable, wave), line)["n"] += int(row.get("n") or 1)
    order = {weight: place for place, weight in enumerate(WEIGHTS)}
    return sorted(found.values(), key=lambda each: order.get(each["weight"], len(order)))[:MOST_CHANGES]
