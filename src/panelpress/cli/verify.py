"""``panelpress verify``: is this release whole, unchanged, and the one that the ledger published?"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from panelpress.cli.console import HERE, JsonOption, ProjectOption, out, refusals, show
from panelpress.paths import places
from panelpress.publish.verify.against_ledger import verify_release

WhereArgument = Annotated[str, typer.Argument(metavar="DIR|ZIP|URL", help="The release: a folder, a ZIP file or an address.")]
LedgerOption = Annotated[
    Path | None, typer.Option("--ledger", help="The ledger that published it.", show_default="the project's")
]


def register(app: typer.Typer) -> None:
    app.command("verify")(verify_command)


def verify_command(
    where: WhereArgument, project: ProjectOption = HERE, ledger: LedgerOption = None, as_json: JsonOption = False
) -> None:
    """Check every file, table, key, code and version of a release, and its line in the ledger."""
    with refusals(as_json):
        verdict = verify_release(where, places(project), ledger)
        facts = {
            "release": where,
            "version": verdict.version,
            "well": verdict.well,
            "problems": list(verdict.problems),
            "unchecked": list(verdict.unchecked),
        }
        show(facts, as_json, _people)
    if not verdict.well:
        raise typer.Exit(1)


def _people(facts: Mapping[str, Any]) -> None:
    for each in facts["problems"]:
        out.print(f"[red]{each['check']}[/]  {each['file']} {each['what']}")
    for each in facts["unchecked"]:
        out.print(f"[dim]not checked: {each}[/]")
    if facts["well"]:
        out.print(f"[green]all well[/]  version {facts['version']}")
    else:
        out.print(f"[red]{len(facts['problems'])} problem(s)[/]  version {facts['version']}")
