"""What other demands would cost: the same study protected for other class sizes, and with one key less at a time.

Answers two questions of whoever declares: how much a larger k costs, and which key to coarsen or give up to gain most for the
others. Each point is a full protection; its table is dropped again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import duckdb

from panelpress.build.compiler.quote import name
from panelpress.build.disclosure.earlier import Earlier
from panelpress.build.disclosure.protect import TIERS, protect
from panelpress.errors import DisclosureRefused
from panelpress.model.disclosure import DisclosureDeclaration
from panelpress.model.missing import MissingReasons
from panelpress.model.protection import ProtectionResult, SampleCost
from panelpress.model.study import Sample, Study
from panelpress.model.variable import Tier, Variable

SIZES = (3, 5, 8, 12, 20)


@dataclass(frozen=True, slots=True)
class Point:
    """One way to protect a study: class size, the key given up (None: none), keys that stayed, mean loss over cells of all
    declared keys, share of their cells starred or withheld, and loss by key."""

    tier: Tier
    class_size: int
    without: str | None
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
    """Points of the frontier: every size of ``SIZES`` and the tier's own with all keys, then the tier's own without each key that
    the tier holds. Floors are left out of it; a size that no table can reach is skipped. Costs are those of the whole study: the
    cost of each sample is told of what is published."""
    rules = declaration.tiers[tier]
    own = rules.rules(study.id).with_waves(study.wave_ids)
    held = {variable.id for variable in variables if variable.tier in TIERS[tier]} - set(own.withhold)
    wanted: list[tuple[int, str | None]] = [(size, None) for size in sorted({*SIZES, rules.class_size})]
    wanted += [(rules.class_size, key.variable) for key in declaration.studies[study.id].keys if key.variable in held]
    samples = [sample for sample in samples if sample.where is None]
    for size, without in wanted:
        withhold = (*own.withhold, *([without] if without else []))
        tried = replace(
            rules, k=size, max_risk=1.0, studies={study.id: replace(own, floors=(), budgets=(), before=(), withhold=withhold)}
        )
        asked = replace(declaration, tiers={**declaration.tiers, tier: tried})
        try:
            result = protect(rows, study, variables, asked, tier, missing, samples, "pp_frontier", earlier)
        except DisclosureRefused:
            continue
        rows.execute(f"DROP TABLE {name('pp_frontier')}")
        cost = whole(result)
        if cost is not None:
            by_key = tuple((key.variable, key.ncp) for key in cost.keys)
            yield Point(tier, size, without, result.keys, cost.ncp, cost.starred, by_key)


def best_gain(points: Sequence[Point]) -> tuple[str, float] | None:
    """The key whose loss would spare the others most, and how much of their mean loss it would spare."""
    full = {point.tier: point for point in points if point.without is None}
    gains: list[tuple[float, str]] = []
    for point in points:
        if point.without is None:
            continue
        base = next(each for each in points if each.without is None and each.class_size == point.class_size)
        others = [key for key, _ in base.by_key if key != point.without]
        if others and full:
            before, after = dict(base.by_key), dict(point.by_key)
            gains.append((sum(before[key] - after[key] for key in others) / len(others), point.without))
    if not gains:
        return None
    gain, key = max(gains)
    return key, gain
