"""Every link of the site leads somewhere, and an address that was given once keeps its answer when later releases come."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from html import unescape
from pathlib import Path
from urllib.parse import urldefrag

import pytest

from panelpress.paths import Places
from panelpress.publish.site.app import application
from panelpress.publish.site.library import Tombstone, read_library
from panelpress.publish.site.shelf import read_shelf
from releasing import project, release
from worlds import PROJECT

STARTS = ("/", "/ru/")


def crawl(places: Places) -> dict[str, int]:
    """Status by address, of all that can be reached from the start pages. Sorting and filtering are left out: endless."""

    async def visit() -> dict[str, int]:
        site = application(read_library(read_shelf(places.releases), places.site_cache, project=PROJECT))
        found: dict[str, int] = {}
        waiting = list(STARTS)
        while waiting:
            address = waiting.pop()
            if address in found:
                continue
            answer = await site.client.get(address)
            found[address] = answer.status_code
            if "text/html" in answer.headers.get("content-type", "") and not address.startswith("/files/"):
                links = (urldefrag(unescape(each)).url for each in re.findall(r'(?:href|src|action)="(/[^"]*)"', answer.text))
                waiting += [each for each in links if not re.search(r"[?&]_(sort|facet|next)|__exact", each)]
        return found

    return asyncio.run(visit())


def statuses(places: Places, addresses: Sequence[str], *gone: Tombstone) -> set[int]:
    async def visit() -> set[int]:
        site = application(read_library(read_shelf(places.releases), places.site_cache, gone, PROJECT))
        return {(await site.client.get(each)).status_code for each in addresses}

    return asyncio.run(visit())


@pytest.mark.slow
def test_no_link_is_dead_and_old_addresses_outlive_new_releases(tmp_path: Path) -> None:
    places = project(tmp_path)
    release(places, "0.1.0")
    before = crawl(places)
    assert len(before) > 100 and set(before.values()) == {200}
    release(places, "0.2.0", "UPDATE tiny_responses SET trust = 1 WHERE person_id = 'p3'")
    assert statuses(places, list(before)) == {200}
    assert [address for address, status in crawl(places).items() if status != 200] == []
    permanent = [each for each in before if re.search(r"0\.1\.0|v0-1-0", each)]
    assert statuses(places, permanent, Tombstone("0.1.0", "2026-02-01", {"en": "x"}, "0.2.0")) == {410}
