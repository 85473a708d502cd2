"""Views of named samples and of trends: the same rows in both databases, and what a break excludes is left out and said."""

from __future__ import annotations

import sqlite3
from dataclasses import replace

import duckdb
import pytest

from panelpress.model.release import Edition
from panelpress.model.study import Sample, Wave
from panelpress.model.variable import WaveRule
from panelpress.publish.formats import duckdb as duckdb_format
from panelpress.publish.formats import sqlite
from panelpress.publish.tables.assemble import assemble
from panelpress.publish.tables.views.listed import contribute_views, views
from panelpress.publish.tables.views.trends import left_out
from panelpress.raw.key import PseudonymKey
from worlds import SAMPLES, STUDY, both, tiny_edition

KEY = PseudonymKey(bytes(range(7, 39)))
TREND = "tiny_responses__trend_trust_without_c"


def three_waves() -> tuple[Edition, duckdb.DuckDBPyConnection]:
    """The tiny world with a third wave, whose question about trust must not be compared with the first two."""
    edition, rows = tiny_edition()
    study = replace(STUDY, waves=(*STUDY.waves, Wave("c", "tiny", both("Third", "Третья"), "2023", "2023")))
    variables = []
    for variable in edition.variables:
        breaks = ("a", "b") if variable.id == "trust" else ()
        rule = WaveRule("c", "partial", source=("x",), copy=True, breaks_with=breaks, note=both("Other", "Иной"))
        variables.append(replace(variable, waves={**variable.waves, "c": rule}))
    rows.execute("INSERT INTO tiny_responses SELECT * REPLACE ('c' AS wave) FROM tiny_responses WHERE wave = 'a'")
    samples = (*SAMPLES, Sample("women", "tiny", both("Women", "Женщины"), "gender = 1 AND in_wave('b')"))
    plan = replace(edition, studies=(study,), variables=tuple(variables), samples=samples, tables=())
    made = assemble(rows, plan, KEY, contributors=(contribute_views,))
    return made.edition, made.rows


@pytest.fixture(scope="module")
def databases(tmp_path_factory: pytest.TempPathFactory) -> tuple[sqlite3.Connection, duckdb.DuckDBPyConnection]:
    edition, rows = three_waves()
    folder = tmp_path_factory.mktemp("release")
    (lite,), (duck,) = sqlite.write(edition, rows, folder), duckdb_format.write(edition, rows, folder)
    return sqlite3.connect(lite), duckdb.connect(str(duck), read_only=True)


def test_a_trend_leaves_out_the_wave_that_a_break_excludes(databases: tuple) -> None:
    query = f"SELECT wave, count(*), count(trust) FROM {TREND} GROUP BY wave ORDER BY wave"
    for database in databases:
        assert database.execute(query).fetchall() == [("a", 3, 2), ("b", 4, 4)]


def test_both_databases_say_what_a_trend_leaves_out(databases: tuple) -> None:
    small, large = databases
    said = "Trust in people: comparable waves a, b. Left out because the answers must not be compared: c."
    ((text,),) = small.execute("SELECT sql FROM sqlite_master WHERE name = ?", [TREND]).fetchall()
    assert said in text
    assert large.execute("SELECT comment FROM duckdb_views() WHERE view_name = ?", [TREND]).fetchall() == [(said,)]
    listed = "SELECT kind, study, variable, waves, left_out, description_en FROM views WHERE view = ?"
    for database in databases:
        assert database.execute(listed, [TREND]).fetchall() == [("trend", "tiny", "trust", "a b", "c", said)]


def test_every_view_of_the_list_is_there_and_no_other(databases: tuple) -> None:
    small, large = databases
    listed = {name for (name,) in small.execute("SELECT view FROM views").fetchall()}
    samples = {f"tiny_responses__sample_{sample}" for sample in ("everyone", "both_waves", "women")}
    assert listed == {TREND, *samples}
    assert listed == {name for (name,) in small.execute("SELECT name FROM sqlite_master WHERE type = 'view'").fetchall()}
    assert listed == {name for (name,) in large.execute("SELECT view_name FROM duckdb_views() WHERE NOT internal").fetchall()}


def test_a_sample_holds_the_rows_of_its_rule_in_both_databases(databases: tuple) -> None:
    for database in databases:
        counted = "SELECT wave, count(*) FROM tiny_responses__sample_both_waves GROUP BY wave ORDER BY wave"
        assert database.execute(counted).fetchall() == [("a", 3), ("b", 2), ("c", 3)]
        assert database.execute("SELECT count(*), min(gender), max(gender) FROM tiny_responses__sample_women").fetchall() == [
            (3, 1, 1)
        ]


def test_a_sample_of_a_variable_that_this_tier_recoded_has_no_view() -> None:
    edition, _ = three_waves()
    (table, *others) = edition.tables
    fields = tuple(replace(each, categories=each.categories[:1]) if each.name == "gender" else each for each in table.fields)
    names = {view.name for view in views(replace(edition, tables=(replace(table, fields=fields), *others)))}
    assert "tiny_responses__sample_women" not in names and "tiny_responses__sample_both_waves" in names


@pytest.mark.parametrize(
    ("pairs", "left"),
    [
        ((), ()),
        (("ab",), ("a",)),
        (("ac", "bc"), ("c",)),
        (("ac", "ad", "bc", "bd"), ("a", "b")),
        (("ab", "bc", "cd"), ("a", "c")),
        (("ab", "ac", "ad", "bc", "bd", "cd"), ("a", "b", "c")),
    ],
)
def test_the_fewest_and_earliest_waves_are_left_out(pairs: tuple[str, ...], left: tuple[str, ...]) -> None:
    assert left_out(frozenset(frozenset(pair) for pair in pairs), "abcd") == left
