"""``panelpress serve``: Datasette over the releases of a project, on this machine."""

from __future__ import annotations

from typing import Annotated

import typer
import uvicorn

from panelpress.cli.console import HERE, ProjectOption, err, out, refusals
from panelpress.errors import UsageError
from panelpress.paths import places
from panelpress.publish.site.app import application
from panelpress.publish.site.open import open_library


def register(app: typer.Typer) -> None:
    @app.command("serve")
    def command(
        project: ProjectOption = HERE,
        host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
        port: Annotated[int, typer.Option(help="Port to listen on.")] = 8001,
    ) -> None:
        """Serve every release of the project through Datasette."""
        with refusals():
            library, refused = open_library(places(project))
            for each in refused:
                err.print(f"[yellow]not served[/]  release {each.version}: {each.reason}")
            if not library.books:
                raise UsageError("releases", "hold nothing that can be served.", "Run `panelpress run` first.")
            for book in library.books:
                out.print(f"serving  release {book.version}  http://{host}:{port}/releases/{book.version}/")
            # No access log: a query in a log tells who was looked for.
            uvicorn.run(application(library).app(), host=host, port=port, log_level="warning", access_log=False)
