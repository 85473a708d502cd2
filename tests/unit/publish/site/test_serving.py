"""Releases are served whole or not at all, and one query cannot cost the server much."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest

from panelpress.paths import Places
from panelpress.publish.site import headers
from panelpress.publish.site.shelf import read_shelf
from releasing import project, release
from served_world import answers, opened, serving


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Places:
    """The tiny world, published twice."""
    places = project(tmp_path_factory.mktemp("site"))
    release(places, "0.1.0")
    release(places, "0.2.0", "UPDATE tiny_responses SET trust = 1 WHERE person_id = 'p3'")
    return places


def test_the_newest_release_stands_first_and_each_has_a_permanent_name(published: Places) -> None:
    shelf = read_shelf(published.releases)
    assert [each.name for each in shelf.releases] == ["v0-2-0", "v0-1-0"]
    assert shelf.refused == ()


def test_pages_carry_titles_columns_and_headers(published: Places) -> None:
    home, table = answers(opened(published), "/", "/v0-2-0/tiny_responses")
    assert (home.status_code, table.status_code) == (200, 200)
    assert "Trust in people" in table.text
    assert "default-src 'none'" in table.headers["content-security-policy"]
    assert table.headers["referrer-policy"] == "no-referrer"


def test_the_length_is_told_of_a_body_and_of_no_answer_without_one() -> None:
    def told(method: str, status: int, body: bytes) -> list[bytes]:
        sent: list[dict[str, Any]] = []

        async def app(scope: Any, receive: Any, send: Any) -> None:
            await send({"type": "http.response.start", "status": status, "headers": []})
            await send({"type": "http.response.body", "body": body})

        async def keep(message: dict[str, Any]) -> None:
            sent.append(message)

        async def nothing() -> dict[str, Any]:
            return {}

        asyncio.run(headers.asgi_wrapper(None)(app)({"type": "http", "method": method}, nothing, keep))
        assert (b"referrer-policy", b"no-referrer") in sent[0]["headers"] and sent[1]["body"] == body
        return [value for name, value in sent[0]["headers"] if name == b"content-length"]

    assert told("GET", 200, b"page") == [b"4"] and told("GET", 200, b"") == [b"0"]
    assert told("HEAD", 200, b"") == told("GET", 304, b"") == told("GET", 204, b"") == []


def test_head_of_a_page_says_no_length_that_its_get_contradicts(published: Places) -> None:
    with serving(opened(published)) as address:
        page, head = httpx.get(address + "/v0-2-0"), httpx.head(address + "/v0-2-0")
    assert (page.status_code, head.status_code, head.content) == (200, 200, b"")
    assert int(page.headers["content-length"]) == len(page.content) > 0
    assert "content-length" not in head.headers
    assert head.headers["content-security-policy"] == page.headers["content-security-policy"]


@pytest.mark.parametrize(
    "sql",
    [
        "select zeroblob(100000000)",
        "select hex(randomblob(500000000))",
        "select printf('%.*c', 1000000000, 'x')",
        "select format('%1000000s', 'x')",
        "select fts3_tokenizer('simple')",
        "select load_extension('x')",
        "select * from pragma_database_list",
        "with recursive t(x) as (select 'xxxxxxxxxxxxxxxx' union all select x || x from t) select length(x) from t",
        "with recursive t(x) as (select 1 union all select x + 1 from t) select count(*) from t",
    ],
)
def test_a_hostile_query_is_refused_and_the_next_page_served(published: Places, sql: str) -> None:
    hostile, light = answers(
        opened(published), "/v0-2-0.json?sql=" + sql.replace(" ", "+").replace("%", "%25"), "/v0-2-0/waves.json"
    )
    assert hostile.status_code == 400
    assert light.status_code == 200
