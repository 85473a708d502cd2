"""A project of one study with a private key, and no key or work folder of the user who runs the tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from panelpress.paths import Places
from panelpress.raw.key import PseudonymKey, new_key


@pytest.fixture
def places(tmp_path: Path) -> Places:
    (tmp_path / "checkout" / "publish").mkdir(parents=True)
    return Places(root=tmp_path / "checkout", work=tmp_path / "work")


@pytest.fixture
def key() -> PseudonymKey:
    return new_key()


@pytest.fixture(autouse=True)
def no_key_of_the_user(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("PANELPRESS_KEY", raising=False)
    monkeypatch.delenv("PANELPRESS_WORK", raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
