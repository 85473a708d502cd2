"""``panelpress register``: write a delivered file into the registry of deliveries."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from panelpress.cli.changes import changes
from panelpress.cli.console import HERE, JsonOption, ProjectOption, out, refusals, show
from panelpress.paths import places
from panelpress.raw.project_intake import register_delivery
from panelpress.raw.redelivery import Redelivered

FileArgument = Annotated[Path, typer.Argument(help="The delivered file, in raw/deliveries.", show_default=False)]
StudyOption = Annotated[str, typer.Option("--study", help="Study of build/waves.yaml.", show_default=False)]
WaveOption = Annotated[str, typer.Option("--wave", help="Wave of that study.", show_default=False)]
DayOption = Annotated[datetime | None, typer.Option("--received", formats=["%Y-%m-%d"], help="Day it came; today if left out.")]
LicenceOption = Annotated[str, typer.Option("--licence", help="Under which terms the delivery itself may be used.")]
PlatformOption = Annotated[str | None, typer.Option("--platform", help="Platform, where recognition errs; `redcap:<event>`.")]
BesideOption = Annotated[list[Path] | None, typer.Option("--beside", help="A file it needs: dictionary, form, structure.")]
PartOption = Annotated[str, typer.Option("--part", help="Part of the wave (a country), where it comes in several files.")]
ReplaceOption = Annotated[bool, typer.Option("--replace", help="Let it replace the delivery that the wave has already.")]


def register(app: typer.Typer) -> None:
    app.command("register")(register_file)


def register_file(
    file: FileArgument,
    study: StudyOption,
    wave: WaveOption,
    received: DayOption = None,
    licence: LicenceOption = "not public",
    platform: PlatformOption = None,
    beside: BesideOption = None,
    part: PartOption = "",
    replace: ReplaceOption = False,
    project: ProjectOption = HERE,
    as_json: JsonOption = False,
) -> None:
    """Note a delivery with its keyed digest, so that only this very file is taken in."""
    with refusals(as_json):
        day = received.date() if received else None
        try:
            line = register_delivery(places(project), file, study, wave, day, licence, platform, beside or (), part, replace)
        except Redelivered as again:
            if again.comparison is not None and not as_json:
                out.print(changes(again.comparison))
            raise
        said = ", ".join(filter(None, line.slot))
        show(asdict(line), as_json, lambda facts: out.print(f"{file.name}: {facts['rows']} rows, registered as {said}"))
