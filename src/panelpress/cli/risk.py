"""``panelpress risk``: what disclosure control did, what it cost, and what other demands would cost."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer

from panelpress.cli.console import HERE, JsonOption, ProjectOption, err, out, refusals, show
from panelpress.model.protection import ProtectionResult
from panelpress.paths import places
from panelpress.publish.protection.risk import report_risk


def register(app: typer.Typer) -> None:
    app.command("risk")(risk_command)


def risk_command(
    project: ProjectOption = HERE,
    study: Annotated[list[str] | None, typer.Option("--study", help="Only this study; may be repeated.")] = None,
    frontier: Annotated[bool, typer.Option(help="Also protect for other class sizes and with fewer keys.")] = True,
    as_json: JsonOption = False,
) -> None:
    """Write the risk page of the last build into the work folder; exit 1 where a floor or budget is not kept."""
    with refusals(as_json):
        report = report_risk(places(project), study or (), frontier, lambda step: None if as_json else err.print(step))
        facts = {
            "page": str(report.page),
            "go": report.go,
            "studies": [{**result.statement, "refusals": list(result.refusals)} for result in report.results],
        }
        show(facts, as_json, lambda _: _people(report.results, str(report.page)))
    if not report.go:
        raise typer.Exit(1)


def _people(results: Sequence[ProtectionResult], page: str) -> None:
    for result in results:
        out.print(f"{result.study}, {result.tier}: {'go' if result.go else 'NO-GO'}, smallest class {result.smallest_class}")
        for refusal in result.refusals:
            out.print(f"  {refusal}", markup=False)
    out.print(page)
