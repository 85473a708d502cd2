"""A served tiny world, Debian's Chromium, and visits that fail where a page complained or asked another host.

The tests skip with a reason where Chromium, Playwright or axe-core is absent; ``docs/how-to/test-the-site.md`` tells how to get
them.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pictures import FLAGS

from panelpress.paths import Places
from served_world import library_of, published, serving

sync_api = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
CHROMIUM = shutil.which("chromium")
AXE = Path(__file__).with_name("node_modules") / "axe-core" / "axe.min.js"


@pytest.fixture(scope="session")
def places(tmp_path_factory: pytest.TempPathFactory) -> Places:
    return published(tmp_path_factory.mktemp("served"))


@pytest.fixture(scope="session")
def site(places: Places) -> Iterator[str]:
    """Address of the running site."""
    with serving(library_of(places)) as address:
        yield address


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """A browser for one module: Playwright keeps an event loop running, and while it does no other test may start one."""
    if CHROMIUM is None:
        pytest.skip("Debian's chromium is not installed")
    with sync_api.sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def axe() -> str:
    """The text of axe-core."""
    if not AXE.is_file():
        pytest.skip("axe-core is not installed: npm ci --prefix tests/site")
    return AXE.read_text(encoding="utf-8")


@pytest.fixture
def page(chromium: Any, site: str) -> Iterator[Any]:
    """A fresh visitor. At the end: no error on the console, nothing asked of another host."""
    context = chromium.new_context(base_url=site, accept_downloads=True)
    visited = context.new_page()
    complaints: list[str] = []
    foreign: list[str] = []
    visited.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
    visited.on("pageerror", lambda error: complaints.append(str(error)))
    context.on("request", lambda asked: None if asked.url.startswith((site, "data:", "blob:")) else foreign.append(asked.url))
    yield visited
    context.close()
    # Chromium writes the status of a page that is meant to be an error on the console, too
    assert [each for each in complaints if "the server responded with a status of 4" not in each] == []
    assert foreign == []
