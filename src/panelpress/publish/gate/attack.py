"""Runs the ten attacks on a staged release and turns them into findings of the gate.

The attacker (``panelpress.validation.disclosure``) sees the files; ``truth`` tells what an outsider could know of a target and
scores the claims. Fixed
rule: no identity may be claimed rightly, at a confidence above the tier's greatest risk, more often than luck
explains; no starred cell may be predicted more than five points better than by its commonest answer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import duckdb
import numpy as np

from panelpress.model.findings import Finding
from panelpress.model.study import Study
from panelpress.publish.access.kept import withdrawn_counts
from panelpress.publish.gate.attack_answers import attack_answers
from panelpress.publish.gate.truth import Truth, shuffled, truth_of
from panelpress.validation.checks import finding
from panelpress.validation.disclosure import between, identity, traces
from panelpress.validation.disclosure.measures import measure
from panelpress.validation.disclosure.released import Codes, Histories, ReleasedStudy, histories, read_release
from panelpress.validation.disclosure.result import AttackResult

SEED = 20220224
SMALLEST = "disclosure.smallest_class"
Identities = Mapping[str, Mapping[str, str]]


def attack_release(
    folder: Path,
    secure: duckdb.DuckDBPyConnection,
    studies: Sequence[Study],
    identities: Identities,
    previous: tuple[Path, Identities] | None,
) -> list[Finding]:
    """Findings of every attack on the release in ``folder``, which has to hold ``studies``.
    ``previous`` is the folder and private map of the last release."""
    found: list[Finding] = []
    earlier = {study.name: study for study in read_release(previous[0])} if previous else {}
    declared = {study.id: study for study in studies}
    attacked = read_release(folder)
    found += [_not_attacked(study) for study in sorted(declared.keys() - {each.name for each in attacked})]
    for released in attacked:
        study = declared[released.name]
        known = histories(released)
        found.append(_smallest(released, known))
        truth = truth_of(secure, study, released, known, identities[study.id])
        results = identity_attacks(released, known, truth)
        results += trace_attacks(released, known, truth, identities[study.id])
        results += attack_answers(secure, study, released, identities[study.id], SEED)
        if previous and study.id in earlier and study.kind == "panel":
            then, gone = previous[1].get(study.id, {}), withdrawn_counts(previous[0]).get(study.id, {})
            results += release_attacks(earlier[study.id], released, known, truth, secure, study, then, gone)
        found += [as_finding(result) for result in results]
    return found


def _not_attacked(study: str) -> Finding:
    """A study whose keys or rows the attacker does not find in the files: silence would read as safety."""
    return finding(SMALLEST, study, failed=1, total=1, message="not attacked: the files state no keys or hold no rows of it")


def _smallest(released: ReleasedStudy, known: Histories) -> Finding:
    """The promise itself, counted on the files: no exact class of the linked history is smaller than stated."""
    measured = measure(known)
    too_small = int(measured.smallest < released.class_size)
    size = f"< {released.class_size}" if too_small else str(measured.smallest)
    message = f"smallest class {size}, marketer risk {measured.marketer:.4f}"
    return finding(SMALLEST, released.name, failed=too_small, total=1, message=message)


def _score(
    attack: str, claims: Codes, control: Codes, released: ReleasedStudy, truth: Truth, published: bool = False
) -> AttackResult:
    return AttackResult(
        attack=attack,
        study=released.name,
        attempts=len(claims),
        claims=int((claims >= 0).sum()),
        correct=int(((claims >= 0) & (claims == truth.record)).sum()),
        control_attempts=len(control),
        control_correct=int(((control >= 0) & (control == truth.record)).sum()),
        published=published,
    )


def identity_attacks(released: ReleasedStudy, known: Histories, truth: Truth) -> list[AttackResult]:
    """Nosy neighbour in each wave, any few facts, the path of each varying key, the whole history."""
    facts, luck, risk = truth.facts, shuffled(truth.facts, SEED), released.max_risk
    results = []
    for wave in released.waves:
        mine = identity.nosy_neighbour(facts, known, wave, risk)
        results.append(_score(f"nosy_neighbour.{wave}", mine, identity.nosy_neighbour(luck, known, wave, risk), released, truth))
    results.append(
        _score("few_facts", identity.few_facts(facts, known, risk), identity.few_facts(luck, known, risk), released, truth)
    )
    for key in released.keys:
        if len(released.waves) > 1:
            mine = identity.path(facts, known, [key], risk)
            results.append(_score(f"path.{key}", mine, identity.path(luck, known, [key], risk), released, truth))
    whole = identity.whole_history(facts, known, risk)
    results.append(_score("whole_history", whole, identity.whole_history(luck, known, risk), released, truth))
    return results


def trace_attacks(released: ReleasedStudy, known: Histories, truth: Truth, identities: Mapping[str, str]) -> list[AttackResult]:
    """Guessed ids and the order of rows."""
    sample = truth.targets[:500]
    hits = traces.dictionary_attack(sample, known.persons)
    right = sum(1 for token, guess in hits.items() if identities.get(token) == guess)
    ids = AttackResult("dictionary", released.name, len(sample), len(hits), right, len(sample), 0)
    back = {each: secure for secure, each in identities.items()}
    private = {secure: rank for rank, secure in enumerate(sorted(identities))}
    order = list(dict.fromkeys(str(each) for each in released.rows[released.person]))
    told = abs(traces.order_tells([private[back[each]] for each in order if each in back]))
    tells = int(len(order) >= 50 and told > 4.0 / np.sqrt(len(order)))
    row_order = AttackResult("row_order", released.name, 1, tells, tells, 400, 0)
    return [ids, row_order]


def release_attacks(
    old: ReleasedStudy,
    new: ReleasedStudy,
    known: Histories,
    truth: Truth,
    secure: duckdb.DuckDBPyConnection,
    study: Study,
    old_identities: Mapping[str, str],
    withdrawn: Mapping[str, int],
) -> list[AttackResult]:
    """Two releases intersected over re-linked records, the re-linking itself, and who was added or is gone."""
    before = histories(old)
    linked = between.relink(old, new, before, known)
    old_truth = truth_of(secure, study, old, before, old_identities)
    row = {target: place for place, target in enumerate(old_truth.targets)}
    both = [place for place, target in enumerate(truth.targets) if target in row]
    part = Truth(tuple(truth.targets[place] for place in both), truth.facts[both], truth.record[both])
    old_facts = old_truth.facts[[row[target] for target in part.targets]]
    claims = between.intersect(old_facts, part.facts, before, known, linked, new.max_risk)
    luck = between.intersect(shuffled(old_facts, SEED), shuffled(part.facts, SEED + 1), before, known, linked, new.max_risk)
    meets = _score("two_releases", claims, luck, new, part)
    record_of = {int(place): target for place, target in zip(truth.record, truth.targets, strict=True) if place >= 0}
    old_record_of = {int(place): target for place, target in zip(old_truth.record, old_truth.targets, strict=True) if place >= 0}
    right = sum(1 for a, b in zip(linked.old, linked.new, strict=True) if old_record_of.get(int(a)) == record_of.get(int(b)))
    relinking = AttackResult(
        "relink", new.name, len(before.persons), len(linked.old), right, len(before.persons), 0, published=True
    )
    few = between.few_added_or_gone(old, new, new.class_size, withdrawn)
    differencing = AttackResult("differencing", new.name, max(few, 1), few, few, 400, 0)
    return [meets, relinking, differencing]


def as_finding(result: AttackResult) -> Finding:
    """The finding of one attack. Residual risk that is published openly informs and does not block."""
    low, high = result.interval
    message = (
        f"{result.attempts} attempts, right in {result.rate:.1%} [{low:.1%}, {high:.1%}]; luck up to {result.control_upper:.1%}"
        + (f", allowed {result.margin:.0%} more" if result.margin else "")
        + (": residual risk, told openly" if result.published else "")
    )
    name, _, field = result.attack.partition(".")
    return finding(f"disclosure.{name}", result.study, field or None, failed=int(result.bites), total=1, message=message)
