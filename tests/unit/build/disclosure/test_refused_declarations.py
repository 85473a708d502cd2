"""Input that peers crash on or protect less than they say: one clear error, or a NO-GO that names what cannot be kept."""

from __future__ import annotations

from dataclasses import replace

import duckdb
import pytest
from panels import MISSING, classes, cut, declare, fill, grouped, study, variable

from panelpress.build.disclosure.protect import protect
from panelpress.errors import BuildRefused
from panelpress.model.disclosure import Budget, DisclosureDeclaration, Floor, Key, StudyRules

WAVE = study(("a",))
GENDER = variable("gender", [1, 2], ("a",))


@pytest.fixture
def rows() -> duckdb.DuckDBPyConnection:
    return duckdb.connect()


def table(rows: duckdb.DuckDBPyConnection, n: int, cell: str, kind: str, why: str = "NULL") -> None:
    """``n`` persons with an income that SQL over ``n`` makes."""
    rows.execute(
        f"CREATE OR REPLACE TABLE tiny_responses AS SELECT 'p' || n AS person_id, 'a' AS wave, ({cell})::{kind} AS income, "
        f"({why})::VARCHAR AS income__why, 1 + n % 2 AS gender, NULL::VARCHAR AS gender__why FROM range({n}) AS t(n)"
    )


def test_nan_beside_null_is_refused_as_neither_value_nor_reason(rows: duckdb.DuckDBPyConnection) -> None:
    table(
        rows,
        40,
        "CASE n % 4 WHEN 0 THEN 'nan'::DOUBLE WHEN 1 THEN NULL ELSE n END",
        "DOUBLE",
        "CASE n % 4 WHEN 1 THEN 'refused' END",
    )
    income = variable("income", [], ("a",), type="decimal")
    with pytest.raises(BuildRefused, match="10 cells hold NaN"):
        protect(rows, WAVE, [income, GENDER], declare([Key("income", "varying")], 5), "open", MISSING)


def test_a_hundred_thousand_distinct_values_are_banded_or_left_out(rows: duckdb.DuckDBPyConnection) -> None:
    table(rows, 100_000, "n", "BIGINT")
    income = variable("income", [], ("a",), type="integer")
    banded = declare([Key("income", "varying", cut("halves", "50000")), Key("gender", "static")], 5)
    result = protect(rows, WAVE, [income, GENDER], banded, "open", MISSING)
    assert classes(rows, result.table, ["income", "gender"]) == [25_000] * 4
    bare = declare([Key("income", "varying"), Key("gender", "static")], 5, [Floor("everyone", "income", "as_is", 0.5)])
    result = protect(rows, WAVE, [income, GENDER], bare, "open", MISSING)
    assert result.refusals == ("the floor `income` at `as_is` in `everyone`: 100.0% of answers lost it, 50.0% may.",)
    assert classes(rows, result.table, result.keys)[0] >= 5


def budgeted(budget: Budget, k: int = 4) -> DisclosureDeclaration:
    region = Key("region", "varying", grouped("two", {1: 10, 2: 10, 3: 20, 4: 20}))
    declared = declare([region], k)
    rules = replace(declared.tiers["open"], studies={"tiny": StudyRules("tiny", budgets=(budget,))})
    return replace(declared, tiers={"open": rules})


@pytest.mark.parametrize(
    ("budget", "said"),
    [
        (Budget("everyone", ncp=0.3), "ncp is 0.333, 0.300 was declared"),
        (Budget("everyone", ncp=0.34), ""),
        (Budget("everyone", starred=0.0), ""),
        (Budget("everyone", withheld=0.0), ""),
    ],
)
def test_a_budget_is_held_or_named(rows: duckdb.DuckDBPyConnection, budget: Budget, said: str) -> None:
    region = variable("region", [1, 2, 3, 4], ("a",))
    fill(rows, WAVE, [region], {f"p{n}": {"a": [n % 4 + 1]} for n in range(8)})
    result = protect(rows, WAVE, [region], budgeted(budget), "open", MISSING)
    assert result.levels == {"region": ("one",)}
    assert [said in refusal for refusal in result.refusals] == [True] * bool(said)


def test_budgets_of_stars_and_of_withheld_responses_are_named_too(rows: duckdb.DuckDBPyConnection) -> None:
    region = variable("region", [1, 2, 3, 4], ("a",))
    fill(rows, WAVE, [region], {f"p{n}": {"a": [1]} for n in range(9)} | {"q": {"a": [4]}})
    starred = protect(rows, WAVE, [region], budgeted(Budget("everyone", starred=0.05)), "open", MISSING)
    assert "starred is 0.400, 0.050 was declared" in starred.refusals[0]
    both = study(("a", "b"))
    region = variable("region", [1, 2, 3, 4])
    fill(rows, both, [region], {f"p{n}": {"a": [1]} for n in range(9)} | {"q": {"b": [1]}})
    withheld = protect(rows, both, [region], budgeted(Budget("everyone", withheld=0.05)), "open", MISSING)
    assert "withheld is 0.100, 0.050 was declared" in withheld.refusals[0]


def test_odd_names_work_as_sensitive_variables_and_options(rows: duckdb.DuckDBPyConnection) -> None:
    odd = variable("страна рождения", [1, 2], ("a",))
    vote = variable("last-vote", [1, 2], ("a",))
    options = [variable(each, [0, 1], ("a",), multi_of="news") for each in ("group", "by the web")]
    people = {f"p{n}": {"a": [1 + n // 6, 1 + n % 2, n % 2, int(n == 0)]} for n in range(12)}
    fill(rows, WAVE, [odd, vote, *options], people)
    declared = declare([Key("страна рождения", "varying", local=True)], 3, sensitive=("last-vote",), patterns=("news",))
    declared = replace(declared, tiers={"open": replace(declared.tiers["open"], diversity=2)})
    result = protect(rows, WAVE, [odd, vote, *options], declared, "open", MISSING)
    assert result.levels == {"страна рождения": ("as_is",)}
    assert (result.spread[0].least, result.patterns[0].smallest) == (2, 3)
