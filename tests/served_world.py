"""The tiny world as a visitor meets it: two releases with every format, a declared figure, a withdrawn release, on a local port."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import uvicorn

from panelpress.model.release import Edition
from panelpress.model.table import Table
from panelpress.paths import Places
from panelpress.publish.figures.tables import figure_tables
from panelpress.publish.site.app import application
from panelpress.publish.site.library import Library, Tombstone, read_library
from panelpress.publish.site.shelf import read_shelf
from panelpress.publish.tables.catalogue import fill
from releasing import project, release_whole
from worlds import PROJECT

GONE = Tombstone("0.0.1", "2026-01-31", {"en": "A person withdrew.", "ru": "Человек отозвал согласие."}, "0.2.0")
FIGURE = {
    "figure": "trust", "number": 1, "chart": "bars", "title_en": "Trust in people (simulated)", "title_ru": "Доверие (симуляция)",
    "sample_en": "Everyone", "sample_ru": "Все", "note_en": None, "note_ru": None,
}  # fmt: skip
CELLS = [
    {"row_label_en": "Fully", "row_label_ru": "Полностью", "value": 40.0, "n": 5, "source": "tables", "printed": "41"},
    {"row_label_en": "Somewhat", "row_label_ru": "Отчасти", "value": 60.0, "n": 5, "source": "tables", "printed": None},
    {"row_label_en": "Not at all", "row_label_ru": "Совсем нет", "value": None, "n": None, "source": "tables", "printed": "9"},
]


def a_figure(edition: Edition, rows: duckdb.DuckDBPyConnection) -> tuple[Table, ...]:
    """A contributor: one figure of three bars, one value and one printed value missing."""
    figures, cells = figure_tables(edition.project.languages)
    place = {"figure": "trust", "series": 0, "printed_from_here": None, "series_label_en": None, "series_label_ru": None}
    fill(rows, figures, [FIGURE])
    fill(rows, cells, [{**place, "row": number, **cell} for number, cell in enumerate(CELLS)])
    return figures, cells


def published(folder: Path) -> Places:
    """The tiny world, published twice with every format and the figure."""
    places = project(folder)
    release_whole(places, "0.1.0", None, a_figure)
    release_whole(places, "0.2.0", "UPDATE tiny_responses SET trust = 1 WHERE person_id = 'p3'", a_figure)
    return places


def library_of(places: Places) -> Library:
    return read_library(
        read_shelf(places.releases),
        places.site_cache,
        (GONE,),
        PROJECT,
    )


def opened(places: Places) -> Library:
    """The releases of ``places`` and nothing else, as the site opens them."""
    return read_library(read_shelf(places.releases), places.site_cache)


def answers(library: Library, *paths: str) -> list[Any]:
    """What the site answers to ``paths``, asked within this process."""

    async def fetch() -> list[Any]:
        site = application(library)
        try:
            return [await site.client.get(path) for path in paths]
        finally:
            site.panel_runners.stop()

    return asyncio.run(fetch())


@contextmanager
def serving(library: Library) -> Iterator[str]:
    """The address of the site while the block runs; a free port of this machine."""
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(application(library).app(), log_level="warning", access_log=False))
    thread = threading.Thread(target=server.run, args=([listening],), daemon=True)
    thread.start()
    try:
        _until_it_answers(server)
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(timeout=10)
        listening.close()


def _until_it_answers(server: Any, seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not server.started:
        if time.monotonic() > end:
            raise TimeoutError("the site did not start")
        time.sleep(0.05)
