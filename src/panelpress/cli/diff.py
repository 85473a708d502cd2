"""``panelpress diff A [B]``: what changed between two releases, and how far it raises the version."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict
from typing import Annotated, Any

import typer
from rich.table import Table

from panelpress.cli.console import HERE, JsonOption, ProjectOption, out, refusals, show
from panelpress.errors import UsageError
from panelpress.model.changes import ReleaseDiff
from panelpress.model.small_counts import shown
from panelpress.paths import places
from panelpress.publish.compare.diff import diff_releases
from panelpress.publish.compare.judge_diff import judge, least_version
from panelpress.publish.compare.same_answer import same_answer
from panelpress.publish.versions.shelf import newest_release
from panelpress.schemas.declarations import load_declarations
from panelpress.schemas.errata import load_errata

_LISTED = 15


def register(app: typer.Typer) -> None:
    app.command("diff")(command)


def command(
    before: Annotated[str, typer.Argument(help="The older version.")],
    after: Annotated[str | None, typer.Argument(help="The newer version.", show_default="the newest release")] = None,
    project: ProjectOption = HERE,
    json: JsonOption = False,
) -> None:
    """Compare two releases: declarations, persons, cells, margins. Exit 1 where the difference may not be published."""
    with refusals(json):
        here = places(project)
        newest = after or newest_release(here)
        if newest is None or newest == before:
            raise UsageError("diff", "needs two releases.", "Name two versions in releases/.")
        declared = load_declarations(here)
        errata = load_errata(here, declared.studies, declared.variables, declared.project.languages)
        diff = diff_releases(here, before, newest, related=same_answer(declared, before, newest))
        findings = [each for each in judge(diff, errata) if each.failed]
        facts = diff_facts(diff) | {
            "refused": [
                {"rule": each.rule, "resource": each.resource, "message": each.message} for each in findings if each.blocks
            ]
        }
        show(facts, json, _people)
        if facts["refused"]:
            raise typer.Exit(1)


def diff_facts(diff: ReleaseDiff) -> dict[str, Any]:
    """The diff as it may be told: counts of people below k are only called that."""
    cells: Counter[tuple[str, str, str, bool]] = Counter()
    for change in diff.cells:
        cells[change.study, change.variable, change.wave, change.protection] += change.n
    return {
        "before": diff.before,
        "after": diff.after,
        "weight": diff.weight,
        "least_version": str(least_version(diff)),
        "joined": diff.joined,
        "structure": [{key: value for key, value in asdict(each).items() if value is not None} for each in diff.structure],
        "corrected": [
            {"study": study, "variable": variable, "wave": wave, "cells": shown(n, diff.k)}
            for (study, variable, wave, protection), n in cells.items()
            if not protection
        ],
        "protected": [
            {"study": study, "variable": variable, "wave": wave} for (study, variable, wave, protection) in cells if protection
        ],
        "people": [
            {"study": each.study, "wave": each.wave, "added": shown(each.added, diff.k), "gone": shown(each.gone, diff.k)}
            for each in diff.people
        ],
        "margins": [{"variable": each.variable, "wave": each.wave, "points": round(each.points, 1)} for each in diff.margins],
    }


def _people(facts: Mapping[str, Any]) -> None:
    out.print(f"[bold]{facts['before']} → {facts['after']}[/]  {facts['weight']}, so at least {facts['least_version']}")
    if not facts["joined"]:
        out.print("the private maps of ids are not here: cells and persons were not compared")
    for kind, n in Counter((each["weight"], each["kind"]) for each in facts["structure"]).most_common():
        out.print(f"{kind[0]:<6} {kind[1].replace('_', ' ')}: {n}")
    for each in facts["people"]:
        if (each["added"], each["gone"]) != ("0", "0"):
            what = "persons" if each["wave"] is None else f"responses of {each['wave']}"
            out.print(f"{each['study']}: {each['added']} {what} added, {each['gone']} gone")
    for each in facts["corrected"]:
        out.print(f"corrected: {each['study']} {each['variable']} {each['wave']}: {each['cells']} cells")
    if facts["protected"]:
        out.print(f"shown otherwise to protect respondents: {len(facts['protected'])} variables by wave")
    if facts["margins"]:
        table = Table("variable", "wave", "moved by (pp)")
        for each in facts["margins"][:_LISTED]:
            table.add_row(each["variable"], each["wave"], f"{each['points']:.1f}")
        out.print(table)
    for each in facts["refused"]:
        out.print(f"[bold red]refused[/]  {each['rule']} ({each['resource']})  {each['message']}")
