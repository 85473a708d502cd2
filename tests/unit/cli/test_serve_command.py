"""``panelpress serve``: says where it listens, on this machine alone unless asked, and hands over to the server."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from projects import command


def test_serve_tells_people_and_machines_where_it_listens(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[list[str]] = []
    monkeypatch.setattr(os, "execv", lambda _, words: started.append(words))
    monkeypatch.setenv("PANELPRESS_PROJECT", "")
    assert command(tmp_path, "serve").output.strip() == "http://127.0.0.1:8001/"
    told = json.loads(command(tmp_path, "serve", "--port", "8123", "--json").stdout)
    assert told == {"ok": True, "url": "http://127.0.0.1:8123/"}
    assert [words[words.index("--port") + 1] for words in started] == ["8001", "8123"]
    assert os.environ["PANELPRESS_PROJECT"] == str(tmp_path)
