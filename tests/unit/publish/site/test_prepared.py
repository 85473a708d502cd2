"""What is answered from memory is what the query would have answered."""

from __future__ import annotations

import pytest

from panelpress.paths import Places
from releasing import project, release_whole
from served_world import answers, opened


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Places:
    places = project(tmp_path_factory.mktemp("prepared"))
    release_whole(places, "0.1.0")
    return places


@pytest.mark.parametrize("variable", ["trust", "gender", "nothing", ""])
def test_a_distribution_from_memory_is_byte_for_byte_that_of_the_query(published: Places, variable: str) -> None:
    asked = f"/v0-1-0/distribution.json?variable={variable}&_shape=array"
    prepared, queried = answers(opened(published), asked, f"{asked}&_ttl=86400")
    assert prepared.content == queried.content
    assert (variable in ("trust", "gender")) == bool(prepared.json())
    for name in ("content-type", "cache-control"):
        assert prepared.headers[name] == queried.headers[name]


@pytest.mark.parametrize("rest", ["_shape=objects", "_shape=array&_nl=on", "_shape=array&sql=select+1", ""])
def test_asked_in_another_way_the_query_runs(published: Places, rest: str) -> None:
    (answer,) = answers(opened(published), f"/v0-1-0/distribution.json?variable=trust&{rest}")
    assert answer.status_code == 200
    assert (b'"rows"' in answer.content) == ("array" not in rest)
