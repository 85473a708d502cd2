"""Every kind of page was looked at on a screen and on a phone; where the machine draws as then, it looks the same today."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pictures import KINDS, LOOKS, font, reviewed, take

pytestmark = pytest.mark.browser


def test_every_kind_of_page_was_looked_at_and_something_was_found() -> None:
    found = reviewed()
    assert set(found) == {(kind, language) for kind in KINDS for language, _, _ in LOOKS}
    assert {each.width for each in found.values()} == {1280, 390}
    assert all(len(each.finding) > 20 for each in found.values())


@pytest.mark.slow
def test_pages_look_as_they_did_when_they_were_looked_at(chromium: Any, site: str, tmp_path: Path) -> None:
    known = reviewed()
    drawn_by = {(each.chromium, each.font) for each in known.values()}
    if drawn_by != {(chromium.version, font())}:
        pytest.skip("this machine draws letters with another Chromium or font than the pictures were reviewed with")
    taken = list(take(chromium, site, tmp_path))
    assert [each.key for each in taken if each.sha256 != known[each.key].sha256] == []
