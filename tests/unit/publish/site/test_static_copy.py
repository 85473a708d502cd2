"""The static copy holds every page that needs no SQL, and links nowhere that it does not hold."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from panelpress.errors import UsageError
from panelpress.publish.site.export import export
from panelpress.publish.site.library import Tombstone, read_library
from panelpress.publish.site.shelf import read_shelf
from releasing import project, release


def test_every_link_of_the_static_copy_leads_to_a_page_or_a_file_of_a_release(tmp_path: Path) -> None:
    places = project(tmp_path)
    release(places, "0.1.0")
    library = read_library(
        read_shelf(places.releases), places.site_cache, (Tombstone("0.0.1", "2026-01-31", {"en": "x"}, "0.1.0"),)
    )
    written = export(library, tmp_path / "static")
    pages = list(written.folder.rglob("index.html"))
    assert len(pages) == written.pages > 10
    for page in pages:
        for link in re.findall(r'href="(/[^"#?]*)', page.read_text(encoding="utf-8")):
            if re.fullmatch(r"/files/[^/]+/.+", link):
                assert (places.releases / link.removeprefix("/files/")).is_file()
            else:
                target = written.folder / link.strip("/")
                assert target.is_file() or (target / "index.html").is_file(), link


def test_a_folder_that_holds_something_is_left_alone(tmp_path: Path) -> None:
    places = project(tmp_path)
    release(places, "0.1.0")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(UsageError, match="not empty"):
        export(read_library(read_shelf(places.releases), places.site_cache), tmp_path / "full")
