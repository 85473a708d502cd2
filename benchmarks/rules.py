"""The compiled rules beside hand-written DuckDB SQL and beside frictionless, on 1,000,000 rows x 40 columns with known errors.

About one row in a hundred breaks each of five kinds of rule. All contenders count the same kinds; the table ends with the counts,
which must be equal. ``from_csv`` reads the published CSV with declared types first, as frictionless must. Run:
``python benchmarks/rules.py`` (rows: PANELPRESS_BENCHMARK_ROWS). ``python benchmarks/rules.py wide`` runs all stages on 20,000 x 392.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections import Counter
from dataclasses import replace
from pathlib import Path

import duckdb

from measure import begin, contenders, run
from panelpress.model.findings import Finding
from panelpress.model.missing import MissingReason, MissingReasons
from panelpress.model.project import Contributor, Licence, ProjectFacts
from panelpress.model.release import Edition, PublishedFile
from panelpress.model.rules import Rules
from panelpress.model.study import Study, Wave
from panelpress.model.text import LocalText
from panelpress.model.variable import Category, Variable, WaveRule
from panelpress.schemas.constraints import of_table
from panelpress.schemas.table_schema import table_schema
from panelpress.schemas.tables import responses_table

ROWS = int(os.environ.get("PANELPRESS_BENCHMARK_ROWS", "1000000"))
TEXT = LocalText({"en": "x"})
COUNTRIES = tuple(f"C{n:02d}" for n in range(30))
MISSING = MissingReasons(
    tuple(MissingReason(-at, f".{chr(97 + at)}", f"reason_{chr(97 + at)}", "item", "") for at in range(1, 13))
)
KINDS = ("codes", "range", "key_unique")


def edition(likert: int) -> Edition:
    """One study of four waves: a country, an age, an income and ``likert`` five-point items, two columns each, and the keys."""
    waves = tuple(Wave(f"w{n}", "s", TEXT, "2022", "2022") for n in range(1, 5))
    study = Study("s", TEXT, waves)
    rules = {wave.id: WaveRule(wave.id, "complete") for wave in waves}
    points = tuple(Category(n, TEXT) for n in range(1, 6))
    country = Variable("country", TEXT, "c", "nominal", "open", rules, categories=tuple(Category(c, TEXT) for c in COUNTRIES))
    age = Variable("age", TEXT, "c", "integer", "open", rules, minimum="18", maximum="99")
    income = Variable("income", TEXT, "c", "decimal", "open", rules, minimum="0")
    items = tuple(Variable(f"v{n}", TEXT, "c", "ordinal", "open", rules, categories=points) for n in range(likert))
    variables = (country, age, income, *items)
    table = replace(responses_table(study, variables, MISSING), foreign_keys=())
    project = ProjectFacts(
        "bench", TEXT, TEXT, True, ("en",), Licence("CC0-1.0", "x", "https://example.org"), (Contributor("x", "author"),)
    )
    return Edition("0.1.0", "2026-01-31", "open", project, (study,), variables, MISSING, (), (table,), {})


def folder(rows: int, likert: int, dirty: bool) -> Path:
    """A DuckDB file and a CSV of the table, made once a size."""
    place = Path(tempfile.gettempdir()) / f"panelpress-rules-{rows}-{likert}-{dirty}"
    if (place / "done").exists():
        return place
    place.mkdir(exist_ok=True)
    (place / "t.duckdb").unlink(missing_ok=True)
    wrong = "h % 100 = 7" if dirty else "FALSE"
    cells = [
        f"CASE WHEN h % 10 = 1 THEN NULL WHEN {wrong} THEN 'ZZ' ELSE 'C' || lpad(CAST(h % 30 AS VARCHAR), 2, '0') END AS country",
        "CASE WHEN h % 10 = 1 THEN 'reason_b' END AS country__why",
        f"CASE WHEN {wrong.replace('= 7', '= 8')} THEN 17 ELSE 18 + h % 80 END AS age, CAST(NULL AS VARCHAR) AS age__why",
        f"CAST(CASE WHEN {wrong.replace('= 7', '= 9')} THEN -1.5 ELSE h % 5000 END AS DECIMAL(10, 2)) AS income",
        "CAST(NULL AS VARCHAR) AS income__why",
    ]
    for n in range(likert):
        blank = f"(h >> {n % 50}) % 11 = {n % 11}"
        odd = f"WHEN (h >> {n % 50}) % 997 = 5 THEN 6" if dirty and n % 4 == 0 else ""
        cells.append(f"CASE WHEN {blank} THEN NULL {odd} ELSE CAST(1 + (h >> {n % 50}) % 5 AS INTEGER) END AS v{n}")
        cells.append(f"CASE WHEN {blank} THEN 'reason_c' END AS v{n}__why")
    twice = "CASE WHEN i % 101 = 100 THEN i - 1 ELSE i END" if dirty else "i"
    made = duckdb.connect(str(place / "t.duckdb"))
    made.execute(
        f"CREATE TABLE s_responses AS SELECT 'p' || (k // 4) AS person_id, 'w' || (1 + k % 4) AS wave, {', '.join(cells)} "
        f"FROM (SELECT i, {twice} AS k, hash(i) AS h FROM range({rows}) t(i)) ORDER BY 1, 2"
    )
    (place / "data" / "csv").mkdir(parents=True, exist_ok=True)
    made.execute(f"COPY s_responses TO '{place / 'data' / 'csv' / 's_responses.csv'}' (HEADER)")
    made.close()
    (place / "done").touch()
    return place


def kinds(findings: list[Finding]) -> dict[str, object]:
    """Failures by kind, of the kinds that all contenders can count."""
    counted: Counter[str] = Counter()
    for each in findings:
        counted[each.rule.partition(".")[2]] += each.n_failed
    return {kind: counted[kind] for kind in KINDS}


LIKERT = 16  # with the keys, the country, the age and the income: 40 columns


def opened() -> duckdb.DuckDBPyConnection:
    rows = duckdb.connect(str(folder(ROWS, LIKERT, True) / "t.duckdb"), read_only=True)
    rows.execute("SET threads = 2")
    return rows


def by_hand() -> dict[str, object]:
    rows = opened()
    begin()
    reasons = ", ".join(f"'{each.reason}'" for each in MISSING)
    countries = ", ".join(f"'{each}'" for each in COUNTRIES)
    names = ["country", "age", "income", *(f"v{n}" for n in range(LIKERT))]
    tests = ["wave NOT IN ('w1', 'w2', 'w3', 'w4')", f"country NOT IN ({countries})"]
    tests += [f"v{n} NOT IN (1, 2, 3, 4, 5)" for n in range(LIKERT)] + [f"{name}__why NOT IN ({reasons})" for name in names]
    ranges = ["age < 18 OR age > 99", "income < 0"]
    others = [f"({name} IS NULL) = ({name}__why IS NULL)" for name in names] + [
        "person_id IS NULL OR wave IS NULL",
        "person_id = ''",
    ]
    counted = ", ".join(f"count(*) FILTER (WHERE {test})" for test in (*tests, *ranges, *others))
    answer = rows.execute(f"SELECT {counted} FROM s_responses").fetchall()[0]
    keys = (
        "SELECT coalesce(sum(n - 1), 0) FROM (SELECT count(*) AS n FROM s_responses GROUP BY person_id, wave HAVING count(*) > 1)"
    )
    twice = rows.execute(keys).fetchall()[0][0]
    return {
        "codes": sum(answer[: len(tests)]),
        "range": sum(answer[len(tests) : len(tests) + len(ranges)]),
        "key_unique": int(twice),
    }


def compiled() -> dict[str, object]:
    from panelpress.validation.duckdb_checks import count

    rows = opened()
    begin()
    return kinds(count(rows, '"s_responses"', of_table(edition(LIKERT).tables[0])))


def from_csv() -> dict[str, object]:
    from panelpress.validation.duckdb_checks import count

    path = folder(ROWS, LIKERT, True) / "data" / "csv" / "s_responses.csv"
    table = edition(LIKERT).tables[0]
    types = {"integer": "BIGINT", "number": "DECIMAL(10, 2)"}
    columns = ", ".join(f"'{each.name}': '{types.get(each.type, 'VARCHAR')}'" for each in table.fields)
    rows = duckdb.connect(":memory:")
    rows.execute("SET threads = 2; SET preserve_insertion_order = false")
    begin()
    rows.execute(
        f"CREATE TABLE s_responses AS FROM read_csv('{path}', header = true, columns = {{{columns}}}, auto_detect = false)"
    )
    return kinds(count(rows, '"s_responses"', of_table(table)))


def by_frictionless() -> dict[str, object]:
    from panelpress.validation import frictionless_checks

    path = folder(ROWS, LIKERT, True) / "data" / "csv" / "s_responses.csv"
    frictionless_checks.MAX_CELLS = 10**12
    schema = table_schema(edition(LIKERT).tables[0])
    begin()
    return kinds(frictionless_checks.check_resource(path, schema, "package", "s_responses"))


def wide() -> dict[str, object]:
    """All stages on one clean release of 20,000 x 392, imports included: nothing was imported before this process began."""
    import json

    from panelpress.publish.versions.hashes import file_hash
    from panelpress.schemas.table_schema import csv_path, package
    from panelpress.validation.gate import decide
    from panelpress.validation.report.write import write_report
    from panelpress.validation.structure import check_package, check_tables
    from panelpress.validation.summary_checks import judge_summaries, summarize

    place = folder(20_000, 192, False)
    made = edition(192)
    rows = duckdb.connect(str(place / "t.duckdb"))
    rows.execute("SET threads = 2")
    table = made.tables[0]
    path = place / csv_path(table)
    described = PublishedFile(csv_path(table), "csv", path.stat().st_size, file_hash(path), table.name)
    (place / "datapackage.json").write_text(json.dumps(package(made, {table.name: described})), encoding="utf-8")
    found = check_tables(rows, made.tables)
    summaries = summarize(rows, made, Rules())
    found += judge_summaries(summaries, Rules(), place / "docs")
    found += check_package(place / "datapackage.json")
    report = decide(found, Rules(), run="bench", project="bench", version="0.1.0", day="2026-01-31")
    write_report(report, place / "reports", summaries)
    read = [each.message for each in found if each.rule == "package.read_in_full"]
    return {"columns": len(table.fields), "checks": len(found), "go": report.go, "read": read}


if __name__ == "__main__":
    if sys.argv[1:] == ["wide"]:
        folder(20_000, 192, False)
        measured = run(__file__, "wide_once")
        print(f"wide: {measured.cpu:.1f} CPU s, {measured.wall:.1f} s, {measured.peak_mb:.0f} MB, {measured.report}")
    else:
        if len(sys.argv) == 1:
            folder(ROWS, LIKERT, True)
        contenders(
            __file__,
            rounds=int(os.environ.get("PANELPRESS_BENCHMARK_ROUNDS", "1")),
            by_hand=by_hand,
            compiled=compiled,
            from_csv=from_csv,
            frictionless=by_frictionless,
            wide_once=wide,
        )
