"""Publishes the planned releases one after the other, each from the declarations that stood when it was published.

A release whose plan names a folder of ``declarations`` is built from today's declarations with the files of that folder in place
of those of the same name, so that the whole chain can be built again in a fresh checkout, mistakes that were corrected
later included.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import replace

from panelpress.errors import UsageError
from panelpress.model.chain import ReleasePlan
from panelpress.paths import Places
from panelpress.publish.judge import Progress
from panelpress.publish.pipeline import RunResult, inputs_digest, make_release
from panelpress.schemas.declarations import load_declarations
from panelpress.schemas.releases import load_releases, planned

FOLDERS = ("schemas", "build", "validation", "publish")


def plans_of(places: Places) -> tuple[ReleasePlan, ...]:
    """The planned releases. Raises UsageError where none is planned."""
    declared = load_declarations(places)
    plans = load_releases(places, declared.studies, declared.project.languages)
    if not plans:
        raise UsageError("publish/releases.yaml", "plans no release.", "Write version and date of the release to publish.")
    return plans


def waiting(places: Places, plans: Sequence[ReleasePlan]) -> tuple[ReleasePlan, ...]:
    """Planned releases that are not in ``releases/``."""
    return tuple(plan for plan in plans if not places.release(plan.version).exists())


def publish_planned(places: Places, version: str | None, progress: Progress = lambda _: None) -> RunResult | None:
    """Publish ``version``, or the first planned release that is not there; None where all are. The waves must have been taken in.
    Raises what the stages raise."""
    plans = plans_of(places)
    left = waiting(places, plans)
    plan = planned(plans, version) if version else left[0] if left else None
    if plan is None:
        return None
    declared = load_declarations(as_declared_for(places, plan))
    return make_release(declared, plan, inputs_digest(declared), progress)


def as_declared_for(places: Places, plan: ReleasePlan) -> Places:
    """The places of a project with the declarations of ``plan``: those at the root, or a copy with files put in their place."""
    if plan.declarations is None:
        return places
    target = places.earlier_declarations / plan.version
    if target.exists():
        shutil.rmtree(target)
    for folder in FOLDERS:
        source = places.root / folder
        if source.is_dir():
            shutil.copytree(source, target / folder, ignore=shutil.ignore_patterns("site", "deploy", "ledger.jsonl"))
    shutil.copytree(places.publish / plan.declarations, target, dirs_exist_ok=True)
    return replace(places, declared=target)
