"""Describing a wide export, beside the profile that pandas and DuckDB give of it: CPU seconds and peak memory.

python benchmarks/describe.py          (50,000 rows x 400 columns; ROWS=... COLUMNS=... for others)

The export is CSV UTF-8 (about 100 MB): padded ids, closed questions with numbers and with texts, ages, comments. Each way runs in
a process of its own. Must: described in less than 20 CPU seconds and 1 GB.
"""

from __future__ import annotations

import csv
import os
import random
import tempfile
from collections.abc import Callable
from pathlib import Path

from measure import begin, contenders

CODES = ([str(i) for i in range(1, 6)], ["Yes", "No", ""], [str(i) for i in range(18, 90)], ["Agree", "Neutral", "Disagree", ""])
WORDS = ["the", "of", "and", "to", "in", "we", "my", "work", "home", "city", "friend", "money", "language", "papers", "life"]
COMMENT_EVERY = 40
ROWS, COLUMNS = int(os.environ.get("ROWS", "50000")), int(os.environ.get("COLUMNS", "400"))


def write_export(path: Path, rows: int, columns: int) -> None:
    draw = random.Random(1)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["token", *(f"q{i}" for i in range(1, columns))])
        for row in range(rows):
            cells = [
                " ".join(draw.choices(WORDS, k=8)) if i % COMMENT_EVERY == 0 else draw.choice(CODES[i % len(CODES)])
                for i in range(1, columns)
            ]
            writer.writerow([f"{row:07d}", *cells])


def with_panelpress(path: Path) -> int:
    from panelpress.raw.describe import describe_file
    from panelpress.raw.drafting.contract import draft_contract

    described = describe_file(path)
    draft_contract(described, "big", "w1")
    return len(described.columns)


def with_pandas(path: Path) -> int:
    import pandas as pd

    frame = pd.read_csv(path, dtype=str, keep_default_na=False)
    frame.describe()
    return sum(1 for name in frame if len(frame[name].value_counts()))


def with_duckdb(path: Path) -> int:
    import duckdb

    return len(duckdb.sql(f"SUMMARIZE SELECT * FROM read_csv('{path}', all_varchar = true)").fetchall())


WAYS = {"panelpress": with_panelpress, "pandas": with_pandas, "duckdb": with_duckdb}


def export() -> Path:
    """The export, written once a machine and size."""
    path = Path(tempfile.gettempdir()) / f"panelpress-describe-{ROWS}-{COLUMNS}.csv"
    if not path.exists():
        write_export(path.with_suffix(".part"), ROWS, COLUMNS)
        path.with_suffix(".part").rename(path)
    return path


def measured(way: Callable[[Path], int]) -> Callable[[], dict[str, object]]:
    def contender() -> dict[str, object]:
        path = export()
        begin()
        return {"columns": way(path), "mb": round(path.stat().st_size / 1e6)}

    return contender


if __name__ == "__main__":
    contenders(__file__, **{name: measured(way) for name, way in WAYS.items()})
