"""Attacks that hold two releases against each other, scored: intersected, linked again, subtracted."""

from __future__ import annotations

from collections.abc import Mapping

import duckdb

from panelpress.model.study import Study
from panelpress.publish.gate.relinked import relinked
from panelpress.publish.gate.truth import SEED, Truth, score, shuffled, truth_of
from panelpress.validation.disclosure import between
from panelpress.validation.disclosure.released import Histories, ReleasedStudy, histories
from panelpress.validation.disclosure.result import AttackResult


def attack_between(
    old: ReleasedStudy,
    new: ReleasedStudy,
    known: Histories,
    truth: Truth,
    secure: duckdb.DuckDBPyConnection,
    study: Study,
    identities: Mapping[str, str],
    old_identities: Mapping[str, str],
    withdrawn: Mapping[str, int],
) -> list[AttackResult]:
    """Two releases intersected over re-linked records, the re-linking itself, and who was added or is gone (``withdrawn`` from
    the old one since, by wave). The last is not asked of two tiers: that one holds responses which the other withholds is what
    makes them two."""
    before = histories(old)
    pairs = between.same_answers(old, new)
    linked = between.relink(pairs, before, known)
    old_truth = truth_of(secure, study, old, before, old_identities)
    results = [
        _intersected(new, before, known, truth, old_truth, linked),
        relinked(old, new, pairs, old_identities, identities),
    ]
    if old.tier == new.tier:
        few = between.few_added_or_gone(old, new, new.class_size, withdrawn)
        results.append(AttackResult("differencing", new.name, max(few, 1), few, few, 400, 0))
    return results


def _intersected(
    new: ReleasedStudy,
    before: Histories,
    known: Histories,
    truth: Truth,
    old_truth: Truth,
    linked: between.Linked,
) -> AttackResult:
    row = {target: place for place, target in enumerate(old_truth.targets)}
    both = [place for place, target in enumerate(truth.targets) if target in row]
    part = Truth(tuple(truth.targets[place] for place in both), truth.facts[both], truth.record[both])
    old_facts = old_truth.facts[[row[target] for target in part.targets]]
    claims = between.intersect(old_facts, part.facts, before, known, linked, new.max_risk)
    luck = between.intersect(shuffled(old_facts, SEED), shuffled(part.facts, SEED + 1), before, known, linked, new.max_risk)
    return score("two_releases", claims, luck, new, part)
