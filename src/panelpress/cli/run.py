"""``panelpress run``: every stage from the deliveries to a release; ``panelpress simulate`` for simulated projects."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Annotated, Any

import typer

from panelpress.cli.console import HERE, JsonOption, ProjectOption, err, out, refusals, show
from panelpress.paths import places
from panelpress.publish.pipeline import RunResult, run
from panelpress.raw.simulated import simulate
from panelpress.schemas.project import load_project

VersionOption = Annotated[str | None, typer.Option("--release", help="Version to publish.", show_default="the newest planned")]


def register(app: typer.Typer) -> None:
    app.command("simulate")(simulate_command)
    app.command("run")(run_command)


def simulate_command(
    project: ProjectOption = HERE,
    seed: Annotated[int, typer.Option(help="Same seed, same bytes.")] = 1,
    as_json: JsonOption = False,
) -> None:
    """Write the simulated deliveries of a simulated project."""
    with refusals(as_json):
        here = places(project)
        files = simulate(here, load_project(here), seed)
        show({"files": [path.name for path in files]}, as_json, lambda facts: out.print("\n".join(facts["files"])))


def run_command(project: ProjectOption = HERE, release: VersionOption = None, as_json: JsonOption = False) -> None:
    """Run every stage, from the registered deliveries to a release."""
    started = time.monotonic()

    def progress(step: str) -> None:
        if not as_json:
            err.print(f"[dim]{time.monotonic() - started:6.1f} s[/]  {step}")

    with refusals(as_json):
        result = run(places(project), release, progress)
        show(_facts(result, time.monotonic() - started), as_json, _people)


def _facts(result: RunResult, seconds: float) -> dict[str, Any]:
    report = result.report
    return {
        "version": result.version,
        "folder": f"releases/{result.version}",
        "changed": result.published is not None,
        "compared": result.compared,
        "checks": len(report.findings) if report else 0,
        "warnings": sum(1 for each in report.failed if not each.blocks) if report else 0,
        "seconds": round(seconds, 1),
    }


def _people(facts: Mapping[str, Any]) -> None:
    if not facts["compared"]:
        out.print(
            f"release {facts['version']} is in {facts['folder']}; whether anything changed since is not noted in this work folder"
        )
        out.print("move the release folder away and run again: it is built anew, or refused because its data are others now")
        return
    if not facts["changed"]:
        out.print(f"nothing changed: release {facts['version']} is in {facts['folder']}")
        return
    out.print(f"[green]go[/]  {facts['checks']} checks, {facts['warnings']} warnings, {facts['seconds']} s")
    out.print(f"release [bold]{facts['version']}[/] is in {facts['folder']}")
