"""Fixtures that every test may use."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

# The same examples in every run, so that a red run means a changed program; PANELPRESS_RANDOM=1 looks for new ones.
settings.register_profile("repeatable", derandomize=True)
if not os.environ.get("PANELPRESS_RANDOM"):
    settings.load_profile("repeatable")

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def repository() -> Path:
    """The checkout that these tests belong to."""
    return ROOT


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Real data of other surveys, kept beside the checkout and never inside it."""
    folder = Path(os.environ.get("PANELPRESS_SHARED_DATA", ROOT.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip("the folder with real test data is not beside this checkout")
    return folder


@pytest.fixture(scope="session")
def shared_reference() -> Path:
    """The source documents and what was extracted from them, kept beside the checkout."""
    folder = Path(os.environ.get("PANELPRESS_SHARED_REFERENCE", ROOT.parent / "shared" / "reference"))
    if not folder.is_dir():
        pytest.skip("the folder with reference documents is not beside this checkout")
    return folder
