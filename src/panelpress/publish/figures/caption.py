"""The words of a figure: title, whom it shows, how many, from what, and that the answers are simulated."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from dataclasses import dataclass

from panelpress.model.figure import Figure, FigureCell

TITLE_WIDTH, CAPTION_WIDTH = 78, 116
WORDS = {
    "en": {
        "n": "n = {n}",
        "about": "about ",
        "tables": "open tables",
        "aggregates": "published aggregates",
        "source": "Source: {project}, release {version}, {sources}.",
        "benchmark": "Grey: published figures of other surveys.",
        "printed": "Diamond: value printed in the report.",
        "simulated": "Simulated answers, calibrated to the report; no respondent exists.",
        "absent": "Empty: not published in this tier.",
        "share": "Percent",
    },
    "ru": {
        "n": "n = {n}",
        "about": "около ",
        "tables": "открытые таблицы",
        "aggregates": "опубликованные агрегаты",
        "source": "Источник: {project}, выпуск {version}, {sources}.",
        "benchmark": "Серым: опубликованные числа других опросов.",
        "printed": "Ромб: значение, напечатанное в отчёте.",
        "simulated": "Симулированные ответы, подогнанные к отчёту; респондентов не существует.",
        "absent": "Пусто: в этом уровне доступа не публикуется.",
        "share": "Процент",
    },
}


@dataclass(frozen=True, slots=True)
class Words:
    """Finished lines of one figure in one language."""

    title: tuple[str, ...]
    caption: tuple[str, ...]
    share: str


def words(figure: Figure, cells: Iterable[FigureCell], language: str, project: str, version: str, simulated: bool) -> Words:
    """Title and caption, broken into lines that fit 800 pixels. A language that the engine does not know is written in English
    around the project's own texts."""
    own = WORDS.get(language, WORDS["en"])
    listed = list(cells)
    sentences = [f"{figure.sample.in_language(language)}, {own['n'].format(n=_n(listed, own, language))}."]
    if figure.note:
        sentences.append(figure.note.in_language(language))
    sources = [own[name] for name in ("tables", "aggregates") if any(cell.source == name for cell in listed)]
    sentences.append(own["source"].format(project=project, version=version, sources=", ".join(sources)))
    sentences += [own["benchmark"]] if any(cell.source == "benchmark" for cell in listed) else []
    sentences += [own["printed"]] if any(cell.printed or cell.printed_from_here for cell in listed) else []
    sentences += [own["absent"]] if any(cell.value is None and cell.source != "benchmark" for cell in listed) else []
    sentences += [own["simulated"]] if simulated else []
    title = f"{figure.number}. {figure.title.in_language(language)}"
    return Words(tuple(textwrap.wrap(title, TITLE_WIDTH)), tuple(textwrap.wrap(" ".join(sentences), CAPTION_WIDTH)), own["share"])


def _n(cells: Iterable[FigureCell], own: dict[str, str], language: str) -> str:
    """The bases: one number, or the range of several; rounded ones are called so."""
    bases = sorted({cell.n for cell in cells if cell.n is not None and cell.value is not None})
    if not bases:
        return "–"
    about = own["about"] if any(cell.source == "aggregates" for cell in cells) else ""
    shown = [f"{n:,}".replace(",", "\u00a0" if language == "ru" else ",") for n in bases]
    return about + (shown[0] if len(shown) == 1 else f"{shown[0]}–{shown[-1]}")
