"""Pages lead somewhere: links reach files and headings that exist, and the README names every command."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import typer

from panelpress.cli.main import app

LINK = re.compile(r"\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ (.*)$", re.MULTILINE)
PLACES = ("*.md", "docs/**/*.md", "raw/*.md", "benchmarks/*.md", "examples/*/*.md")


def pages(repository: Path) -> Iterator[Path]:
    for place in PLACES:
        yield from sorted(repository.glob(place))


def anchors(page: Path) -> set[str]:
    """The names under which a code host lets links reach the headings of a page."""
    found = HEADING.findall(page.read_text(encoding="utf-8"))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in found}


def test_every_link_reaches_a_file_and_a_heading(repository: Path) -> None:
    dead = []
    for page in pages(repository):
        for link in LINK.findall(page.read_text(encoding="utf-8")):
            file, _, anchor = link.partition("#")
            target = page.parent / file if file else page
            if not link.startswith("https://") and not (target.exists() and (not anchor or anchor in anchors(target))):
                dead.append(f"{page.relative_to(repository)}: {link}")
    assert dead == []


def test_the_readme_names_every_command(repository: Path) -> None:
    commands = set(typer.main.get_command(app).commands)  # type: ignore[attr-defined]
    table = (repository / "README.md").read_text(encoding="utf-8").split("## Commands")[1].split("## ")[0]
    assert commands - set(re.findall(r"\w+", table)) == set()
