"""A page of answers offers counts by the columns that have an index."""

from __future__ import annotations

from pathlib import Path

from releasing import project, release
from served_world import answers, opened


def test_a_page_offers_the_counts_that_it_does_not_show_yet(tmp_path: Path) -> None:
    places = project(tmp_path)
    release(places, "0.1.0")

    def text(path: str) -> str:
        return str(answers(opened(places), path)[0].text)

    first = text("/ru/v0-1-0/tiny_responses?gender__exact=1")
    assert 'href="/ru/v0-1-0/tiny_responses?gender__exact=1&amp;_facet=wave"' in first
    counted = text("/ru/v0-1-0/tiny_responses?_facet=wave")
    assert "_facet=wave&amp;_facet=country" in counted and "_facet=wave&amp;_facet=wave" not in counted
    assert "_facet" not in text("/v0-1-0/waves")
