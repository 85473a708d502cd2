"""Publishes the planned releases one after the other, from waves that were taken in before."""

from __future__ import annotations

from collections.abc import Sequence

from panelpress.errors import UsageError
from panelpress.model.chain import ReleasePlan
from panelpress.paths import Places
from panelpress.publish.compare.earlier import declared_for, due
from panelpress.publish.gate.judge import Progress
from panelpress.publish.pipeline import RunResult, inputs_digest, make_release
from panelpress.schemas.declarations import load_declarations
from panelpress.schemas.releases import load_releases, planned


def plans_of(places: Places) -> tuple[ReleasePlan, ...]:
    """The planned releases. Raises UsageError where none is planned."""
    declared = load_declarations(places)
    plans = load_releases(places, declared.studies, declared.project.languages)
    if not plans:
        raise UsageError("publish/releases.yaml", "plans no release.", "Write version and date of the release to publish.")
    return plans


def waiting(places: Places, plans: Sequence[ReleasePlan]) -> tuple[ReleasePlan, ...]:
    """Planned releases that are due, not in ``releases/``, and were not withdrawn from there."""
    gone = [plan for plan in plans if places.release(plan.version).exists() or places.tombstone(plan.version).exists()]
    return tuple(plan for plan in due(places, plans) if plan not in gone)


def publish_planned(places: Places, version: str | None, progress: Progress = lambda _: None) -> RunResult | None:
    """Publish ``version``, or the first planned release that is not there; None where all are. The waves must have been taken in.
    Raises what the stages raise."""
    plans = plans_of(places)
    left = waiting(places, plans)
    plan = planned(plans, version) if version else left[0] if left else None
    if plan is None:
        return None
    declared, plan = declared_for(places, plan.version)
    return make_release(declared, plan, inputs_digest(declared), progress)
