"""``panelpress site export``: the pages of every release as plain HTML."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from panelpress.cli.console import HERE, ProjectOption, err, out, refusals
from panelpress.errors import UsageError
from panelpress.paths import places
from panelpress.publish.site.export import export
from panelpress.publish.site.open import open_library


def register(app: typer.Typer) -> None:
    group = typer.Typer(help="The public site.", no_args_is_help=True)
    app.add_typer(group, name="site")

    @group.callback()
    def _site() -> None:
        """The public site."""

    @group.command("export")
    def command(
        folder: Annotated[Path, typer.Argument(help="New folder to write into.")],
        project: ProjectOption = HERE,
    ) -> None:
        """Write landing pages, codebook and figures as plain HTML, for a file server."""
        with refusals():
            library = open_library(places(project))
            for each in library.refused:
                err.print(f"[yellow]left out[/]  release {each.version}: {each.reason}")
            if not library.books:
                raise UsageError("releases", "hold nothing that can be shown.", "Run `panelpress run` first.")
            written = export(library, folder)
            out.print(f"written  {written.pages} pages, {written.bytes / 1e6:.1f} MB")
