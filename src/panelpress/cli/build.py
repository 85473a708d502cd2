"""``panelpress build``: harmonizes the de-identified waves into the secure database of the work folder."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

import typer

from panelpress.build.secure import SecureBuild, build_secure
from panelpress.cli.console import HERE, JsonOption, ProjectOption, out, refusals, show
from panelpress.paths import places
from panelpress.schemas.cleaning import load_corrections
from panelpress.schemas.declarations import load_declarations


def register(app: typer.Typer) -> None:
    @app.command("build")
    def command(project: ProjectOption = HERE, json: JsonOption = False) -> None:
        """Harmonize the de-identified waves and run the built-in checks."""
        with refusals(json):
            here = places(project)
            declared = load_declarations(here)
            corrections = load_corrections(here, declared.project.languages)
            built = build_secure(here, declared.crosswalk, declared.cleaning, corrections, secrets.token_hex(4))
            show(build_facts(built), json, _people)
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
    for failure in facts["failed"]:
        out.print(f"[red]failed[/]  {failure['rule']}  {failure['resource']}  {failure['field']}")
