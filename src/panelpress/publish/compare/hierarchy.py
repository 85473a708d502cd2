"""Says whether two published cells may be the same answer, shown at different levels of a declared hierarchy.

Disclosure control may publish a key finer for one person than for another, and in one release otherwise than in the next. A cell
that went from a country to its region was not corrected. Two codes are related when some harmonized answer is shown as either
of them at some level; two reasons are, when the key publishes them merged.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import date
from functools import cache

from panelpress.model.disclosure import DisclosureDeclaration, Key, is_day
from panelpress.model.missing import NO_ANSWER

Cell = tuple[str | None, str | None]
"""Value and reason, as text; one of them None."""
Related = Callable[[str, Cell, Cell], bool]


def unrelated(variable: str, before: Cell, after: Cell) -> bool:
    """Without a declaration no two different cells are the same answer."""
    return False


def related_by(declaration: DisclosureDeclaration) -> Related:
    """``related`` by the hierarchies of a project."""
    keys: dict[str, list[Key]] = {}
    for study in declaration.studies.values():
        for key in study.keys:
            keys.setdefault(key.variable, []).append(key)

    @cache
    def answers(variable: str, code: str) -> frozenset[str]:
        """Harmonized answers that may be shown as ``code``; the bands of a cut are their numbers."""
        found = {code}
        for key in keys[variable]:
            for level in key.levels:
                found |= {str(own) for own, parent in level.parents.items() if str(parent) == code}
        return frozenset(found)

    @cache
    def ranges(variable: str, code: str) -> tuple[tuple[float, float], ...]:
        """Half-open ranges of answers that are shown as ``code`` at some level with cuts; a code that names no band is the answer
        itself."""
        found: list[tuple[float, float]] = []
        for key in keys[variable]:
            for level in key.levels:
                edges = (-math.inf, *(_place(cut) or 0.0 for cut in level.cuts), math.inf)
                bands = zip(level.categories if level.cuts else (), edges, edges[1:], strict=False)
                found += [(low, high) for category, low, high in bands if str(category.code) == code]
        single = _place(code)
        if not found and single is not None:
            found.append((single, math.nextafter(single, math.inf)))
        return tuple(found)

    def related(variable: str, before: Cell, after: Cell) -> bool:
        if variable not in keys:
            return False
        (old, old_reason), (new, new_reason) = before, after
        if old is None and new is None:
            return NO_ANSWER in (old_reason, new_reason) and any(key.reasons == "merged" for key in keys[variable])
        if old is None or new is None:
            return False
        if answers(variable, old) & answers(variable, new):
            return True
        pairs = ((one, other) for one in ranges(variable, old) for other in ranges(variable, new))
        return any(max(one[0], other[0]) < min(one[1], other[1]) for one, other in pairs)

    return related


def _place(text: str) -> float | None:
    """A number, or an ISO day as the number of its day; None for any other code."""
    try:
        return float(date.fromisoformat(text).toordinal()) if is_day(text) else float(text)
    except ValueError:
        return None
