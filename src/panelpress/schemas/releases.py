"""Reads ``publish/releases.yaml``: the chain of releases, oldest first.

spec: panel-releases/0.1
releases:
- {version: 0.1.0, date: 2026-01-31, waves: [w1, w2], notes: {en: "The first two waves."}}
- {version: 0.2.0, date: 2026-03-31, notes: {en: "The third wave."}}

The order is that of versions and of days, so that "the release before" means one thing.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import PurePosixPath

from panelpress.errors import UsageError
from panelpress.model.chain import ReleasePlan
from panelpress.model.study import Study
from panelpress.model.version import parse_version
from panelpress.paths import Places
from panelpress.schemas.checker import Problem, check, refuse
from panelpress.schemas.common import local_text, texts
from panelpress.schemas.yaml_reader import Document, read_document


def load_releases(places: Places, studies: Sequence[Study], languages: tuple[str, ...] = ("en",)) -> tuple[ReleasePlan, ...]:
    """All planned releases in order; no file means none. Raises DeclarationError where one is wrong."""
    if not places.releases_file.is_file():
        return ()
    document = read_document(places.releases_file, places.root)
    refuse(check(document, "releases") or _problems(document, places, studies))
    return tuple(
        ReleasePlan(
            version=each["version"],
            date=each["date"],
            waves=texts(each["waves"]) if "waves" in each else None,
            notes=local_text(each.get("notes"), languages),
            declarations=each.get("declarations"),
            after=each.get("after"),
        )
        for each in document.content["releases"]
    )


def planned(plans: Sequence[ReleasePlan], version: str) -> ReleasePlan:
    """The plan of ``version``. Raises UsageError where there is none."""
    for plan in plans:
        if plan.version == version:
            return plan
    known = ", ".join(plan.version for plan in plans) or "none"
    raise UsageError(f"version {version}", "is not planned.", f"Add it to publish/releases.yaml; planned: {known}.")


def _problems(document: Document, places: Places, studies: Sequence[Study]) -> list[Problem]:
    waves = {wave for study in studies for wave in study.wave_ids}
    problems = []
    last_version, last_day = None, ""
    for each in document.content["releases"]:
        where = document.where(each.line)
        version = parse_version(each["version"])
        try:
            date.fromisoformat(each["date"])
        except ValueError:
            problems.append(Problem(where, f"there is no day {each['date']}.", "Write a day of the calendar."))
        if last_version is not None and version <= last_version:
            problems.append(Problem(where, f"{version} does not come after {last_version}.", "List releases oldest first."))
        if each["date"] < last_day:
            problems.append(Problem(where, f"{version} is older than the release before it.", "Give it a later day."))
        last_version, last_day = version, each["date"]
        problems += [
            Problem(where, f"no wave is called `{wave}`.", f"Known: {', '.join(sorted(waves))}.")
            for wave in texts(each.get("waves"))
            if wave not in waves
        ]
        folder = each.get("declarations")
        if folder and (".." in PurePosixPath(folder).parts or not (places.publish / folder).is_dir()):
            problems.append(Problem(where, f"there is no folder publish/{folder}.", "Make it, or take the line out."))
    return problems
