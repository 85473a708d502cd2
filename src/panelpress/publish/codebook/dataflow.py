"""The page for an ethics board: where respondents' data go, who can read each copy, how long it is kept, what deletes it.

The engine knows the kinds of data and the measures (``texts/dataflow.toml``); the project's promises come from
``publish/data-protection.yaml``. What is not promised is shown as not declared, never left out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from html import escape
from pathlib import Path
from typing import Any

import duckdb
from markupsafe import Markup

from panelpress.model.data_protection import DataProtection
from panelpress.model.release import Edition
from panelpress.model.text import LocalText
from panelpress.publish.codebook.content import Codebook
from panelpress.publish.codebook.pages import FOLDER, render
from panelpress.publish.codebook.words import texts

BOX, HIGH, GAP = 232, 92, 28
PRIVATE, PUBLIC = "#b3261e", "#2e7d32"
IN_A_ROW = 3


def exporter(promise: DataProtection) -> Callable[[Edition, duckdb.DuckDBPyConnection, Path], tuple[Path, ...]]:
    """An exporter that writes ``codebook/data-flow.<language>.html`` with the project's promises."""

    def write(edition: Edition, rows: duckdb.DuckDBPyConnection, folder: Path) -> tuple[Path, ...]:
        target = folder / FOLDER
        target.mkdir(parents=True, exist_ok=True)
        paths = []
        for language in edition.project.languages:
            path = target / f"data-flow.{language}.html"
            path.write_text(page(edition, promise, language), encoding="utf-8", newline="")
            paths.append(path)
        return tuple(paths)

    return write


def page(edition: Edition, promise: DataProtection, language: str) -> str:
    """The page in one language."""
    said = _words(language)
    kinds = [
        {name: LocalText(value) if isinstance(value, dict) else value for name, value in kind.items()}
        for kind in texts("dataflow")["kind"]
    ]
    book = Codebook(edition, {})
    drawn = Markup(diagram(language))
    heading = said["heading"]
    return render(book, "dataflow.html.j2", language, heading, f=said, kinds=kinds, promise=promise, diagram=drawn)


def diagram(language: str) -> str:
    """The way of the data as two rows of boxes; a box is red where its data are private."""
    steps = texts("dataflow")["step"]
    parts = [_box(step, *_corner(number), language) for number, step in enumerate(steps)]
    for number in range(len(steps) - 1):
        x, y = _corner(number)
        if number % IN_A_ROW < IN_A_ROW - 1:
            parts.append(_arrow(f"M{x + BOX + 4} {y + HIGH / 2:g} h{GAP - 8} m-6 -5 l6 5 l-6 5"))
        else:
            turn = f"M{x + BOX / 2:g} {y + HIGH + 3} v{GAP / 2:g} H{BOX / 2:g} v{GAP / 2:g} m-5 -6 l5 6 l5 -6"
            parts.append(_arrow(turn))
    width, height = IN_A_ROW * (BOX + GAP) - GAP + 2, _corner(len(steps) - 1)[1] + HIGH + 4
    return (
        f'<svg class="flow" viewBox="0 0 {width} {height}" role="img" aria-label="{escape(_words(language)["diagram"])}" '
        f'font-size="12" fill="currentColor">{"".join(parts)}</svg>'
    )


def _corner(number: int) -> tuple[int, int]:
    """Upper left corner of a box."""
    return (number % IN_A_ROW) * (BOX + GAP) + 1, (number // IN_A_ROW) * (HIGH + GAP + 8) + 4


def _box(step: Mapping[str, Any], x: int, y: int, language: str) -> str:
    title, *lines = step.get(language, step["en"])
    colour = PUBLIC if step["public"] else PRIVATE
    frame = f'<rect x="{x}" y="{y}" width="{BOX}" height="{HIGH}" rx="6" fill="none" stroke="{colour}" stroke-width="2"/>'
    said = [f'<text x="{x + 10}" y="{y + 20}" font-weight="700">{escape(title)}</text>']
    said += [f'<text x="{x + 10}" y="{y + 42 + 16 * row}">{escape(line)}</text>' for row, line in enumerate(lines)]
    return frame + "".join(said)


def _arrow(path: str) -> str:
    return f'<path d="{path}" fill="none" stroke="currentColor"/>'


def _words(language: str) -> Mapping[str, Any]:
    found: Mapping[str, Mapping[str, Any]] = texts("dataflow")["words"]
    return found.get(language, found["en"])
