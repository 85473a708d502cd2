"""``panelpress withdraw``: people who ask to leave, one id or contact a line on standard input, or whole versions that have to go
offline at once. Nothing of a person is printed."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import asdict
from typing import Annotated, Any

import typer

from panelpress.cli.console import HERE, JsonOption, ProjectOption, err, out, refusals, show
from panelpress.paths import places
from panelpress.publish.access.offline import take_offline
from panelpress.publish.access.withdraw import withdraw


def register(app: typer.Typer) -> None:
    app.command("withdraw")(withdraw_command)


def withdraw_command(
    release: Annotated[
        list[str] | None, typer.Option(help="Take this version offline at once (`all`: every one), and nobody out.")
    ] = None,
    project: ProjectOption = HERE,
    as_json: JsonOption = False,
) -> None:
    """Take people out of everything that the project keeps and serves (one id or contact a line on standard input)."""

    def progress(step: str) -> None:
        if not as_json:
            err.print(f"[dim]{step}[/]")

    with refusals(as_json):
        if release:
            show({"versions": take_offline(places(project), release)}, as_json, _versions)
            return
        done = withdraw(places(project), sys.stdin.read().splitlines(), progress=progress)
        show(asdict(done), as_json, _people)


def _versions(facts: Mapping[str, Any]) -> None:
    for version in facts["versions"]:
        out.print(f"offline: release {version} (a tombstone stays; the site answers 410)")
    if not facts["versions"]:
        out.print("nothing to do: offline already")


def _people(facts: Mapping[str, Any]) -> None:
    out.print(f"taken out: {facts['persons']} person(s); {facts['unknown']} line(s) name nobody")
    if facts["versions"]:
        _versions(facts)
    for version in facts["lost"]:
        out.print(f"release {version} cannot be computed again here: the next one needs the copy `earlier/{version}` of a backup")
    for version in facts["private"]:
        out.print(f"deleted: finer tier of {version}; ask everybody with a grant to delete theirs")
    out.print(f"{facts['deliveries']} delivery file(s) rewritten without them; also delete them on the survey platform")
    out.print(f"{facts['pending']} person(s) wait for the next release, which needs a batch of at least k")
