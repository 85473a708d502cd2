"""``panelpress grant``: an encrypted copy of the finer tier for one recipient; ``panelpress deposit``: a folder to archive."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from panelpress.cli.console import HERE, JsonOption, ProjectOption, out, refusals, show
from panelpress.errors import UsageError
from panelpress.paths import places
from panelpress.publish.access.deposit import deposit
from panelpress.publish.access.grant import grant, read_grants

RequestArgument = Annotated[Path | None, typer.Argument(help="The approved request (YAML).", show_default=False)]
ListOption = Annotated[bool, typer.Option("--list", help="Show all grants so far.")]
ReleaseOption = Annotated[str | None, typer.Option("--release", help="Version.", show_default="the newest planned")]
ToOption = Annotated[Path, typer.Option("--to", help="A new folder for the deposit.", show_default=False)]
UnderstoodOption = Annotated[bool, typer.Option("--understood", help="I know that a deposit cannot forget.")]


def register(app: typer.Typer) -> None:
    app.command("grant")(grant_command)
    app.command("deposit")(deposit_command)


def grant_command(
    request: RequestArgument = None,
    project: ProjectOption = HERE,
    release: ReleaseOption = None,
    listed: ListOption = False,
    as_json: JsonOption = False,
) -> None:
    """Make an encrypted bundle of the scientific-use tier for one approved request."""
    with refusals(as_json):
        here = places(project)
        if listed:
            given = {"grants": [asdict(each) for each in read_grants(here)]}
            show(given, as_json, lambda facts: out.print("\n".join(_line(each) for each in facts["grants"]) or "no grants"))
            return
        if request is None:
            raise UsageError("grant", "names no request.", "Name the YAML file of the request, or say --list.")
        line, path = grant(here, request, release)
        show({**asdict(line), "bundle": str(path)}, as_json, lambda facts: out.print(f"{_line(facts)}\nsend: {facts['bundle']}"))


def _line(facts: Mapping[str, Any]) -> str:
    return f"{facts['version']}  {facts['recipient']}  {facts['granted']} to {facts['until']}"


def deposit_command(
    version: Annotated[str, typer.Argument(help="Version of the release.")],
    to: ToOption,
    project: ProjectOption = HERE,
    understood: UnderstoodOption = False,
    as_json: JsonOption = False,
) -> None:
    """Fill a folder that an archive takes as it is. Nothing is uploaded."""
    with refusals(as_json):
        done = deposit(places(project), version, to, understood)
        facts = {"folder": str(done.folder), "files": list(done.files), "reminder": done.reminder}
        show(facts, as_json, lambda told: out.print("\n".join([*told["files"], "", f"[bold]{told['reminder']}[/]"])))
