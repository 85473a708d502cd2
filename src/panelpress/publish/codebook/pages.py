"""Lays out codebook content with the templates beside it: HTML for the screen, HTML for paper, Markdown, methodology and
questionnaires, one file a language. Pages are self-contained: no script, no font, image or style from anywhere else.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from panelpress.model.release import Edition
from panelpress.model.study import Study, Wave
from panelpress.model.text import LocalText
from panelpress.publish.codebook.content import Codebook, Entry, WaveEntry, gather
from panelpress.publish.codebook.flowchart import flow_chart
from panelpress.publish.codebook.maps import map_lines
from panelpress.publish.codebook.markdown import markdown
from panelpress.publish.codebook.picture import percent, picture
from panelpress.publish.codebook.words import words
from panelpress.publish.protection.protection_facts import study_protections

FOLDER = "codebook"
TEMPLATES = Path(__file__).with_name("templates")


def write(edition: Edition, rows: duckdb.DuckDBPyConnection, folder: Path) -> tuple[Path, ...]:
    """Write ``codebook/{codebook,codebook-print,methodology,questionnaires}.<language>.html`` and ``codebook.<language>.md``."""
    target = folder / FOLDER
    target.mkdir(parents=True, exist_ok=True)
    book = gather(edition, rows)
    paths = []
    for language in edition.project.languages:
        screen = render(book, "codebook.html.j2", language, "codebook")
        texts = {
            f"codebook.{language}.html": screen,
            f"codebook-print.{language}.html": on_paper(screen),
            f"codebook.{language}.md": markdown(book, language),
            f"methodology.{language}.html": render(book, "methodology.html.j2", language, "methodology"),
            f"questionnaires.{language}.html": render(book, "questionnaires.html.j2", language, "questionnaires"),
        }
        for name, text in texts.items():
            (target / name).write_text(text, encoding="utf-8", newline="")
            paths.append(target / name)
    return tuple(paths)


def on_paper(page: str) -> str:
    """The print edition of ``page``: the same content, styled for paper wherever it is opened."""
    return page.replace("</style>", (TEMPLATES / "print.css").read_text(encoding="utf-8") + "</style>", 1)


def render(book: Codebook, template: str, language: str, heading: str, **facts: Any) -> str:
    """One page in one language. ``heading`` is the word for what it is."""
    edition = book.edition
    said = words(language)

    def text(local: LocalText) -> str:
        return local.in_language(language).strip()

    def draw(entry: Entry, wave: WaveEntry) -> Markup:
        return Markup(picture(wave.distribution, f"{text(entry.variable.label)}, {text(wave.wave.label)}", language))

    def draw_flow(study: Study, wave: Wave) -> Markup:
        title = f"{text(study.title)}, {text(wave.label)}"
        return Markup(flow_chart(book.flow[wave.id], responses[wave.id], title, language))

    responses = _responses(book)
    style = (TEMPLATES / "style.css").read_text(encoding="utf-8")
    return (
        _templates()
        .get_template(template)
        .render(
            book=book,
            edition=edition,
            language=language,
            w=said,
            t=text,
            title=text(edition.project.title),
            heading=said.get(heading, heading),
            style=Markup(style),
            draw=draw,
            draw_flow=draw_flow,
            map_lines=lambda entry: map_lines(edition, entry),
            percent=_percent(language),
            concept_title=lambda concept: text(edition.project.concept(concept)),
            responses=responses,
            protections=study_protections(edition.disclosure),
            **facts,
        )
    )


def _percent(language: str) -> Callable[[float | None], str]:
    return lambda share: percent(share, language)


def _responses(book: Codebook) -> dict[str, int]:
    """Responses of each wave, as any of its variables counts them."""
    found = {wave.id: 0 for study in book.edition.studies for wave in study.waves}
    for entry in book.entries:
        for each in entry.waves:
            found[each.wave.id] = max(found[each.wave.id], each.n)
    return found


@cache
def _templates() -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
