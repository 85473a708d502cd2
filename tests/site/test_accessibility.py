"""axe-core finds no fault of WCAG 2.2 AA on any kind of page, in both languages, on a phone and a screen, light and dark."""

from __future__ import annotations

from typing import Any

import pytest
from pictures import KINDS, LOOKS, address

pytestmark = pytest.mark.browser
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.mark.parametrize(("language", "width", "scheme"), LOOKS)
def test_no_kind_of_page_has_a_fault(chromium: Any, site: str, axe: str, language: str, width: int, scheme: str) -> None:
    # the site forbids every script, the checker's too: bypass for the checker alone
    context = chromium.new_context(base_url=site, bypass_csp=True, viewport={"width": width, "height": 844}, color_scheme=scheme)
    page = context.new_page()
    faults = []
    for kind in KINDS:
        page.goto(address(kind, language))
        page.evaluate(axe)
        found = page.evaluate("rules => axe.run(document, {runOnly: {type: 'tag', values: rules}})", RULES)
        faults += [
            (kind, each["impact"], each["id"], [node["html"][:150] for node in each["nodes"][:3]]) for each in found["violations"]
        ]
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{kind} is wider than the screen"
    context.close()
    assert faults == []
