"""``panelpress serve``: Datasette over the releases of a project, on this machine."""

from __future__ import annotations

from typing import Annotated

import typer
import uvicorn

from panelpress.cli.console import HERE, ProjectOption, err, out, refusals
from panelpress.errors import UsageError
from panelpress.paths import places
from panelpress.publish.site.app import application
from panelpress.publish.site.shelf import read_shelf


def register(app: typer.Typer) -> None:
    @app.command("serve")
    def command(
        project: ProjectOption = HERE,
        host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
        port: Annotated[int, typer.Option(help="Port to listen on.")] = 8001,
    ) -> None:
        """Serve every release of the project through Datasette."""
        with refusals():
            shelf = read_shelf(places(project).releases)
            for refused in shelf.refused:
                err.print(f"[yellow]not served[/]  release {refused.version}: {refused.reason}")
            if not shelf.releases:
                raise UsageError("releases", "hold nothing that can be served.", "Run `panelpress run` first.")
            for release in shelf.releases:
                out.print(f"serving  release {release.version}  http://{host}:{port}/{release.name}")
            # No access log: a query in a log tells who was looked for.
            uvicorn.run(application(shelf).app(), host=host, port=port, log_level="warning", access_log=False)
