"""A page of answers offers counts by the columns that have an index."""

from __future__ import annotations

import asyncio
from pathlib import Path

from panelpress.publish.site.app import application
from panelpress.publish.site.library import read_library
from panelpress.publish.site.shelf import read_shelf
from releasing import project, release


def test_a_page_offers_the_counts_that_it_does_not_show_yet(tmp_path: Path) -> None:
    places = project(tmp_path)
    release(places, "0.1.0")

    async def text(path: str) -> str:
        site = application(read_library(read_shelf(places.releases), places.site_cache))
        return str((await site.client.get(path)).text)

    first = asyncio.run(text("/ru/v0-1-0/tiny_responses?gender__exact=1"))
    assert 'href="/ru/v0-1-0/tiny_responses?gender__exact=1&amp;_facet=wave"' in first
    counted = asyncio.run(text("/ru/v0-1-0/tiny_responses?_facet=wave"))
    assert "_facet=wave&amp;_facet=country" in counted and "_facet=wave&amp;_facet=wave" not in counted
    assert "_facet" not in asyncio.run(text("/v0-1-0/waves"))
