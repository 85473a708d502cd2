"""Panel rules: each breaks on its own fault, in a panel of five persons, and says how many without saying who."""

from __future__ import annotations

from dataclasses import replace

import duckdb
import pytest

from panelpress.errors import DeclarationError
from panelpress.model.findings import Finding
from panelpress.model.rules import ProjectRule, Routing, Rules, Weight
from panelpress.model.study import Study, Wave
from panelpress.validation.panel_rules import check_panel, field_period
from worlds import STUDY, VARIABLES, tiny_edition

T = "tiny_responses"


def check(rules: Rules, *changes: str) -> list[Finding]:
    _, rows = tiny_edition()
    for change in changes:
        rows.execute(change)
    return check_panel(rows, [STUDY], VARIABLES, rules)


def failed(rules: Rules, *changes: str) -> set[tuple[str, str | None, int, int]]:
    return {(each.rule, each.field, each.n_failed, each.n_total) for each in check(rules, *changes) if each.failed}


def test_a_fact_that_cannot_change_is_the_same_in_all_waves_of_a_person() -> None:
    assert failed(Rules()) == set()
    wrong = f"UPDATE {T} SET gender = 2 WHERE person_id = 'p1' AND wave = 'b'"
    assert failed(Rules(), wrong) == {("panel.constant", "gender", 1, 2)}


def test_one_contradiction_is_an_odd_answer_and_two_are_likely_two_people() -> None:
    rules = Rules(constant=("trust",))
    one = f"UPDATE {T} SET trust = 3 WHERE person_id IN ('p1', 'p2')"
    assert {rule for rule, *_ in failed(rules, one)} == set()
    both = f"UPDATE {T} SET gender = 2 WHERE person_id = 'p1' AND wave = 'b'"
    found = failed(rules, both)
    assert ("panel.linkage_conflict", "person_id", 1, 2) in found


def test_contradictions_within_the_tolerated_share_are_information() -> None:
    wrong = f"UPDATE {T} SET gender = 2 WHERE person_id = 'p1' AND wave = 'b'"
    found = [each for each in check(Rules(conflict_tolerance=0.5), wrong) if each.failed]
    assert [(each.rule, each.severity) for each in found] == [("panel.constant", "info")]


def test_a_person_took_part_in_a_legal_set_of_waves() -> None:
    assert failed(Rules(participation={"tiny": ("a", "b", "b a")})) == set()
    assert failed(Rules(participation={"tiny": ("a", "a b")})) == {("panel.participation", "wave", 2, 5)}


def test_dates_lie_inside_the_field_period_of_their_wave() -> None:
    dates = f"ALTER TABLE {T} ALTER age TYPE DATE USING CASE wave WHEN 'a' THEN DATE '2022-03-31' ELSE DATE '2022-09-01' END"
    assert failed(Rules(field_dates=("age",)), dates) == set()
    late = f"UPDATE {T} SET age = DATE '2022-04-01' WHERE person_id = 'p2' AND wave = 'a'"
    assert failed(Rules(field_dates=("age",)), dates, late) == {("panel.field_dates", "age, a", 1, 3)}


@pytest.mark.parametrize(
    ("start", "end", "first", "last"),
    [
        ("2022", "2023", "2022-01-01", "2023-12-31"),
        ("2024-02", "2024-02", "2024-02-01", "2024-02-29"),
        ("2022-03-28", "2022-04-04", "2022-03-28", "2022-04-04"),
    ],
)
def test_a_field_period_is_as_long_as_its_precision_says(start: str, end: str, first: str, last: str) -> None:
    sql = field_period(replace(Wave("a", "tiny", STUDY.title, "2022", "2022"), start=start, end=end))
    answer = duckdb.sql(f"SELECT CAST({sql[0]} AS VARCHAR), CAST({sql[1]} AS VARCHAR)").fetchall()
    assert answer == [(first, last)]


def test_weights_are_positive_and_add_up_to_what_was_declared() -> None:
    weigh = f"ALTER TABLE {T} ALTER age TYPE DOUBLE USING 1.0"
    rules = Rules(weights=(Weight("age", "tiny"),))
    assert failed(rules, weigh) == set()
    assert failed(rules, weigh, f"UPDATE {T} SET age = 2 WHERE person_id = 'p3'") == {("panel.weight_sum", "age, a", 1, 1)}
    zero = f"UPDATE {T} SET age = CASE person_id WHEN 'p1' THEN 0 WHEN 'p2' THEN 2 ELSE 1 END WHERE wave = 'a'"
    assert failed(rules, weigh, zero) == {("panel.weight_positive", "age, a", 1, 3)}
    assert failed(Rules(weights=(Weight("age", "tiny", total="3.5", tolerance=0.2),)), weigh) == set()


def test_an_item_is_not_applicable_exactly_where_its_filter_says_so() -> None:
    rules = Rules(routing=(Routing("trust", "tiny", "gender = 1", ("a",)),))
    route = f"UPDATE {T} SET trust = NULL, trust__why = 'not_applicable' WHERE wave = 'a' AND gender = 2"
    assert failed(rules, route) == set()
    assert failed(rules) == {("panel.routing", "trust", 1, 3)}
    past = f"UPDATE {T} SET trust = NULL, trust__why = 'not_applicable' WHERE wave = 'a' AND person_id = 'p3'"
    assert failed(rules, route, past) == {("panel.routing", "trust", 1, 3)}


def test_a_rule_of_the_project_sees_other_waves_of_the_person() -> None:
    def rule(holds: str, **more: object) -> Rules:
        return Rules(rules=(ProjectRule("mine", "tiny", holds, **more),))  # type: ignore[arg-type]

    assert failed(rule("age >= 18")) == set()
    assert failed(rule("age >= 35")) == {("project.mine", "mine", 1, 7)}
    assert failed(rule("n_waves() = 2")) == {("project.mine", "mine", 3, 7)}
    assert failed(rule("in_wave('a')", waves=("b",))) == {("project.mine", "mine", 2, 4)}
    assert failed(rule("first_wave() = 'a'")) == {("project.mine", "mine", 2, 7)}
    assert failed(rule("trust <= previous(trust)")) == set()
    assert failed(rule("trust >= previous(trust)")) == {("project.mine", "mine", 1, 7)}
    assert failed(rule("at_wave(country, 'b') = 'BBB'")) == {("project.mine", "mine", 2, 7)}
    tolerated = [each.severity for each in check(rule("age >= 35", tolerance=0.2)) if each.failed]
    assert tolerated == ["info"]


def test_a_rule_that_reads_an_unknown_name_is_refused() -> None:
    with pytest.raises(DeclarationError, match="wage"):
        check(Rules(rules=(ProjectRule("mine", "tiny", "wage > 1"),)))


def test_two_studies_share_no_person() -> None:
    _, rows = tiny_edition()
    other = Study("other", STUDY.title, (Wave("o", "other", STUDY.title, "2022", "2022"),))
    rows.execute("CREATE TABLE other_responses AS SELECT 'q1' AS person_id, 'o' AS wave")
    assert not [each for each in check_panel(rows, [STUDY, other], VARIABLES, Rules()) if each.failed]
    rows.execute("UPDATE other_responses SET person_id = 'p1'")
    found = [each for each in check_panel(rows, [STUDY, other], VARIABLES, Rules()) if each.failed]
    assert [(each.rule, each.n_failed, each.n_total) for each in found] == [("panel.studies_disjoint", 1, 5)]
