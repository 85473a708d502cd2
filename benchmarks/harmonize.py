"""The compiled crosswalk beside hand-written DuckDB SQL for the same recodes: 2,000,000 rows x 40 variables, and 10 M rows.

The hand-written contender is what a careful analyst would type: one CASE for the value and one for the reason a variable, over
the same table. Both write the result to a table of a fresh database file, in a connection as the build makes it. *whole_build*
is ``panelpress build`` without the command: the same rows as the CSV that intake writes, loaded, harmonized and put through
every built-in check. Run: ``python benchmarks/harmonize.py``; PANELPRESS_BENCHMARK_ROWS sets the rows, an argument one contender.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from pathlib import Path

import duckdb

from measure import begin, contenders
from panelpress.build.harmonize import harmonize
from panelpress.build.load import BUILD_MEMORY, connect
from panelpress.build.secure import build_secure
from panelpress.model.missing import MissingReason, MissingReasons
from panelpress.model.study import Study, Wave
from panelpress.model.text import LocalText
from panelpress.model.variable import Category, Variable, WaveRule
from panelpress.paths import Places
from panelpress.schemas.crosswalk import Crosswalk

ROWS = int(os.environ.get("PANELPRESS_BENCHMARK_ROWS", "2000000"))
TEXT = LocalText({"en": "x"})
VARIABLES = 40


def data() -> Path:
    """A Parquet file of raw codes as text, made once a size: 40 columns of 6 codes, 99 and blanks."""
    path = Path(tempfile.gettempdir()) / f"panelpress-benchmark-{ROWS}.parquet"
    if not path.exists():
        cells = ", ".join(
            f"CASE WHEN h % 13 = {n % 13} THEN NULL WHEN h % 17 = {n % 17} THEN '99' ELSE CAST((h >> {n}) % 6 + 1 AS VARCHAR) END AS q{n}"
            for n in range(VARIABLES)
        )
        duckdb.execute(
            f"COPY (SELECT 'p' || i AS person_id, 'r' || i AS record_id, {cells} FROM (SELECT i, hash(i) AS h FROM range({ROWS}) t(i))) "
            f"TO '{path}.part' (FORMAT parquet)"
        )
        Path(f"{path}.part").rename(path)
    return path


def loaded() -> duckdb.DuckDBPyConnection:
    folder = fresh_folder()
    rows = connect(folder / "out.duckdb", folder / "spill", BUILD_MEMORY)
    rows.execute(f"CREATE VIEW raw.s_w AS SELECT * FROM read_parquet('{data()}')")
    begin()
    return rows


def fresh_folder() -> Path:
    """A folder that goes with the process; ten million rows fill some gigabytes of it."""
    folder = Path(tempfile.mkdtemp(prefix="panelpress-benchmark-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def declared() -> Crosswalk:
    """One study of one wave, 40 ordinal variables, each answer order reversed."""
    categories = tuple(Category(code, TEXT) for code in range(1, 7))
    variables = []
    for n in range(VARIABLES):
        codes = tuple((str(code), 7 - code) for code in range(1, 7))
        rule = WaveRule("w", "complete", source=(f"q{n}",), value_map=codes, missing_map=(("99", "refused"), (None, "skipped")))
        variables.append(Variable(f"v{n}", TEXT, "c", "ordinal", "open", {"w": rule}, categories=categories))
    missing = MissingReasons(
        tuple(
            MissingReason(-n, f".{chr(96 + n)}", reason, "item", "") for n, reason in enumerate(("refused", "skipped"), start=1)
        )
    )
    study = Study("s", TEXT, (Wave("w", "s", TEXT, "2022", "2022"),))
    return Crosswalk(tuple(variables), (study,), missing, ())


def compiled() -> dict[str, object]:
    crosswalk = declared()
    rows = loaded()
    harmonize(rows, crosswalk.studies[0], crosswalk.variables, crosswalk.missing)
    return checksum(rows, "s_responses")


def whole_build() -> dict[str, object]:
    folder = fresh_folder()
    places = Places(folder, folder / "work")
    places.waves_work.mkdir(parents=True)
    wave = places.wave_file("s", "w")
    duckdb.execute("SET memory_limit = '400MB'; SET threads = 1")
    duckdb.execute(f"COPY (FROM '{data()}') TO '{wave}' (FORMAT csv, HEADER)")
    begin()
    built = build_secure(places, declared(), (), (), "benchmark")
    rows = duckdb.connect(str(places.secure_database), read_only=True)
    return {**checksum(rows, "s_responses"), "checks": len(built.findings), "failed": sum(each.failed for each in built.findings)}


def hand_written() -> dict[str, object]:
    cells = []
    for n in range(VARIABLES):
        arms = " ".join(f"WHEN '{code}' THEN {7 - code}" for code in range(1, 7))
        cells.append(
            f"CASE q{n} {arms} END AS v{n}, CASE WHEN q{n} = '99' THEN 'refused' WHEN q{n} IS NULL THEN 'skipped' END AS v{n}__why"
        )
    rows = loaded()
    rows.execute(f"CREATE TABLE s_responses AS SELECT person_id, 'w' AS wave, {', '.join(cells)} FROM raw.s_w")
    return checksum(rows, "s_responses")


def checksum(rows: duckdb.DuckDBPyConnection, table: str) -> dict[str, object]:
    sums = ", ".join(f"sum(v{n}), count(v{n}__why)" for n in range(VARIABLES))
    found = rows.execute(f"SELECT count(*), {sums} FROM {table}").fetchall()[0]
    return {"rows": found[0], "checksum": hash(found) % 10**6}


if __name__ == "__main__":
    data()
    contenders(__file__, hand_written=hand_written, compiled=compiled, whole_build=whole_build)
