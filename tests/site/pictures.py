"""Takes a picture of every kind of page of the tiny site, on a screen and on a phone, for somebody to look at.

``PYTHONPATH=src:tests python tests/site/pictures.py FOLDER`` writes the pictures and ``reviewed.csv`` beside them: hashes, and the
findings of ``tests/site/reviewed.csv`` where the picture is still the same. Hashes of files, sizes and today's date are hidden, as
they say nothing of the looks and differ from day to day. Letters are drawn by the machine: its Chromium and its font are recorded.
"""

from __future__ import annotations

import csv
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, fields, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from served_world import library_of, published, serving

REVIEWED = Path(__file__).with_name("reviewed.csv")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
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
    "wrong query": "/v0-2-0?sql=select+trusts+from+tiny_responses",
    "not found": "/nothing",
    "withdrawn": "/releases/0.0.1/",
}
LOOKS = (("en", 1280, "light"), ("ru", 390, "dark"))
STILL = "code.hash, td.n, span.n, time { visibility: hidden !important; }"


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture and what was found in it."""

    kind: str
    language: str
    width: int
    scheme: str
    chromium: str
    font: str
    sha256: str
    finding: str = ""

    @property
    def key(self) -> tuple[str, str]:
        return self.kind, self.language

    @property
    def file(self) -> str:
        return f"{self.kind.replace(' ', '_')}-{self.width}.png"


def address(kind: str, language: str) -> str:
    """Where ``kind`` stands in ``language``."""
    return KINDS[kind] if language == "en" else f"/{language}{KINDS[kind]}"


def font() -> str:
    """The font that stands for ``sans-serif`` on this machine."""
    found = shutil.which("fc-match")
    return subprocess.run([found, "sans-serif"], capture_output=True, text=True, check=True).stdout.strip() if found else ""


def take(browser: Any, site: str, folder: Path, kinds: Iterable[str] = KINDS) -> Iterator[Picture]:
    """Writes a picture of each of ``kinds`` in each look into ``folder``."""
    for language, width, scheme in LOOKS:
        context = browser.new_context(base_url=site, viewport={"width": width, "height": 844}, color_scheme=scheme)
        page = context.new_page()
        for kind in kinds:
            page.goto(address(kind, language))
            content = page.screenshot(full_page=True, style=STILL, animations="disabled")
            taken = Picture(kind, language, width, scheme, browser.version, font(), sha256(content).hexdigest())
            (folder / taken.file).write_bytes(content)
            yield taken
        context.close()


def reviewed(path: Path = REVIEWED) -> dict[tuple[str, str], Picture]:
    """What was looked at, by kind and language."""
    with path.open(encoding="utf-8", newline="") as stream:
        rows = [Picture(**{**row, "width": int(row["width"])}) for row in csv.DictReader(stream)]  # type: ignore[arg-type]
    return {row.key: row for row in rows}


def main(folder: Path) -> None:
    from playwright.sync_api import sync_playwright

    folder.mkdir(parents=True, exist_ok=True)
    known = reviewed() if REVIEWED.is_file() else {}
    with tempfile.TemporaryDirectory() as world, serving(library_of(published(Path(world)))) as site, sync_playwright() as play:
        browser = play.chromium.launch(executable_path=shutil.which("chromium"), args=list(FLAGS))
        taken = list(take(browser, site, folder))
        browser.close()
    same = {each.key: known[each.key].finding for each in taken if each.key in known and known[each.key].sha256 == each.sha256}
    with (folder / REVIEWED.name).open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, [field.name for field in fields(Picture)], lineterminator="\n")
        writer.writeheader()
        writer.writerows(asdict(replace(each, finding=same.get(each.key, ""))) for each in taken)
    print(f"{len(same)} of {len(taken)} pictures are as they were reviewed")
    for each in taken:
        if each.key not in same:
            print(f"look at {folder / each.file}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
