"""Runs every attack on a staged release and turns what comes of them into findings of the gate.

The attacker (``panelpress.validation.disclosure``) sees the files; ``truth`` tells what an outsider could know of a target and
scores the claims. Fixed rule: no identity may be claimed rightly, at a confidence above the tier's greatest risk, more often
than luck explains; no starred cell may be predicted more than five points better than by its commonest answer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import duckdb

from panelpress.model.findings import Finding
from panelpress.model.study import Study
from panelpress.publish.access.kept import withdrawn_counts
from panelpress.publish.gate.attack_answers import attack_answers
from panelpress.publish.gate.attack_between import attack_between
from panelpress.publish.gate.attack_measures import measured, not_attacked
from panelpress.publish.gate.attack_traces import attack_traces
from panelpress.publish.gate.truth import SEED, Truth, score, shuffled, truth_of
from panelpress.validation.checks import finding
from panelpress.validation.disclosure import identity
from panelpress.validation.disclosure.released import Histories, ReleasedStudy, histories, read_release
from panelpress.validation.disclosure.result import AttackResult

Identities = Mapping[str, Mapping[str, str]]


def attack_release(
    folder: Path,
    secure: duckdb.DuckDBPyConnection,
    studies: Sequence[Study],
    identities: Identities,
    previous: tuple[Path, Identities] | None,
) -> list[Finding]:
    """Findings of every attack on the release in ``folder``, which has to hold ``studies``. ``previous`` is the folder and
    private map of another release that its readers may hold: the last one, or the open tier beneath a licensed copy."""
    found: list[Finding] = []
    earlier = {study.name: study for study in read_release(previous[0])} if previous else {}
    declared = {study.id: study for study in studies}
    attacked = read_release(folder)
    found += [not_attacked(study) for study in sorted(declared.keys() - {each.name for each in attacked})]
    for released in attacked:
        study = declared[released.name]
        known = histories(released)
        found += measured(released, known)
        truth = truth_of(secure, study, released, known, identities[study.id])
        results = identity_attacks(released, known, truth)
        results += attack_traces(secure, study, released, known, truth, identities[study.id])
        results += attack_answers(secure, study, released, identities[study.id])
        if previous and study.id in earlier and study.kind == "panel":
            then, gone = previous[1].get(study.id, {}), withdrawn_counts(previous[0]).get(study.id, {})
            own = identities[study.id]
            results += attack_between(earlier[study.id], released, known, truth, secure, study, own, then, gone)
        found += [as_finding(result) for result in results]
    return found


def identity_attacks(released: ReleasedStudy, known: Histories, truth: Truth) -> list[AttackResult]:
    """Nosy neighbour in each wave, any few facts, the path of each varying key, the whole history."""
    facts, luck, risk = truth.facts, shuffled(truth.facts, SEED), released.max_risk
    results = []
    for wave in released.waves:
        mine = identity.nosy_neighbour(facts, known, wave, risk)
        results.append(score(f"nosy_neighbour.{wave}", mine, identity.nosy_neighbour(luck, known, wave, risk), released, truth))
    few = identity.few_facts(facts, known, risk)
    results.append(score("few_facts", few, identity.few_facts(luck, known, risk), released, truth))
    for key in released.keys:
        if len(released.waves) > 1:
            mine = identity.path(facts, known, [key], risk)
            results.append(score(f"path.{key}", mine, identity.path(luck, known, [key], risk), released, truth))
    whole = identity.whole_history(facts, known, risk)
    results.append(score("whole_history", whole, identity.whole_history(luck, known, risk), released, truth))
    return results


def as_finding(result: AttackResult) -> Finding:
    """The finding of one attack. Residual risk that is published openly informs and does not block."""
    low, high = result.interval
    message = (
        f"{result.attempts} attempts, {result.claims} claims, {result.correct} right: {result.rate:.1%} [{low:.1%}, {high:.1%}]; "
        f"luck up to {result.control_upper:.1%}"
        + (f", allowed {result.margin:.0%} more" if result.margin else "")
        + (": residual risk, told openly" if result.published else "")
    )
    name, _, field = result.attack.partition(".")
    return finding(f"disclosure.{name}", result.study, field or None, failed=int(result.bites), total=1, message=message)
