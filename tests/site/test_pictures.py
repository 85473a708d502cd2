"""Every kind of page was looked at on a screen and on a phone. ``pictures.py`` tells which look different today."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pictures import KINDS, LOOKS, reviewed, take


def test_every_kind_of_page_was_looked_at_and_something_was_found() -> None:
    found = reviewed()
    assert set(found) == {(kind, language) for kind in KINDS for language, _, _ in LOOKS}
    assert {each.width for each in found.values()} == {1280, 390}
    assert all(len(each.finding) > 20 and len(each.sha256) == 64 for each in found.values())


@pytest.mark.slow
@pytest.mark.browser
def test_pictures_are_the_same_when_they_are_taken_twice(chromium: Any, site: str, tmp_path: Path) -> None:
    kinds = ("landing", "query")
    first, second = (list(take(chromium, site, tmp_path, kinds)) for _ in range(2))
    assert first == second and len(first) == 4
