"""``panelpress release``: publishes the next planned release, a named one, or all missing ones; waves were taken in before."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

import typer

from panelpress.cli.console import HERE, JsonOption, ProjectOption, err, out, refusals, show
from panelpress.errors import UsageError
from panelpress.paths import places
from panelpress.publish.chain import plans_of, publish_planned, waiting


def register(app: typer.Typer) -> None:
    app.command("release")(command)


def command(
    version: Annotated[str | None, typer.Argument(help="A planned version.", show_default="the first not published")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Publish every planned release that is not there, in order.")] = False,
    project: ProjectOption = HERE,
    json: JsonOption = False,
) -> None:
    """Harmonize, protect, judge and publish a planned release (publish/releases.yaml)."""

    def progress(step: str) -> None:
        if not json:
            err.print(f"[dim]{step}[/]")

    with refusals(json):
        if version and everything:
            raise UsageError("release", "was given both a version and --all.", "Choose one.")
        here = places(project)
        wanted = [plan.version for plan in waiting(here, plans_of(here))] if everything else [version]
        published = []
        for each in wanted:
            done = publish_planned(here, each, progress)
            if done is not None:
                published.append({"version": done.version, "folder": f"releases/{done.version}"})
        show({"published": published}, json, _people)


def _people(facts: Mapping[str, Any]) -> None:
    for each in facts["published"]:
        out.print(f"[green]published[/]  {each['version']} in {each['folder']}")
    if not facts["published"]:
        out.print("nothing to do: every planned release is there")
