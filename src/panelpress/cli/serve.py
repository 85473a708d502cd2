"""``panelpress serve``: Datasette over the releases of a project, on this machine."""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer

from panelpress.cli.console import HERE, JsonOption, ProjectOption, out, show
from panelpress.publish.site.asgi import APPLICATION, PROCESSES_VARIABLE, PROJECT_VARIABLE


def register(app: typer.Typer) -> None:
    @app.command("serve")
    def command(
        project: ProjectOption = HERE,
        host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
        port: Annotated[int, typer.Option(help="Port to listen on.")] = 8001,
        workers: Annotated[int, typer.Option(help="Server processes.", min=1)] = 1,
        as_json: JsonOption = False,
    ) -> None:
        """Serve every release of the project through Datasette."""
        show({"url": f"http://{host}:{port}/"}, as_json, lambda facts: out.print(facts["url"]))
        # The server takes the place of this process, which has loaded all of panelpress: a third of the memory is enough.
        os.environ[PROJECT_VARIABLE], os.environ[PROCESSES_VARIABLE] = str(project), str(workers)
        listening = ["--host", host, "--port", str(port)]
        quiet = ["--no-access-log", "--log-level", "warning"]  # a query in a log tells who was looked for
        sys.stdout.flush()
        os.execv(sys.executable, [sys.executable, "-m", "uvicorn", APPLICATION, *listening, *quiet])
