"""What other demands would cost: the same study protected for other class sizes, and with one key coarser at a time.

Answers two questions of whoever declares: how much a larger k costs, and which key to coarsen to gain most for the others. Each
point is a protection with stars of one greedy run, a little dearer than the best found; its table is dropped again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import duckdb

from panelpress.build.compiler.quote import name
from panelpress.build.disclosure.earlier import Earlier
from panelpress.build.disclosure.protect import TIERS, protect
from panelpress.errors import DisclosureRefused
from panelpress.model.disclosure import WITHHELD, DisclosureDeclaration, Key, StudyRules
from panelpress.model.missing import MissingReasons
from panelpress.model.protection import ProtectionResult, SampleCost
from panelpress.model.study import Sample, Study
from panelpress.model.variable import Tier, Variable

SIZES = (3, 5, 8, 12, 20)


@dataclass(frozen=True, slots=True)
class Point:
    """One way to protect a study: class size, the key that may be no finer than a level (None: as declared; at ``withheld`` it is
    given up), keys that stayed, mean loss over cells of all declared keys, share of their cells starred or withheld, and loss by
    key."""

    tier: Tier
    class_size: int
    coarser: tuple[str, str] | None
    keys: tuple[str, ...]
    ncp: float
    starred: float
    by_key: tuple[tuple[str, float], ...]


def whole(result: ProtectionResult) -> SampleCost | None:
    """Cost in the largest sample of the study."""
    return max(result.costs, key=lambda cost: cost.responses, default=None)


def explore(
    rows: duckdb.DuckDBPyConnection,
    study: Study,
    variables: Sequence[Variable],
    declaration: DisclosureDeclaration,
    tier: Tier,
    missing: MissingReasons,
    samples: Sequence[Sample] = (),
    earlier: Sequence[Earlier] = (),
) -> Iterator[Point]:
    """Points of the frontier: every size of ``SIZES`` and the tier's own with all keys, then the tier's own with each key of the
    tier one level coarser than it is shown now. Floors are left out of it; a size that no table can reach is skipped. Costs are
    those of the whole study: the cost of each sample is told of what is published."""
    rules = declaration.tiers[tier]
    own = replace(rules.rules(study.id).with_waves(study.wave_ids), floors=(), budgets=(), before=())
    held = {variable.id for variable in variables if variable.tier in TIERS[tier]} - set(own.withhold)
    keys = [key for key in declaration.studies[study.id].keys if key.variable in held]
    samples = [sample for sample in samples if sample.where is None]

    def point(size: int, coarser: tuple[str, str] | None, asked: StudyRules) -> tuple[Point, ProtectionResult] | None:
        tried = replace(rules, k=size, max_risk=1.0, studies={study.id: asked})
        demanded = replace(declaration, tiers={**declaration.tiers, tier: tried})
        try:
            result = protect(rows, study, variables, demanded, tier, missing, samples, "pp_frontier", earlier, thorough=False)
        except DisclosureRefused:
            return None
        rows.execute(f"DROP TABLE {name('pp_frontier')}")
        cost = whole(result)
        if cost is None:
            return None
        by_key = tuple((key.variable, key.ncp) for key in cost.keys)
        return Point(tier, size, coarser, result.keys, cost.ncp, cost.starred, by_key), result

    now: ProtectionResult | None = None
    for size in sorted({*SIZES, rules.class_size}):
        found = point(size, None, own)
        if found:
            yield found[0]
            now = found[1] if size == rules.class_size else now
    for key in keys if now else ():
        assert now is not None
        level = _next_level(key, now.levels.get(key.variable, ()))
        asked = replace(own, finest={**own.finest, key.variable: level})
        if level == WITHHELD:
            asked = replace(own, withhold=(*own.withhold, key.variable))
        found = point(rules.class_size, (key.variable, level), asked)
        if found:
            yield found[0]


def _next_level(key: Key, shown: Sequence[str]) -> str:
    """The level above the finest of those ``shown``."""
    return key.level_id(min((key.level_index(each) for each in shown), default=key.top - 1) + 1)


def gains(points: Sequence[Point]) -> tuple[tuple[str, str, float], ...]:
    """For each key (key, level, gain): how much less the others would lose on average, were it published no finer than at the
    level; the greatest gain first."""
    base = {point.class_size: dict(point.by_key) for point in points if point.coarser is None}
    found = []
    for point in points:
        if point.coarser is not None and point.class_size in base:
            key, level = point.coarser
            before, after = base[point.class_size], dict(point.by_key)
            others = [each for each in before if each != key]
            if others:
                found.append((key, level, sum(before[each] - after[each] for each in others) / len(others)))
    return tuple(sorted(found, key=lambda each: (-each[2], each[0])))
