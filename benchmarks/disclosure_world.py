"""Worlds for the benchmarks of disclosure control: UCI Adult with its given hierarchies (read from the folder of real data), the
same enlarged, and an invented linked panel. Rows are drawn with fixed seeds."""

from __future__ import annotations

import csv
import os
from pathlib import Path

import duckdb

from panelpress.model.disclosure import Hierarchy, Key, Level
from panelpress.model.missing import MissingReasons
from panelpress.model.study import Study, Wave
from panelpress.model.text import LocalText
from panelpress.model.variable import Category, Variable, WaveRule

DATA = Path(os.environ.get("PANELPRESS_SHARED_DATA", Path(__file__).resolve().parents[2] / "shared" / "data"))
ADULT = ("sex", "age", "race", "marital-status", "education", "native-country", "workclass", "occupation")
MISSING = MissingReasons(())
NOISE = 0.08  # at 3,000,000 rows 257,348 distinct tuples


def english(text: str) -> LocalText:
    return LocalText({"en": text})


def study(name: str, waves: int) -> Study:
    ids = tuple(f"w{number + 1}" for number in range(waves))
    return Study(name, english(name), tuple(Wave(each, name, english(each), "2000", "2000") for each in ids))


def adult_key(name: str) -> tuple[Key, Variable]:
    """A key of Adult with the hierarchy that came with the data; its last level, one star for all, is every key's own."""
    with (DATA / "adult" / f"adult_hierarchy_{name}.csv").open(newline="") as stream:
        rows = [row for row in csv.reader(stream, delimiter=";") if row]
    levels = tuple(
        Level(
            f"level_{depth}",
            english(str(depth)),
            tuple(Category(code, english(code)) for code in dict.fromkeys(row[depth] for row in rows)),
            {row[0]: row[depth] for row in rows},
        )
        for depth in range(1, len(rows[0]) - 1)
    )
    variable = Variable(
        id=name,
        label=english(name),
        concept="adult",
        type="nominal",
        tier="open",
        waves={"w1": WaveRule("w1", "complete", source=(name,))},
        categories=tuple(Category(row[0], english(row[0])) for row in rows),
    )
    return Key(name, "static", Hierarchy(name, levels) if levels else None), variable


def adult(rows: duckdb.DuckDBPyConnection, n: int | None = None, noise: float = NOISE) -> list[tuple[Key, Variable]]:
    """Fills ``adult_responses`` with Adult, or with ``n`` persons drawn from it whose cells are each, with probability
    ``noise``, taken from another person. Answers the keys with their variables."""
    keys = [adult_key(name) for name in ADULT]
    file = DATA / "adult" / "adult.csv"
    columns = ", ".join(f'"{name}"' for name in ADULT)
    rows.execute(
        f"CREATE OR REPLACE TABLE given AS SELECT row_number() OVER () - 1 AS n, {columns} "
        f"FROM read_csv('{file}', delim=';', header=true, all_varchar=true)"
    )
    cells = ", ".join(f'"{name}", NULL::VARCHAR AS "{name}__why"' for name in ADULT)
    source = "given"
    if n is not None:
        total = rows.execute("SELECT count(*) FROM given").fetchall()[0][0]
        picks = ", ".join(
            f"CASE WHEN hash(i, {place}, 1) % 1000000 < {int(noise * 1_000_000)} THEN hash(i, {place}, 2) ELSE hash(i, 3) END % {total} AS g{place}"
            for place in range(len(ADULT))
        )
        joins = " ".join(f"JOIN given AS d{place} ON d{place}.n = g{place}" for place in range(len(ADULT)))
        drawn = ", ".join(f'd{place}."{name}"' for place, name in enumerate(ADULT))
        rows.execute(
            f"CREATE OR REPLACE TABLE drawn AS SELECT i AS n, {drawn} FROM (SELECT i, {picks} FROM range({n}) AS t(i)) {joins}"
        )
        source = "drawn"
    rows.execute(f"CREATE OR REPLACE TABLE adult_responses AS SELECT n AS person_id, 'w1' AS wave, {cells} FROM {source}")
    return keys


# The invented panel: (key, kind, number of codes, skew of the codes, share of persons who change between waves, hierarchy).
PANEL = (
    ("gender", "static", 2, 0.1, 0.0, ()),
    ("cohort", "static", 18, 0.1, 0.0, (6, 2)),
    ("origin", "static", 6, 0.4, 0.0, (3,)),
    ("education", "static", 6, 0.5, 0.0, (3, 2)),
    ("age", "varying", 60, 0.03, 0.9, (12, 6, 3)),
    ("country", "varying", 105, 0.25, 0.15, (20, 8, 4)),
    ("employment", "varying", 9, 0.4, 0.25, (4, 2)),
    ("income", "varying", 6, 0.3, 0.3, (3,)),
    ("marital", "varying", 4, 0.6, 0.05, (2,)),
    ("children", "varying", 2, 0.3, 0.03, ()),
)


def panel_key(name: str, kind: str, n: int, sizes: tuple[int, ...]) -> tuple[Key, Variable]:
    levels = tuple(
        Level(
            f"groups_{size}",
            english(f"{size} groups"),
            tuple(Category(100 * size + group, english(str(group))) for group in range(size)),
            {code: 100 * size + code * size // n for code in range(n)},
        )
        for size in sizes
    )
    variable = Variable(
        id=name,
        label=english(name),
        concept="panel",
        type="nominal",
        tier="open",
        waves={f"w{wave}": WaveRule(f"w{wave}", "complete", source=(name,)) for wave in (1, 2, 3)},
        categories=tuple(Category(code, english(str(code))) for code in range(n)),
    )
    return Key(name, kind, Hierarchy(name, levels) if levels else None), variable  # type: ignore[arg-type]


def panel_keys() -> list[tuple[Key, Variable]]:
    return [panel_key(name, kind, codes, sizes) for name, kind, codes, _, _, sizes in PANEL]


def panel(rows: duckdb.DuckDBPyConnection, n: int) -> list[tuple[Key, Variable]]:
    """Fills ``panel_responses`` with ``n`` invented persons, all of them in all three waves."""
    cells = []
    for place, (name, _, codes, skew, moves, _) in enumerate(PANEL):
        uniform = "(hash(i, {place}, {wave}) % 1000003) / 1000003.0"
        first = uniform.format(place=place, wave=0)
        later = " ".join(
            f"WHEN wave >= {wave} AND {uniform.format(place=place, wave=10 + wave)} < {moves} THEN {uniform.format(place=place, wave=wave)}"
            for wave in (2, 1)
        )
        # a geometric fall-off of the codes: the first is common, the last rare
        cells.append(
            f"least({codes - 1}, floor(ln(1 - (CASE {later} ELSE {first} END) * (1 - exp(-{skew} * {codes}))) / -{skew}))::INTEGER "
            f'AS "{name}", NULL::VARCHAR AS "{name}__why"'
        )
    rows.execute(
        f"CREATE OR REPLACE TABLE panel_responses AS SELECT 'p' || i AS person_id, 'w' || (wave + 1) AS wave, {', '.join(cells)} "
        f"FROM range({n}) AS t(i), range(3) AS v(wave)"
    )
    return panel_keys()
