"""SPSS and Stata export of a large panel table, beside bare pyreadstat on the same cells, in CPU seconds and peak memory.

Each run is a process of its own, so that the peak memory is its own. *Bare* hands pyreadstat a finished polars frame of plain
numbers and texts (what anybody would write who needs no reasons); *panelpress* starts from the database, folds reasons into
values, writes one language, tags Stata's missing values and stamps the file. For Stata a third run lets pyreadstat itself write
the tagged missing values, from pandas columns that mix numbers and letters: the only way that it offers.

    python benchmarks/formats.py [rows]          (default 1,000,000 rows x 100 variables)
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pyreadstat

from panelpress.model.missing import MissingReason, MissingReasons
from panelpress.model.project import Contributor, Licence, ProjectFacts
from panelpress.model.release import Edition
from panelpress.model.study import Study, Wave
from panelpress.model.text import LocalText
from panelpress.model.variable import Category, Variable, VariableType, WaveRule
from panelpress.publish.formats import spss, stata
from panelpress.publish.formats.dialects import SPSS
from panelpress.publish.formats.labelled import labelled_columns, select
from panelpress.schemas.tables import responses_table

CODED, NUMBERS, DECIMALS, TEXTS = 60, 20, 10, 10
MISSING_SHARE = 0.12
REASONS = (("dont_know", ".d"), ("refused", ".r"), ("not_asked", ".y"), ("skipped", ".s"), ("suppressed", ".x"))


def text(word: str) -> LocalText:
    return LocalText({"en": word})


def edition_of(n: int) -> tuple[Edition, duckdb.DuckDBPyConnection]:
    """A study of 100 variables, ``n`` rows, twelve answers in a hundred missing for one of five reasons."""
    study = Study("big", text("Big"), (Wave("w1", "big", text("One"), "2022", "2022"),))
    missing = MissingReasons(tuple(MissingReason(-i, stata, name, "item", name) for i, (name, stata) in enumerate(REASONS, 1)))
    codes = tuple(Category(i, text(f"Answer number {i}")) for i in range(1, 8))
    towns = tuple(Category(name, text(f"Town {name}")) for name in ("AAA", "BBB", "CCC", "DDD"))

    def variable(name: str, type: VariableType, **facts: Any) -> Variable:
        rule = WaveRule("w1", "complete", source=(name,), copy=True)
        return Variable(name, text(f"Variable {name}"), "bench", type, "open", {"w1": rule}, **facts)

    variables = (
        *(variable(f"v{i}", "ordinal", categories=codes) for i in range(CODED)),
        *(variable(f"n{i}", "integer", minimum="0", maximum="120") for i in range(NUMBERS)),
        *(variable(f"d{i}", "decimal", minimum="0") for i in range(DECIMALS)),
        *(variable(f"t{i}", "nominal", categories=towns) for i in range(TEXTS)),
    )
    table = responses_table(study, variables, missing)
    rows = duckdb.connect(":memory:")
    rows.execute("SET threads = 2")
    cells = []
    values = {"v": "1 + r % 7", "n": "r % 100", "d": "(r % 100000) / 100.0", "t": "['AAA', 'BBB', 'CCC', 'DDD'][1 + r % 4]"}
    types = {"v": "INTEGER", "n": "BIGINT", "d": "DECIMAL(18,2)", "t": "VARCHAR"}
    words = "[" + ", ".join(f"'{name}'" for name, _ in REASONS) + "]"
    for position, each in enumerate(variables):
        kind = each.id[0]
        drawn = f"hash(i * 101 + {position})"
        gone = f"{drawn} // 1000 % 1000 < {int(1000 * MISSING_SHARE)}"
        value = (
            values[kind].replace("r", f"({drawn} // 1000000)::BIGINT")
            if kind != "t"
            else values[kind].replace("r %", f"({drawn} // 1000000)::BIGINT %")
        )
        cells.append(f"CASE WHEN {gone} THEN NULL ELSE {value} END::{types[kind]} AS {each.id}")
        cells.append(f"CASE WHEN {gone} THEN {words}[1 + ({drawn} // 1000000 % 5)::BIGINT] END AS {each.id}__why")
    keys = "md5(i::VARCHAR) AS person_id, 'w1' AS wave"
    rows.execute(f"CREATE TABLE big_responses AS SELECT {keys}, {', '.join(cells)} FROM range({n}) t(i)")
    project = ProjectFacts(
        "bench",
        text("Bench"),
        text("Bench"),
        True,
        ("en",),
        Licence("CC-BY-4.0", "CC", "https://example.org"),
        (Contributor("x", "author"),),
    )
    return Edition("0.1.0", "2026-01-31", "open", project, (study,), variables, missing, (), (table,), {}), rows


def bare_frame(edition: Edition, rows: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """The finished cells as pyreadstat needs them; made before the clock starts."""
    table = edition.tables[0]
    return rows.sql(select(table, labelled_columns(table, edition.missing, SPSS))).pl()


def run(what: str, n: int) -> dict[str, float]:
    """CPU seconds and peak memory (GB) of one way to write one file."""
    edition, rows = edition_of(n)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "out"
        prepared: Any = None
        if what.startswith("bare"):
            prepared = bare_frame(edition, rows)
        if what == "bare stata, letters":
            prepared = letters(prepared, edition)
        started = cpu()
        if what == "bare spss":
            pyreadstat.write_sav(prepared, path.with_suffix(".zsav"), compress=True, variable_value_labels=labels(edition))
        elif what == "bare stata":
            pyreadstat.write_dta(prepared, path.with_suffix(".dta"), version=14, variable_value_labels=numbered(edition))
        elif what == "bare stata, letters":
            tags = {each.id: [one.stata[1] for one in edition.missing] for each in edition.variables if each.id[0] != "t"}
            path = path.with_suffix(".dta")
            pyreadstat.write_dta(prepared, path, version=14, variable_value_labels=numbered(edition), missing_user_values=tags)
        elif what == "panelpress spss":
            spss.write(edition, rows, Path(folder))
        else:
            stata.write(without_twins(edition), rows, Path(folder))
        seconds = cpu() - started
        size = sum(each.stat().st_size for each in Path(folder).rglob("*") if each.is_file())
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    return {"cpu": seconds, "peak": peak, "mb": size / 1e6}


def without_twins(edition: Edition) -> Edition:
    """Text codes without a code list, so that both sides write the same number of columns."""
    table = edition.tables[0]
    fields = tuple(replace(each, categories=()) if each.type == "string" else each for each in table.fields)
    return replace(edition, tables=(replace(table, fields=fields),))


def labels(edition: Edition) -> dict[str, dict[Any, str]]:
    return {each.id: {one.code: str(one.label) for one in each.categories} for each in edition.variables if each.categories}


def numbered(edition: Edition) -> dict[str, dict[Any, str]]:
    return {name: found for name, found in labels(edition).items() if name[0] == "v"}


def letters(frame: pl.DataFrame, edition: Edition) -> Any:
    by_code = {each.code: each.stata[1] for each in edition.missing}
    pandas = frame.to_pandas()
    for each in edition.variables:
        if each.id[0] != "t":
            plain = pandas[each.id].astype(object)
            for code, letter in by_code.items():
                plain[pandas[each.id] == code] = letter
            pandas[each.id] = plain
    return pandas


def cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def main() -> None:
    n = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    if len(sys.argv) > 2:
        print(json.dumps(run(sys.argv[2], n)))
        return
    ways = ("bare spss", "panelpress spss", "bare stata", "panelpress stata", "bare stata, letters")
    found: dict[str, dict[str, float]] = {}
    print(f"{n:,} rows x {CODED + NUMBERS + DECIMALS + TEXTS} variables; {time.strftime('%Y-%m-%d')}")
    for way in ways:
        done = subprocess.run([sys.executable, __file__, str(n), way], capture_output=True, text=True, check=True)
        found[way] = json.loads(done.stdout.splitlines()[-1])
        bare = found["bare " + way.split()[1].rstrip(",")]["cpu"]
        numbers = found[way]
        ratio = numbers["cpu"] / bare
        print(f"{way:<22} {numbers['cpu']:7.1f} CPU s  {ratio:5.2f} x bare  {numbers['peak']:5.2f} GB  {numbers['mb']:7.0f} MB")


if __name__ == "__main__":
    main()
