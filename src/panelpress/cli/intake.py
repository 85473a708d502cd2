"""``panelpress intake``: bring the registered deliveries into the work folder, de-identified."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import typer
from rich.markup import escape
from rich.table import Table

from panelpress.cli.console import HERE, JsonOption, ProjectOption, out, refusals, show
from panelpress.paths import places
from panelpress.raw.detectors.scan import IdentifiersFound
from panelpress.raw.few import few
from panelpress.raw.project_intake import intake_project


def register(app: typer.Typer) -> None:
    app.command("intake")(intake)


def intake(project: ProjectOption = HERE, as_json: JsonOption = False) -> None:
    """Read every registered delivery, drop who people are, and keep what they answered, all waves or none."""
    with refusals(as_json):
        try:
            result = intake_project(places(project))
        except IdentifiersFound as found:
            if not as_json:
                _tell_findings([asdict(each) for each in found.findings])
            raise
        show(asdict(result), as_json, _tell)


def _tell(facts: Mapping[str, Any]) -> None:
    table = Table("study", "wave", "platform", "rows", "kept", "refused", "columns", "dropped")
    for wave in facts["waves"]:
        refused = ", ".join(f"{reason} {n}" for reason, n in wave["refused"].items() if n) or "0"
        dropped = str(sum(wave["columns_dropped"].values()))
        counts = (str(wave[name]) for name in ("rows_in", "rows_kept"))
        name = f"{wave['wave']}, {wave['part']}" if wave["part"] else wave["wave"]
        table.add_row(wave["study"], name, wave["platform"], *counts, refused, str(wave["columns_kept"]), dropped)
    out.print(table)
    for study in facts["persons"]:
        times = ", ".join(f"{n} in {number}" for number, n in enumerate(study["by_waves"], start=1))
        out.print(f"{study['study']}: {study['persons']} persons in {study['responses']} responses (waves: {times})")
    _tell_findings([each for each in facts["findings"] if each["severity"] != "info"])
    if facts["unchanged"]:
        out.print("nothing changed since the last intake")


def _tell_findings(findings: Sequence[Mapping[str, Any]]) -> None:
    for finding in findings:
        where = escape(", ".join(part for part in (finding["resource"], finding["field"]) if part))
        counted = f"{few(finding['n_failed'])} of {finding['n_total']}"
        out.print(f"{finding['severity']}  {where}: {escape(finding['message'])}, {counted}")
