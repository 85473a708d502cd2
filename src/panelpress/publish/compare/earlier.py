"""Declarations as they stood when an earlier release was published.

A planned release may name a folder of files that stood otherwise then (``declarations``). They are put in the place of today's
files of the same name, so that the whole chain can be built again in a fresh checkout, mistakes that were corrected later
included.
"""

from __future__ import annotations

import shutil
from dataclasses import replace

from panelpress.model.chain import ReleasePlan
from panelpress.paths import Places

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
