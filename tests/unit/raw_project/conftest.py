"""The reference project's own code (``raw/``) is no package of the engine: put it on the path for its tests."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "raw"))


@pytest.fixture(scope="session")
def simulate() -> ModuleType:
    """``raw/simulate.py`` loaded by path, as the engine loads it."""
    spec = importlib.util.spec_from_file_location("simulate", ROOT / "raw" / "simulate.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def deliveries(simulate: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with all deliveries of seed 1."""
    folder = tmp_path_factory.mktemp("deliveries")
    simulate.main(folder, seed=1)
    return folder
