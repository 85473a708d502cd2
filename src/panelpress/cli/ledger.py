"""``panelpress ledger``: shows and verifies the ledger, records a sign-off, signs an entry."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from panelpress.cli.console import HERE, JsonOption, ProjectOption, out, refusals, show
from panelpress.errors import UsageError
from panelpress.model.version import parse_version
from panelpress.paths import places
from panelpress.publish.versions import ledger
from panelpress.publish.versions.lock import only_publisher
from panelpress.publish.versions.signature import sign
from panelpress.publish.versions.verify_ledger import verify_ledger
from panelpress.schemas.project import load_project

RoleOption = Annotated[str, typer.Option("--role", help="Your role, such as 'data protection officer'; no name.")]
ReportOption = Annotated[str, typer.Option("--report", help="Digest of the gate report that you read (64 digits).")]
KeyOption = Annotated[Path, typer.Option("--key", help="Your private SSH key.")]


def register(app: typer.Typer) -> None:
    commands = typer.Typer(help="Show, verify and sign the ledger of releases.", no_args_is_help=True)
    commands.command("show")(show_command)
    commands.command("verify")(verify_command)
    commands.command("sign-off")(sign_off_command)
    commands.command("sign")(sign_command)
    app.add_typer(commands, name="ledger")


def show_command(project: ProjectOption = HERE, json: JsonOption = False) -> None:
    """List the entries."""
    with refusals(json):
        entries = ledger.read(places(project))
        facts = [{"entry": each.number, "date": each.date, "kind": each.kind, "version": each.version} for each in entries]
        show({"entries": facts}, json, _entries)


def _entries(facts: Mapping[str, Any]) -> None:
    for each in facts["entries"]:
        out.print(f"{each['entry']:>4}  {each['date']}  {each['kind']:<10} {each['version'] or ''}")
    if not facts["entries"]:
        out.print("the ledger is empty")


def verify_command(project: ProjectOption = HERE, json: JsonOption = False) -> None:
    """Check the chain, the releases that are here, and the signatures."""
    with refusals(json):
        here = places(project)
        report = verify_ledger(here, load_project(here).id)
        facts = {
            "holds": report.holds,
            "entries": len(report.entries),
            "problems": list(report.problems),
            "absent": list(report.absent),
            "signed": {each.entry: each.signer for each in report.signatures if each.signer},
        }
        show(facts, json, _verdict)
        if not report.holds:
            raise typer.Exit(1)


def _verdict(facts: Mapping[str, Any]) -> None:
    for problem in facts["problems"]:
        out.print(f"[bold red]broken[/]  {problem}")
    for entry, signer in facts["signed"].items():
        out.print(f"entry {entry} is signed by {signer}")
    for version in facts["absent"]:
        out.print(f"release {version} is not here")
    if facts["holds"]:
        out.print(f"[green]holds[/]  {facts['entries']} entries")


def sign_off_command(
    version: Annotated[str, typer.Argument(help="The version that may be published.")],
    role: RoleOption,
    report: ReportOption,
    project: ProjectOption = HERE,
    json: JsonOption = False,
) -> None:
    """Record that somebody read the gate report of a version and answers for it."""
    with refusals(json):
        parse_version(version)
        if len(report) != 64 or not set(report) <= set("0123456789abcdef"):
            raise UsageError("--report", "is not the digest of a report.", "`panelpress check` prints it.")
        here = places(project)
        with only_publisher(here):
            entry = ledger.append(here, "sign_off", date.today().isoformat(), ledger.sign_off_facts(version, role, report))
        show({"entry": entry.number}, json, lambda facts: out.print(f"signed off as entry {facts['entry']}"))


def sign_command(key: KeyOption, project: ProjectOption = HERE, json: JsonOption = False) -> None:
    """Sign the last entry, and with it the whole ledger before it."""
    with refusals(json):
        here = places(project)
        entries = ledger.read(here)
        if not entries:
            raise UsageError("ledger", "is empty.", "Publish a release first.")
        path = sign(here, load_project(here).id, entries[-1], key)
        show({"file": path.name, "entry": entries[-1].number}, json, lambda facts: out.print(f"signed entry {facts['entry']}"))
