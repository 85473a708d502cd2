"""How long the detectors take over a wide export, beside running the same patterns cell by cell in Python.

    python benchmarks/detectors.py [rows] [columns]

Prints CPU seconds, the ratio of the two per cell, and the peak memory of the process.
"""

from __future__ import annotations

import random
import re
import resource
import sys
import time

import polars as pl

from panelpress.model.delivery import Contract, ContractColumn, RawColumn, RawTable
from panelpress.raw.detectors.patterns import PATTERNS
from panelpress.raw.detectors.scan import scan


def wide_export(rows: int, columns: int) -> RawTable:
    """Nine in ten columns hold codes, the rest numbers, ids, dates and comments that differ from row to row."""
    draw = random.Random(20240131)
    words = ["we", "left", "after", "Tbilisi", "работа", "виза", "kids", "rent", "учёба", "friends", "never", "maybe"]
    makers = (
        lambda row: str(draw.randrange(10**4, 10**7)),
        lambda row: f"T{row:08d}",
        lambda row: f"2023-0{1 + row % 9}-{1 + row % 28:02d} 12:{row % 60:02d}:{row % 59:02d}",
        lambda row: " ".join(draw.choices(words, k=draw.randrange(3, 25))),
    )
    data = {}
    for number in range(columns):
        if number % 10:
            data[f"q{number}"] = draw.choices(["1", "2", "3", "4", "5", "98", None], k=rows)
        else:
            data[f"q{number}"] = [makers[number // 10 % len(makers)](row) for row in range(rows)]
    data[f"q{columns - 1}"] = [None] * (rows - 1) + ["SW1A 1AA"]
    data["country"] = draw.choices(["GE", "AM", "DE", "RS", "TR"], k=rows)
    frame = pl.DataFrame(data, schema=dict.fromkeys(data, pl.String))
    return RawTable("plain_csv", tuple(RawColumn(name) for name in frame.columns), frame, rows_in=rows)


def cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def cell_by_cell(raw: RawTable, columns: int) -> float:
    """CPU seconds a million cells for Python's ``re`` over every cell of the first ``columns`` columns."""
    patterns = [re.compile(each.regex.replace(r"\p{L}", "a-zа-я")) for each in PATTERNS[:5]]
    before, cells = cpu(), 0
    for name in raw.data.columns[:columns]:
        for value in raw.data.get_column(name).drop_nulls().to_list():
            cells += 1
            for pattern in patterns:
                pattern.search(value)
    return (cpu() - before) / cells * 1e6


def main() -> None:
    rows, columns = (int(each) for each in [*sys.argv[1:], "50000", "400"][:2])
    raw = wide_export(rows, columns)
    contract = Contract(
        "s", "w", "plain_csv", tuple(ContractColumn(name, "plain") for name in raw.data.columns), country_column="country"
    )
    made = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    wall, before = time.perf_counter(), cpu()
    hits = scan(raw, contract)
    spent, took = cpu() - before, time.perf_counter() - wall
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    leak = [hit for hit in hits if hit.column == f"q{columns - 1}"]
    alternative = cell_by_cell(raw, 11)
    per_million = spent / (rows * columns) * 1e6
    print(f"cells {rows} x {columns}: {spent:.1f} CPU s, {took:.1f} s elapsed, all detectors")
    print(f"a million cells: {per_million:.2f} CPU s; Python's re, five of the patterns, cell by cell: {alternative:.2f} CPU s")
    print(f"ratio {alternative / per_million:.0f}; one postal code in the last column found: {bool(leak)}")
    print(f"peak memory {peak / 1024:.0f} MB, of which the table itself {made / 1024:.0f} MB")


if __name__ == "__main__":
    main()
