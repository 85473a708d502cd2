"""``panelpress build``: harmonizes the de-identified waves into the secure database of the work folder."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

import typer

from panelpress.build.review_page import review_page
from panelpress.build.secure import SecureBuild, build_secure
from panelpress.cli.console import HERE, JsonOption, ProjectOption, out, refusals, show
from panelpress.durable import write_whole
from panelpress.paths import places
from panelpress.schemas.cleaning import load_corrections
from panelpress.schemas.declarations import load_declarations
from panelpress.schemas.rules import load_rules


def register(app: typer.Typer) -> None:
    @app.command("build")
    def command(project: ProjectOption = HERE, json: JsonOption = False) -> None:
        """Harmonize the de-identified waves, run the built-in checks, and write a page of all value maps with counts."""
        with refusals(json):
            here = places(project)
            declared = load_declarations(here)
            corrections = load_corrections(here, declared.project.languages)
            k = load_rules(here, declared.studies, declared.variables, declared.project.languages).smallest_count
            run = secrets.token_hex(4)
            built = build_secure(here, declared.crosswalk, declared.cleaning, corrections, run, k, with_review=True)
            here.reports.mkdir(parents=True, exist_ok=True, mode=0o700)
            page = review_page(declared.project.title.in_language(), built.reviewed, k)
            write_whole(here.map_review, page, mode=0o600)
            show({**build_facts(built), "maps": str(here.map_review)}, json, _people)
            if any(finding.blocks for finding in built.findings):
                raise typer.Exit(1)


def build_facts(built: SecureBuild) -> dict[str, Any]:
    """What a build did, without a single cell: rows by study and wave, excluded rows, findings that failed."""
    return {
        "studies": {study.study: study.rows for study in built.studies},
        "excluded": sum(step.n_excluded for step in built.flow),
        "corrections": len(built.corrections),
        "checks": len(built.findings),
        "failed": [{"rule": each.rule, "resource": each.resource, "field": each.field} for each in built.findings if each.failed],
    }


def _people(facts: Mapping[str, Any]) -> None:
    for study, waves in facts["studies"].items():
        out.print(f"[bold]{study}[/]  " + ", ".join(f"{wave}: {n} rows" for wave, n in waves.items()))
    out.print(f"{facts['excluded']} rows excluded by cleaning, {facts['corrections']} corrections, {facts['checks']} checks")
    out.print(f"value maps with counts, for review: {facts['maps']}", soft_wrap=True)
    for failure in facts["failed"]:
        out.print(f"[red]failed[/]  {failure['rule']}  {failure['resource']}  {failure['field']}")
