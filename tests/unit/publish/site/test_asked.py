"""What a request may cost is read from its address alone."""

from __future__ import annotations

import pytest

from panelpress.publish.site.asked import MOST_FACETS, read, too_much


@pytest.mark.parametrize(
    ("path", "query", "page", "visitor"),
    [
        ("/v0-1-0/t", "", True, False),
        ("/v0-1-0/t.json", "_sort=a", False, False),
        ("/v0-1-0", "sql=select+1", True, True),
        ("/v0-1-0.csv", "sql=", False, True),
        ("/v0-1-0.json", "%73ql=select+1", False, True),
        ("/v0-1-0/t", "_facet=a&_where=1%3D1", True, True),
    ],
)
def test_sql_of_a_visitor_is_known_by_its_parameter(path: str, query: str, page: bool, visitor: bool) -> None:
    asked = read(path, query)
    assert (asked.page, asked.visitor_sql) == (page, visitor)


@pytest.mark.parametrize(
    ("path", "query", "why"),
    [
        ("/v0-1-0/t", "_size=100", None),
        ("/v0-1-0/t", "_size=101", "page_too_long"),
        ("/v0-1-0/t", "_size=max", "page_too_long"),
        ("/v0-1-0/t.json", "_size=2000", None),
        ("/v0-1-0/t", "_facet=a&_facet_size=max", "page_too_long"),
        ("/v0-1-0/t", "&".join(f"_facet=c{n}" for n in range(MOST_FACETS)), None),
        ("/v0-1-0/t", "&".join(f"_facet_array=c{n}" for n in range(MOST_FACETS + 1)), "too_many_facets"),
    ],
)
def test_a_page_that_would_show_too_much_is_refused(path: str, query: str, why: str | None) -> None:
    assert too_much(path, query) == why


def test_sql_that_took_its_time_leaves_none() -> None:
    asked = read("/v0-1-0", "sql=select+1")
    asked.spent = 99.0
    assert asked.left == 0
