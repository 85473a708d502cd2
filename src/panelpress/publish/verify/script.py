"""Puts ``verify.py`` into a release: the file ``standalone`` as it stands, so that what the tests test is what people get."""

from __future__ import annotations

from pathlib import Path

import duckdb

from panelpress.model.release import Edition
from panelpress.publish.verify import standalone

FILE = "verify.py"


def write(edition: Edition, rows: duckdb.DuckDBPyConnection, folder: Path) -> tuple[Path, ...]:
    """Write ``verify.py``."""
    path = folder / FILE
    path.write_bytes(Path(standalone.__file__).read_bytes())
    return (path,)
