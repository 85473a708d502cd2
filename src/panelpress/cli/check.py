"""``panelpress check``: asks the gate what it says of the next release, without publishing anything."""

from __future__ import annotations

import time
from pathlib import Path

import typer
from rich.markup import escape
from rich.table import Table

from panelpress.cli.console import HERE, JsonOption, ProjectOption, err, out, refusals, show
from panelpress.cli.run import VersionOption
from panelpress.paths import places
from panelpress.publish.pipeline import check
from panelpress.validation.gate import GateReport, as_data, digest
from panelpress.validation.report.page import sentence
from panelpress.validation.report.view import Group, groups, stages

_COLOURS = {"error": "red", "warning": "yellow", "waived": "dim", "info": "dim"}
_MOST = 6


def register(app: typer.Typer) -> None:
    app.command("check")(check_command)


def check_command(project: ProjectOption = HERE, release: VersionOption = None, as_json: JsonOption = False) -> None:
    """Say go or no-go for the next release, with every reason why not."""
    started = time.monotonic()

    def progress(step: str) -> None:
        if not as_json:
            err.print(f"[dim]{time.monotonic() - started:6.1f} s[/]  {step}")

    with refusals(as_json):
        here = places(project)
        report = check(here, release, progress)
        show(as_data(report), as_json, lambda _: print_report(report, here.gate_reports(report.version)))
    if not report.go:
        raise typer.Exit(1)


def print_report(report: GateReport, folder: Path) -> None:
    """The report for a terminal: stages, then what is to be done, then where the whole of it is."""
    grouped = groups(report)
    out.print(_stages(report))
    for group in grouped:
        if group.places:
            _print_group(group)
    verdict = "[bold green]GO[/]" if report.go else "[bold red]NO-GO[/]"
    out.print(f"{verdict}  {escape(sentence(report, grouped))}")
    out.print(f"[dim]whole report: {escape(str(folder))}/gate.html[/]")
    out.print(f"[dim]its digest, to be signed off: {digest(report)}[/]")


def _stages(report: GateReport) -> Table:
    table = Table("stage", "held", "pointed out", "blocking", title=f"{report.project} {report.version}, {report.tier} tier")
    for each in stages(report):
        blocking = f"[bold red]{each.blocking}[/]" if each.blocking else "0"
        table.add_row(each.title, str(each.held), str(each.noted), blocking)
    return table


def _print_group(group: Group) -> None:
    colour = _COLOURS[group.verdict]
    out.print(f"[{colour}]{group.verdict}[/]  [bold]{escape(group.rule)}[/]  {escape(group.holds)}")
    for place in group.places[:_MOST]:
        where = f"{place.resource}, {place.field}" if place.field else place.resource
        counted = f"  {place.failed} of {place.total}" if place.failed else ""
        waived = f"  waived: {place.waived}" if place.waived else ""
        out.print(f"    {escape(where)}{counted}  [dim]{escape(place.message)}{escape(waived)}[/]")
    if len(group.places) > _MOST:
        out.print(f"    [dim]and {len(group.places) - _MOST} more[/]")
    if group.verdict == "error":
        out.print(f"    next: {escape(group.todo)}")
