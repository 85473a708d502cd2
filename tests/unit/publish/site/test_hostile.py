"""Hostile queries against a served site: each is refused or answered, and costs the server little.

Times are measured in ``benchmarks/site.py``; here a query only has to end before a generous time out.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from hostile import Hostile, hostile_queries
from releasing import project, release
from served_process import Served, serving_process

pytestmark = pytest.mark.slow
MOST_MB = 300
QUERIES = hostile_queries()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    places = project(tmp_path_factory.mktemp("hostile"))
    release(places, "0.1.0")
    with serving_process(places, places.work / "serve.log") as served:
        yield served


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: query.name)
def test_a_hostile_query_costs_little_and_the_next_page_is_served(site: Served, query: Hostile) -> None:
    site.forget_peaks()
    asked = site.get("/v0-1-0" + query.address)
    assert asked.status in ((200, 400) if query.harmless else (400,)), asked.body[:300]
    assert site.peak_mb() < MOST_MB
    assert site.process.poll() is None
    assert site.get("/v0-1-0/waves.json").status == 200


def test_the_list_holds_the_measured_ones_and_more_of_ours() -> None:
    assert len(QUERIES) >= 45
    assert len({query.name for query in QUERIES}) == len(QUERIES)


def test_the_log_says_what_is_served_and_nothing_of_requests(site: Served) -> None:
    before = site.log.read_text(encoding="utf-8")
    assert before.count("serving  release 0.1.0") == 1
    for path in (
        "/v0-1-0/waves?_sort=wave",
        "/nowhere?q=nobody",
        "/v0-1-0.json?sql=select+nobody+from+waves",
        "/v0-1-0/waves.csv?_where=nobody",
        "/codebook/0.1.0/search/?q=nobody",
    ):
        site.get(path, headers={"Referer": "https://elsewhere.example/nobody"})
    assert site.log.read_text(encoding="utf-8") == before
