"""Distributions are counts that any reader of the open tables can make."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labelled_world import hard_edition
from panelpress.publish.codebook.classes import number_classes, round_width
from panelpress.publish.codebook.distributions import Share, contribute, shares
from panelpress.schemas.tables import responses_table
from worlds import STUDY, tiny_edition


def of(found: tuple[Share, ...], variable: str, wave: str) -> list[tuple[str, str, int]]:
    return [(each.kind, each.code, each.n) for each in found if (each.variable, each.wave) == (variable, wave)]


def test_every_declared_code_is_counted_and_every_reason_that_occurs() -> None:
    edition, rows = tiny_edition()
    found = shares(edition, rows)
    assert of(found, "trust", "a") == [("value", "1", 0), ("value", "2", 1), ("value", "3", 1), ("reason", "refused", 1)]
    assert of(found, "country", "b") == [("value", "AAA", 1), ("value", "BBB", 2), ("reason", "suppressed", 1)]


def test_a_wave_that_could_not_ask_has_reasons_only() -> None:
    edition, rows = tiny_edition()
    assert of(shares(edition, rows), "age", "b") == [("reason", "not_asked", 4)]


def test_values_and_reasons_of_a_wave_add_up_to_its_responses() -> None:
    edition, rows = hard_edition()
    responses = dict(rows.execute("SELECT wave, count(*) FROM tiny_responses GROUP BY wave").fetchall())
    found = shares(edition, rows)
    for variable in edition.variables:
        for wave, n in responses.items():
            assert sum(each[2] for each in of(found, variable.id, wave)) == n


def test_each_count_is_one_group_by_away() -> None:
    edition, rows = tiny_edition()
    for each in shares(edition, rows):
        column = each.variable if each.kind == "value" else f"{each.variable}__why"
        question = f"SELECT count(*) FROM tiny_responses WHERE wave = ? AND {column}::VARCHAR = ?"
        assert rows.execute(question, [each.wave, each.code]).fetchall() == [(each.n,)]


def test_shares_are_of_the_base_that_the_variable_declares() -> None:
    """Of trust in wave a: two valid answers, one refusal; then one who doesn't know in its place; then one who was not asked."""
    edition, rows = tiny_edition()

    def share(denominator: str) -> Any:
        trust = replace(edition.variable("trust"), denominator=denominator)
        based = replace(edition, variables=tuple(trust if each.id == "trust" else each for each in edition.variables))
        return next(each.share for each in shares(based, rows) if (each.variable, each.wave, each.code) == ("trust", "a", "2"))

    def give(reason: str) -> None:
        rows.execute("UPDATE tiny_responses SET trust__why = ? WHERE trust IS NULL AND wave = 'a'", [reason])

    third = pytest.approx(1 / 3, abs=1e-6)
    assert (share("valid"), share("valid_plus_dont_know"), share("all")) == (0.5, 0.5, third)
    give("dont_know")
    assert (share("valid"), share("valid_plus_dont_know"), share("all")) == (0.5, third, third)
    give("not_asked")
    assert (share("valid"), share("valid_plus_dont_know"), share("all")) == (0.5, 0.5, 0.5)


def test_the_table_holds_the_same_and_has_its_key() -> None:
    edition, rows = tiny_edition()
    (table,) = contribute(edition, rows)
    assert rows.execute("SELECT variable, wave, kind, code, n FROM distributions ORDER BY ALL").fetchall() == sorted(
        (each.variable, each.wave, each.kind, each.code, each.n) for each in shares(edition, rows)
    )
    assert (
        rows.execute("SELECT label_en, label_ru FROM distributions WHERE variable = 'gender' AND code = '1'").fetchall()
        == [("Woman", "Женщина")] * 2
    )
    assert table.primary_key == ("variable", "wave", "kind", "code")


def test_many_numbers_fall_into_classes_and_days_into_months_or_years() -> None:
    edition, rows = hard_edition()
    found = shares(edition, rows)
    assert {code for _, code, _ in of(found, "born", "a")} >= {"1899"}
    rows.execute("UPDATE tiny_responses SET born = DATE '2022-03-15' WHERE born IS NOT NULL")
    assert ("value", "2022-03") in {each[:2] for each in of(shares(edition, rows), "born", "a")}


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.decimals(min_value=Decimal(-99999), max_value=Decimal(99999), places=2, allow_nan=False),
        min_size=30,
        max_size=80,
        unique=True,
    )
)
def test_every_number_lies_in_its_class(numbers: list[Decimal]) -> None:
    rows = duckdb.connect(":memory:")
    rows.execute("CREATE TABLE t (x DECIMAL(18,2))")
    rows.executemany("INSERT INTO t VALUES (?)", [(each,) for each in numbers])
    classes = number_classes("x", min(numbers), max(numbers), len(numbers), whole=False)
    assert classes.width is not None
    found = rows.execute(f"SELECT x, {classes.sql} FROM t").fetchall()
    for value, code in found:
        low, high = (Decimal(each) for each in code.strip("[)").split(","))
        assert low <= value < high
        assert high - low == classes.width
    assert len({code for _, code in found}) <= 22


@pytest.mark.parametrize(("wanted", "got"), [("0.3", "0.5"), ("1", "1"), ("3", "5"), ("0.011", "0.02"), ("60", "100")])
def test_classes_have_round_widths(wanted: str, got: str) -> None:
    assert round_width(Decimal(wanted)) == Decimal(got)


def test_a_study_of_records_has_one_wave() -> None:
    edition, rows = tiny_edition()
    study = replace(STUDY, id="talks", kind="records", waves=STUDY.waves[:1])
    table = responses_table(study, edition.variables[:2], edition.missing)
    rows.execute(
        "CREATE TABLE talks AS SELECT person_id AS record_id, gender, gender__why, trust, trust__why FROM tiny_responses"
    )
    records = replace(edition, studies=(study,), tables=(table,))
    assert of(shares(records, rows), "gender", "a") == [("value", "1", 3), ("value", "2", 3), ("reason", "refused", 1)]
