"""axe-core finds no fault of WCAG 2.2 AA on any kind of page, in both languages, on a phone and a screen, light and dark."""

from __future__ import annotations

from typing import Any

import pytest

pytestmark = pytest.mark.browser
KINDS = {
    "landing": "/",
    "codebook": "/codebook/0.2.0/",
    "availability": "/codebook/0.2.0/availability/",
    "variable": "/codebook/0.2.0/trust/",
    "search": "/codebook/0.2.0/search/?q=trust",
    "nothing found": "/codebook/0.2.0/search/?q=zzz",
    "figures": "/figures/0.2.0/",
    "files": "/files/0.2.0/",
    "database": "/v0-2-0",
    "table": "/v0-2-0/tiny_responses?_facet=wave&gender__exact=1",
    "view": "/v0-2-0/tiny_responses__trust",
    "row": "/v0-2-0/waves/a",
    "query": "/v0-2-0?sql=select+wave,+trust+from+tiny_responses",
    "saved query": "/v0-2-0/tiny_responses_by_gender?variable=trust&wave=",
    "wrong query": "/v0-2-0?sql=select+nothing",
    "not found": "/nothing",
    "withdrawn": "/releases/0.0.1/",
}
LOOKS = [("", 1280, "light"), ("/ru", 390, "dark")]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.mark.parametrize(("language", "width", "scheme"), LOOKS)
def test_no_kind_of_page_has_a_fault(chromium: Any, site: str, axe: str, language: str, width: int, scheme: str) -> None:
    # the site forbids every script, the checker's too: bypass for the checker alone
    context = chromium.new_context(base_url=site, bypass_csp=True, viewport={"width": width, "height": 844}, color_scheme=scheme)
    page = context.new_page()
    faults = []
    for kind, path in KINDS.items():
        page.goto(language + path)
        page.evaluate(axe)
        found = page.evaluate("rules => axe.run(document, {runOnly: {type: 'tag', values: rules}})", RULES)
        faults += [
            (kind, each["impact"], each["id"], [node["html"][:150] for node in each["nodes"][:3]]) for each in found["violations"]
        ]
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{kind} is wider than the screen"
    context.close()
    assert faults == []
