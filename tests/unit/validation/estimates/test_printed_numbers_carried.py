"""How many printed numbers a tier carries: counted by sample, and refused where they are fewer or further off than asked."""

from __future__ import annotations

from dataclasses import replace

from panelpress.model.disclosure import Budget, EstimateDemand, StudyRules
from panelpress.publish.gate.estimates_kept import kept_findings
from panelpress.validation.estimates.carried import SEVERAL, Compared, about, by_sample, shortfalls, summarize
from printed_numbers import SAMPLES, printed

BY_ID = {sample.id: sample for sample in SAMPLES}


def compared(released: float | None, secure: float = 50.0, source: str = "tables", **changes: object) -> Compared:
    return Compared(printed(**changes), secure, released, source)


def test_moves_are_counted_for_what_is_carried_alone() -> None:
    line = summarize("all", [compared(50.5), compared(53.0), compared(None), compared(49.0, source="aggregates")])
    assert (line.numbers, line.carried, line.from_rows, line.share) == (4, 3, 2, 0.75)
    assert (line.quantile(0.5), line.quantile(0.9)) == (1.0, 3.0)


def test_a_number_over_several_samples_belongs_to_none_of_them() -> None:
    lines = by_sample([compared(50, samples=("women",)), compared(50, samples=("women", "men"), statistic="lowest_share")])
    assert [(line.sample, line.numbers) for line in lines] == [("women", 1), (SEVERAL, 1)]


def test_a_number_is_about_what_restricts_its_sample() -> None:
    numbers = [compared(50, samples=("women",)), compared(50), compared(50, samples=("women",), scope="survey_design")]
    assert about(numbers, ["gender"], BY_ID) == (numbers[0],)


def test_each_shortfall_is_named() -> None:
    line = summarize("all", [compared(50.0), compared(57.0), compared(None), compared(None)])
    assert shortfalls(line, EstimateDemand((), 0.5)) == ()
    few, far = shortfalls(line, EstimateDemand((), 0.6, median=2, ninth_decile=5))
    assert "2 of 4 printed numbers carried, 60% asked" in few and "ninth decile moved by 7.00, 5 may" in far


def test_a_release_that_carries_too_little_is_a_finding_that_names_the_sample() -> None:
    rules = StudyRules("tiny", budgets=(Budget("women", carried=0.9),), estimates=EstimateDemand(("gender",), 0.6, 2, 5))
    good = [compared(50.0, samples=("women",))]
    assert not any(each.failed for each in kept_findings(good, {"tiny": rules}, BY_ID))
    bad = kept_findings([*good, replace(good[0], released=None)], {"tiny": rules}, BY_ID)
    assert {(each.rule, each.field, each.blocks) for each in bad} == {
        ("estimates.budget", "women", True), ("estimates.kept", "women", True)
    }  # fmt: skip
