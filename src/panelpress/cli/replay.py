"""``panelpress replay``: does a cleaning log, and nothing else, lead from the raw export to the cleaned file?"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import polars as pl
import typer

from panelpress.cli.changes import changes
from panelpress.cli.console import HERE, JsonOption, ProjectOption, out, refusals, show
from panelpress.errors import UsageError
from panelpress.paths import places
from panelpress.raw.cleaning_log import Replay, replay
from panelpress.raw.readers import read_delivery

RawArgument = Annotated[Path, typer.Argument(help="The export as it came.", show_default=False)]
LogArgument = Annotated[Path, typer.Argument(help="CSV: id,column,old,new,reason.", show_default=False)]
CleanArgument = Annotated[Path, typer.Argument(help="The cleaned file that somebody made.", show_default=False)]
IdOption = Annotated[str, typer.Option("--id", help="The column that tells rows apart, in both files.", show_default=False)]
ListOption = Annotated[Path | None, typer.Option("--list", help="Write id and column of each undocumented cell here.")]


def register(app: typer.Typer) -> None:
    app.command("replay")(replay_log)


def replay_log(
    raw: RawArgument,
    log: LogArgument,
    cleaned: CleanArgument,
    id_column: IdOption,
    list_to: ListOption = None,
    project: ProjectOption = HERE,
    as_json: JsonOption = False,
) -> None:
    """Replay a cleaning log over a raw export and name every difference that it does not document."""
    with refusals(as_json):
        found = replay(_read(raw), _read(log), _read(cleaned), id_column)
        if list_to is not None:
            _refuse_committed(list_to, project)
            found.cells.write_csv(list_to)
        facts = {
            "documented": found.documented,
            "applied": found.applied,
            "unfit": found.unfit,
            "without_reason": found.unexplained,
            "rows_added": found.left.added,
            "rows_gone": found.left.gone,
            "cells": found.left.cells,
        }
        show(facts, as_json, lambda _: _tell(found))
        if not found.documented:
            raise typer.Exit(1)


def _read(path: Path) -> pl.DataFrame:
    return read_delivery(path).data


def _tell(found: Replay) -> None:
    out.print(f"{found.applied} steps of the log applied, {found.unfit} do not fit, {found.unexplained} give no reason")
    if found.left.same:
        out.print("nothing differs from the cleaned file")
    else:
        out.print("not documented:")
        out.print(changes(found.left))


def _refuse_committed(path: Path, project: Path) -> None:
    here = places(project)
    resolved = path.resolve()
    if resolved.is_relative_to(here.root) and not resolved.is_relative_to(here.deliveries):
        todo = "Write it outside the checkout, or into raw/deliveries."
        raise UsageError(str(path), "would lie in the checkout, and it names people.", todo)
