"""Great Expectations' own pages of a run, made harmless: nothing is loaded from elsewhere, nothing is sent.

As they come, these pages load from six hosts and fetch a tracking image. They stay in the private work folder; the gate's report
(``report``) is the page for people.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

_FETCHING = re.compile(
    r"<script\b[^>]*>.*?</script>|<link\b[^>]*>|<img\b[^>]*>|<iframe\b[^>]*>.*?</iframe>|<form\b[^>]*>.*?</form>|@import[^;]*;",
    re.DOTALL | re.IGNORECASE,
)
_ADDRESS = re.compile(r"""\s(?:href|src|action|srcset|data-[a-z-]*)\s*=\s*(?:"[^"]*//[^"]*"|'[^']*//[^']*')""", re.IGNORECASE)
_BARE = re.compile(r"https?://[^\s\"'<>)]+|url\([^)]*//[^)]*\)", re.IGNORECASE)


def stripped(page: str) -> str:
    """``page`` without scripts, images, style sheets from elsewhere, and addresses."""
    return _BARE.sub("", _ADDRESS.sub("", _FETCHING.sub("", page)))


def write_data_docs(results: Mapping[str, Any], folder: Path) -> tuple[Path, ...]:
    """One page a summary table in the private ``folder``."""
    renderer: Any = import_module("great_expectations.render.renderer")
    view: Any = import_module("great_expectations.render.view")
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    written = []
    for table, result in results.items():
        page = view.DefaultJinjaPageView().render(renderer.ValidationResultsPageRenderer().render(result))
        path = folder / f"{table}.html"
        path.write_text(stripped(page), encoding="utf-8")
        written.append(path)
    return tuple(written)
