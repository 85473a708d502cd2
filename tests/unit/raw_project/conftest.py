"""The reference project's own code (``raw/``) is no package of the engine: put it on the path for its tests."""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "raw"))
