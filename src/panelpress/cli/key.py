"""``panelpress key``: make the pseudonym key of a project, show its fingerprint. Nothing here ever prints a key."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from panelpress.cli.console import HERE, JsonOption, ProjectOption, out, refusals, show
from panelpress.errors import UsageError
from panelpress.paths import places
from panelpress.raw.key import new_key, write_key
from panelpress.raw.project_key import key_path, project_key
from panelpress.schemas.project import load_project

DemoOption = Annotated[bool, typer.Option("--demo", help="Make the public demo key of a simulated project, in its checkout.")]


def register(app: typer.Typer) -> None:
    keys = typer.Typer(no_args_is_help=True, help="The pseudonym key: 32 random bytes, outside the checkout.")
    keys.command("init")(init)
    keys.command("fingerprint")(fingerprint)
    app.add_typer(keys, name="key")


def init(project: ProjectOption = HERE, demo: DemoOption = False, as_json: JsonOption = False) -> None:
    """Draw a new key and write it where the project will look for it (`$PANELPRESS_KEY`, or your config folder)."""
    with refusals(as_json):
        here = places(project)
        facts = load_project(here)
        path = key_path(facts)
        if demo:
            if not (facts.simulated and facts.demo_key):
                todo = "Only a project with `simulated: true` may name a demo key."
                raise UsageError("panelpress.yaml", "does not declare a demo_key.", todo)
            path = here.root / facts.demo_key
        key = new_key(demo)
        write_key(key, path, here.root)
        show({"path": str(path), "fingerprint": key.fingerprint, "demo": demo}, as_json, _tell_new)


def fingerprint(project: ProjectOption = HERE, as_json: JsonOption = False) -> None:
    """Show the fingerprint of the project's key; it may be published, the key may not."""
    with refusals(as_json):
        here = places(Path(project))
        key = project_key(here, load_project(here))
        show({"fingerprint": key.fingerprint, "demo": key.is_demo}, as_json, lambda facts: out.print(facts["fingerprint"]))


def _tell_new(facts: Any) -> None:
    out.print(f"key          {facts['path']}")
    out.print(f"fingerprint  {facts['fingerprint']}")
    if not facts["demo"]:
        out.print("Keep a copy in a safe place: without it no respondent can be found again, to link or to withdraw.")
