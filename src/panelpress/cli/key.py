"""``panelpress key``: make the pseudonym key of a project, show its fingerprint, exchange it. Nothing here ever prints a key."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from panelpress.cli.console import HERE, JsonOption, ProjectOption, out, refusals, show
from panelpress.errors import UsageError
from panelpress.paths import places
from panelpress.publish.access.rotation import rotate
from panelpress.raw.key import new_key, read_key, write_key
from panelpress.raw.project_key import key_path, project_key
from panelpress.schemas.project import load_project

DemoOption = Annotated[bool, typer.Option("--demo", help="Make the public demo key of a simulated project, in its checkout.")]
ToOption = Annotated[Path | None, typer.Option("--to", help="Write it here instead, for `key rotate`.", show_default=False)]
NewArgument = Annotated[Path, typer.Argument(help="File of the new key.", show_default=False)]
ReasonOption = Annotated[str, typer.Option("--reason", help="Why; it stands in the public ledger.", show_default=False)]


def register(app: typer.Typer) -> None:
    keys = typer.Typer(no_args_is_help=True, help="The pseudonym key: 32 random bytes, outside the checkout.")
    keys.command("init")(init)
    keys.command("fingerprint")(fingerprint)
    keys.command("rotate")(rotate_key)
    app.add_typer(keys, name="key")


def init(project: ProjectOption = HERE, demo: DemoOption = False, to: ToOption = None, as_json: JsonOption = False) -> None:
    """Draw a new key and write it where the project will look for it (`$PANELPRESS_KEY`, or your config folder)."""
    with refusals(as_json):
        here = places(project)
        facts = load_project(here)
        path = to or key_path(facts)
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
        here = places(project)
        key = project_key(here, load_project(here))
        show({"fingerprint": key.fingerprint, "demo": key.is_demo}, as_json, lambda facts: out.print(facts["fingerprint"]))


def rotate_key(new: NewArgument, reason: ReasonOption, project: ProjectOption = HERE, as_json: JsonOption = False) -> None:
    """Exchange the project's key for a new one and rename everything private that bears the old one."""
    with refusals(as_json):
        here = places(project)
        done = rotate(here, load_project(here), read_key(new, here.root), reason)
        show(asdict(done), as_json, _tell_rotation)


def _tell_new(facts: Any) -> None:
    out.print(f"key          {facts['path']}")
    out.print(f"fingerprint  {facts['fingerprint']}")
    if not facts["demo"]:
        out.print("Keep a copy in a safe place: without it no respondent can be found again, to link or to withdraw.")


def _tell_rotation(facts: Any) -> None:
    out.print(f"fingerprint  {facts['fingerprint']}")
    out.print(f"{facts['deliveries']} deliveries, {facts['persons']} persons and {facts['maps']} release maps renamed")
    out.print("Put the new key where the old one was, destroy the old one, and run `panelpress intake`.")
