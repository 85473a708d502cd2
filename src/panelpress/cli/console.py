"""What every command shares: the project option, printing for people or machines, and exit codes. Holds no logic of data."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from panelpress.errors import PanelpressError

out = Console(soft_wrap=True, highlight=False)
err = Console(stderr=True, soft_wrap=True, highlight=False)

ProjectOption = Annotated[Path, typer.Option("--project", help="Folder of the data project.", show_default=".")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON object for machines instead of text.")]
HERE = Path()


@contextmanager
def refusals(as_json: bool = False) -> Iterator[None]:
    """Turns a refusal into one clear message on standard error and its exit code; nothing else is ever printed of it."""
    try:
        yield
    except PanelpressError as error:
        show_refusal(error, as_json)
        raise typer.Exit(error.exit_code) from None


def show_refusal(error: PanelpressError, as_json: bool = False) -> None:
    if as_json:
        facts = {"ok": False, "kind": type(error).__name__, "where": error.where, "what": error.what, "todo": error.todo}
        print(json.dumps(facts, ensure_ascii=False), file=sys.stdout)
        return
    err.print(f"[bold red]refused[/]  {_plain(error.where)}: {_plain(error.what)}")
    err.print(f"[bold]next[/]     {_plain(error.todo)}")


def show(facts: Mapping[str, Any], as_json: bool, people: Callable[[Mapping[str, Any]], None]) -> None:
    """Prints ``facts`` as JSON, or hands them to ``people`` to print for a person."""
    if as_json:
        print(json.dumps({"ok": True, **facts}, ensure_ascii=False, default=str))
    else:
        people(facts)


def _plain(text: str) -> str:
    """Square brackets are rich's markup; in a message they are just brackets."""
    return text.replace("[", "\\[")
