"""``panelpress withdraw``: people who ask to leave, one id or contact a line on standard input. Nothing of them is printed."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import typer

from panelpress.cli.console import HERE, JsonOption, ProjectOption, out, refusals, show
from panelpress.paths import places
from panelpress.publish.access.withdraw import withdraw


def register(app: typer.Typer) -> None:
    app.command("withdraw")(withdraw_command)


def withdraw_command(project: ProjectOption = HERE, as_json: JsonOption = False) -> None:
    """Take people out of everything that the project keeps and serves (one id or contact a line on standard input)."""
    with refusals(as_json):
        done = withdraw(places(project), sys.stdin.read().splitlines())
        show(asdict(done), as_json, _people)


def _people(facts: Mapping[str, Any]) -> None:
    out.print(f"taken out: {facts['persons']} person(s); {facts['unknown']} line(s) name nobody")
    for version in facts["versions"]:
        out.print(f"offline: release {version} (a tombstone stays; the site answers 410)")
    for version in facts["private"]:
        out.print(f"deleted: finer tier of {version}; ask everybody with a grant to delete theirs")
    out.print(f"{facts['deliveries']} delivery file(s) rewritten without them; also delete them on the survey platform")
    out.print(f"{facts['pending']} person(s) wait for the next release, which needs a batch of at least k")
