"""Declarations as they stood when an earlier release was published.

A planned release may name a folder of files that stood otherwise then (``declarations``). They are put in the place of today's
files of the same name, so that the whole chain can be built again in a fresh checkout, mistakes that were corrected later
included.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from panelpress.model.chain import ReleasePlan
from panelpress.paths import Places
from panelpress.publish.versions import ledger
from panelpress.schemas.declarations import Declarations, load_declarations
from panelpress.schemas.project import load_project
from panelpress.schemas.releases import load_releases, planned
from panelpress.schemas.waves import load_studies

FOLDERS = ("schemas", "build", "validation", "publish")
_NOT_DECLARED = shutil.ignore_patterns("ledger.jsonl", "signatures", "site", "deploy")


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
            shutil.copytree(source, target / folder, ignore=_NOT_DECLARED)
    shutil.copytree(places.publish / plan.declarations, target, dirs_exist_ok=True)
    return replace(places, declared=target)


def due(places: Places, plans: Sequence[ReleasePlan]) -> tuple[ReleasePlan, ...]:
    """The plans whose time has come: those that wait for a withdrawal only after one."""
    return tuple(each for each in plans if each.after is None or ledger.withdrawn(ledger.read(places)))


def declared_for(places: Places, version: str | None) -> tuple[Declarations, ReleasePlan]:
    """What is declared for release ``version`` (default: the newest planned), and its plan. A project that plans none releases
    0.1.0 today. Raises UsageError where ``version`` is not planned, DeclarationError where a declaration is wrong."""
    languages = load_project(places).languages
    plans = load_releases(places, load_studies(places, languages), languages)
    plans = plans or (ReleasePlan("0.1.0", date.today().isoformat()),)
    plan = planned(plans, version) if version else due(places, plans)[-1]
    return load_declarations(as_declared_for(places, plan)), plan
