"""``panelpress explain TABLE VARIABLE``: where a variable comes from; with ``--person`` and ``--wave``, which rule made one cell.

The passport needs declarations only. A cell needs the work folder; its value is told only with ``--show-value``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

import typer

from panelpress.cli.console import HERE, JsonOption, ProjectOption, out, refusals, show
from panelpress.errors import UsageError
from panelpress.paths import places
from panelpress.publish.codebook.passport import cell_rule, passport
from panelpress.schemas.declarations import load_declarations

PersonOption = Annotated[str | None, typer.Option(help="Secure id of a person, or the id in a release at hand.")]
WaveOption = Annotated[str | None, typer.Option(help="Wave of the cell.")]
ValueOption = Annotated[bool, typer.Option("--show-value", help="Show the raw code and the value too.")]


def register(app: typer.Typer) -> None:
    app.command("explain")(explain)


def explain(
    table: str,
    variable: str,
    project: ProjectOption = HERE,
    person: PersonOption = None,
    wave: WaveOption = None,
    show_value: ValueOption = False,
    as_json: JsonOption = False,
) -> None:
    """Tell where a variable comes from: deliveries, raw columns, questions, rules, breaks, releases."""
    with refusals(as_json):
        if (person is None) != (wave is None):
            raise UsageError("explain", "a cell has a person and a wave.", "Give both --person and --wave, or neither.")
        declared = load_declarations(places(project))
        facts: dict[str, Any] = dict(passport(declared, table, variable))
        if person is not None and wave is not None:
            facts["cell"] = cell_rule(declared, table, variable, person, wave, show_value)
        show(facts, as_json, _people)


def _people(facts: Mapping[str, Any]) -> None:
    out.print(f"[bold]{facts['variable']}[/]  {facts['label']}  ({facts['type']}, tier {facts['tier']}, {facts['disclosure']})")
    out.print(f"declared in {facts['declared_in']}; releases: {', '.join(facts['releases']) or 'none here'}")
    for wave in facts["waves"]:
        out.print(f"\n[bold]{wave['wave']}[/]  {wave['status']}" + (f", {wave['detail']}" if wave["detail"] else ""))
        for name in ("delivery", "question", "columns", "universe", "filter", "expr", "breaks_with", "note"):
            if wave[name]:
                out.print(f"  {name:<12}{wave[name]}", markup=False)
        for line in wave["rule"]:
            out.print(f"  {line}", markup=False)
    if "cell" in facts:
        out.print("\n[bold]this cell[/]")
        for name, told in facts["cell"].items():
            out.print(f"  {name:<12}{told}", markup=False)
