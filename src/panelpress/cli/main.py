"""The command ``panelpress``. Each command lives in a file of its own with a function ``register``; this one lists them."""

from __future__ import annotations

from importlib import import_module
from typing import Annotated

import typer

from panelpress import __version__

COMMANDS: tuple[str, ...] = (
    "describe",
    "init",
    "key",
    "register",
    "intake",
    "replay",
    "explain",
    "lint",
    "build",
    "run",
    "check",
    "risk",
    "release",
    "diff",
    "ledger",
    "verify",
    "withdraw",
    "grant",
    "serve",
    "site",
)

app = typer.Typer(
    name="panelpress",
    help="Publish a multi-wave panel survey as open data that can find no one.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


def _version(wanted: bool) -> None:
    if wanted:
        print(f"panelpress {__version__}")
        raise typer.Exit()


@app.callback()
def _top(
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")] = False,
) -> None:
    """Publish a multi-wave panel survey as open data that can find no one."""


for _command in COMMANDS:
    import_module(f"panelpress.cli.{_command}").register(app)


def main() -> None:
    """Entry point of the console script."""
    app()
