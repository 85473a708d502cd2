"""``panelpress lint``: checks every declaration of a project without data, and lists all that is wrong by file and line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import typer

from panelpress.cli.console import HERE, JsonOption, ProjectOption, out, refusals, show
from panelpress.errors import DeclarationError
from panelpress.paths import Places, places
from panelpress.publish.compare.earlier import declared_for
from panelpress.publish.formats.fit import label_problems
from panelpress.publish.tables.open_edition import edition_plan
from panelpress.schemas.checker import Problem
from panelpress.schemas.lint import lint, told
from panelpress.validation.estimates.register import load_register


def register(app: typer.Typer) -> None:
    @app.command("lint")
    def command(project: ProjectOption = HERE, json: JsonOption = False) -> None:
        """Check the declarations of a project without data."""
        with refusals(json):
            here = places(project)
            problems = lint(here) or _of_the_next_release(here)
            facts = {"problems": [{"where": each.where, "what": each.what, "todo": each.todo} for each in problems]}
            show(facts, json, _people)
            if problems:
                raise typer.Exit(2)


def _of_the_next_release(here: Places) -> list[Problem]:
    """Mistakes that are seen once all declarations can be read: texts that no format holds, the register of printed numbers."""
    declared, plan = declared_for(here, None)
    problems = [*label_problems(edition_plan(declared, plan))]
    try:
        load_register(declared.places.estimates_file, declared)
    except DeclarationError as error:
        problems += told(error)
    return problems


def _people(facts: Mapping[str, Any]) -> None:
    for problem in facts["problems"]:
        out.print(f"[bold]{problem['where']}[/]  {problem['what']}  [dim]{problem['todo']}[/]", markup=True)
    n = len(facts["problems"])
    out.print("[green]no mistakes found[/]" if n == 0 else f"[red]{n} mistake(s)[/]")
