"""The codebook of 300 variables x 5 waves in two languages: CPU seconds, wall seconds and peak memory. Must: below 5 s.

python benchmarks/codebook.py [rows a wave]          (default 4,000 persons in each of 5 waves)
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb

from panelpress.model.missing import MissingReason, MissingReasons
from panelpress.model.project import Contributor, Licence, ProjectFacts
from panelpress.model.release import Edition
from panelpress.model.study import Study, Wave
from panelpress.model.text import LocalText
from panelpress.model.variable import Category, Variable, VariableType, WaveRule
from panelpress.publish.codebook import distributions, pages, workbook
from panelpress.schemas.tables import persons_table, responses_table

VARIABLES, WAVES = 300, 5


def both(word: str) -> LocalText:
    return LocalText({"en": word, "ru": f"{word} по-русски"})


def edition_of(n: int) -> tuple[Edition, duckdb.DuckDBPyConnection]:
    """Nine of ten variables have seven codes, the tenth is a number; one answer in ten is missing."""
    waves = tuple(Wave(f"w{i}", "big", both(f"Wave {i}"), "2022", "2022") for i in range(1, WAVES + 1))
    study = Study("big", both("Big study"), waves)
    missing = MissingReasons(
        (MissingReason(-2, ".r", "refused", "item", "refused"), MissingReason(-6, ".s", "skipped", "item", "skipped"))
    )
    codes = tuple(Category(i, both(f"A rather typical answer text, number {i}")) for i in range(1, 8))
    rules = {wave.id: WaveRule(wave.id, "complete", source=(f"q_{wave.id}",), copy=True) for wave in waves}

    def variable(number: int) -> Variable:
        kind: VariableType = "integer" if number % 10 == 9 else "ordinal"
        facts: dict[str, Any] = {"minimum": "0"} if kind == "integer" else {"categories": codes}
        label = both(f"Variable number {number}")
        return Variable(f"x{number}", label, f"group_{number // 25}", kind, "open", rules, question=both("A question?"), **facts)

    variables = tuple(variable(number) for number in range(VARIABLES))
    cells = []
    for number, each in enumerate(variables):
        drawn = f"hash(i * 977 + w * 31 + {number})"
        value = f"({drawn} // 100 % 90)::BIGINT" if each.type == "integer" else f"1 + ({drawn} // 100 % 7)::INTEGER"
        cells.append(f"CASE WHEN {drawn} % 10 > 0 THEN {value} END AS {each.id}")
        cells.append(f"CASE WHEN {drawn} % 10 = 0 THEN 'refused' END AS {each.id}__why")
    rows = duckdb.connect(":memory:")
    rows.execute(
        f"CREATE TABLE big_responses AS SELECT 'p' || i AS person_id, 'w' || w AS wave, {', '.join(cells)} "
        f"FROM range({n}) a(i), range(1, {WAVES + 1}) b(w)"
    )
    rows.execute(
        "CREATE TABLE big_persons AS SELECT person_id, string_agg(wave, ' ') AS participation, count(*) AS n_waves, "
        "min(wave) AS first_wave FROM big_responses GROUP BY person_id"
    )
    project = ProjectFacts(
        "bench",
        both("Bench"),
        both("Bench"),
        True,
        ("en", "ru"),
        Licence("CC-BY-4.0", "CC BY", "https://example.org"),
        (Contributor("x", "author"),),
    )
    tables = (responses_table(study, variables, missing), persons_table(study))
    return Edition("0.1.0", "2026-01-31", "open", project, (study,), variables, missing, (), tables, {}), rows


def main() -> None:
    n = int(sys.argv[1]) if len(sys.argv) > 1 else 4_000
    edition, rows = edition_of(n)
    with tempfile.TemporaryDirectory() as folder:
        wall, used = time.perf_counter(), cpu()
        edition = replace(edition, tables=(*edition.tables, *distributions.contribute(edition, rows)))
        counted = cpu() - used
        pages.write(edition, rows, Path(folder))
        workbook.write(edition, rows, Path(folder))
        wall, used = time.perf_counter() - wall, cpu() - used
        size = sum(path.stat().st_size for path in Path(folder).rglob("*") if path.is_file())
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(f"{VARIABLES} variables x {WAVES} waves, {n * WAVES:,} responses, two languages, {size / 1e6:.1f} MB written")
    print(f"{used:.1f} CPU s ({counted:.1f} of them the table distributions), {wall:.1f} s wall, {peak:.2f} GB")


def cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main()
