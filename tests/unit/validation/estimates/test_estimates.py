"""Printed numbers: computed on a world of seven rows by hand, judged, and refused where the register is wrong."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import pytest

from panelpress.errors import DeclarationError
from panelpress.model.estimate import Recomputed
from panelpress.model.variable import Variable
from panelpress.paths import Places
from panelpress.schemas.crosswalk import Crosswalk
from panelpress.schemas.declarations import Declarations
from panelpress.validation.estimates.check import findings, recompute_all
from panelpress.validation.estimates.judge import judge, tally
from panelpress.validation.estimates.printed import numbers_in, says
from panelpress.validation.estimates.register import COLUMNS, load_register
from printed_numbers import SAMPLES, printed
from worlds import MISSING, PROJECT, STUDY, VARIABLES, tiny_edition


def world() -> tuple[Declarations, object]:
    _, rows = tiny_edition()
    variables = tuple(_boxed(variable) for variable in VARIABLES)
    here = Places(root=Path("nowhere"), work=Path("nowhere"))
    return Declarations(here, PROJECT, Crosswalk(variables, (STUDY,), MISSING, ()), SAMPLES, ()), rows


def _boxed(variable: Variable) -> Variable:
    return replace(variable, top_box={"high": (2, 3)}) if variable.id == "trust" else variable


def value_of(**changes: object) -> tuple[float | None, int | None]:
    declarations, rows = world()
    found = recompute_all(rows, declarations, [printed(**changes)])[0].found  # type: ignore[arg-type]
    return found.value, found.n


def test_a_share_counts_the_valid_answers_of_all_questionnaires() -> None:
    # trust: 3, 2, refused, 1, 2, 3, 2 -> five of six are 2 or 3
    assert value_of() == (pytest.approx(500 / 6), 6)


def test_a_person_counts_once_by_the_latest_questionnaire_with_an_answer() -> None:
    # p1: 2 (b), p2: 1 (b), p3: 2, p4: 3, p5: 2
    assert value_of(samples=("persons",)) == (pytest.approx(80.0), 5)


def test_a_wave_of_a_person_sample_counts_the_questionnaires_of_that_wave() -> None:
    assert value_of(samples=("persons",), waves=("a",)) == (100.0, 2)


def test_a_panel_sample_looks_at_the_persons_own_rows() -> None:
    assert value_of(samples=("twice",), statistic="n", variable=None) == (2.0, 2)


def test_a_change_subtracts_the_earlier_wave_and_a_difference_the_other_sample() -> None:
    assert value_of(statistic="change", waves=("b",), from_wave="a") == (pytest.approx(-25.0), 2)
    # women: p1 -> 2, p3 -> 2; men: p2 -> 1, p4 -> 3
    assert value_of(statistic="difference", samples=("women",), versus="men") == (pytest.approx(50.0), 2)


def test_extremes_look_at_each_sample_and_a_condition_restricts_the_base() -> None:
    assert value_of(statistic="lowest_share", samples=("women", "men")) == (pytest.approx(50.0), 2)
    assert value_of(where="at_wave(trust, 'a') = 3", waves=("b",)) == (100.0, 1)
    assert value_of(statistic="mean", variable="age", answer="") == (pytest.approx(35.5), 2)


def test_a_number_without_data_says_what_is_lacking() -> None:
    declarations, rows = world()
    found = recompute_all(rows, declarations, [printed(where="income = 1")])[0]  # type: ignore[arg-type]
    assert found.verdict == "not computable" and found.found.why == "lacks income"
    assert findings([found], "r")[0].blocks


def test_a_printed_number_changed_by_two_points_is_not_reproduced() -> None:
    declarations, rows = world()
    for value, verdict in ((83, "reproduced"), (85, "not reproduced"), (81, "not reproduced")):
        judged = recompute_all(rows, declarations, [printed(value=value, printed=f"{value}%")])  # type: ignore[arg-type]
        assert judged[0].verdict == verdict
        assert findings(judged, "r")[0].blocks == (verdict == "not reproduced")


def test_a_finding_never_carries_the_recomputed_value() -> None:
    declarations, rows = world()
    judged = recompute_all(rows, declarations, [printed(value=50)])  # type: ignore[arg-type]
    assert "83" not in findings(judged, "r")[0].message


def test_a_contradiction_needs_an_entry_in_the_list_and_another_place_that_holds() -> None:
    found = Recomputed(9.0, 100)
    nine, six = printed(id="a", value=9), printed(id="b", value=6, inconsistency="A2")
    assert [each.verdict for each in judge([(nine, found), (six, found)])] == ["reproduced", "contradicted in print"]
    assert judge([(six, found)])[0].verdict == "not reproduced"
    assert judge([(nine, found), (replace(six, inconsistency=""), found)])[1].verdict == "not reproduced"


@pytest.mark.parametrize(
    ("op", "value", "verdict"),
    [
        ("eq", 50.5, "reproduced"),
        ("eq", 50.51, None),
        ("approx", 50.9, "within wording"),
        ("approx", 51.1, None),
        ("approx_below", 49.9, "reproduced"),
        ("approx_below", 50.0, None),
        ("le", 50.4, "reproduced"),
        ("le", 40.0, "within wording"),
        ("le", 51.0, None),
        ("ge", 50.0, "reproduced"),
        ("gt", 50.0, None),
        ("lt", 49.0, "reproduced"),
    ],
)
def test_each_operator_reads_the_print_as_it_is_worded(op: str, value: float, verdict: str | None) -> None:
    judged = judge([(printed(op=op), Recomputed(value, 10))])[0]
    assert judged.verdict == (verdict or "not reproduced")


def test_what_a_release_cannot_show_is_not_carried_and_says_why() -> None:
    judged = judge([(printed(), Recomputed(None, None, why="lacks trust")), (printed(), Recomputed(60.0, 9))], release=True)
    assert [each.verdict for each in judged] == ["not carried by the open tier"] * 2
    assert [each.why for each in judged] == ["lacks trust", "cells removed for protection move it"]
    assert tally(judged)["not carried by the open tier"] == 2


def test_numbers_are_read_from_digits_and_from_words() -> None:
    assert numbers_in("69-77%") == (69.0, 77.0) and numbers_in("over 10,871") == (10871.0,)
    assert numbers_in("two thirds") == (66.67,) and says("5%", -5) and not says("a quarter", 27)


def _register(folder: Path, **changes: str) -> Path:
    row = dict.fromkeys(COLUMNS, "") | {
        "id": "one", "fact_key": "f", "scope": "survey", "study": "tiny", "locator": "1:1", "printed": "50%", "value": "50",
        "unit": "percent", "op": "eq", "rounding": "0.5", "statistic": "share", "sample": "everyone", "variable": "trust",
        "answer": "high",
    }  # fmt: skip
    path = folder / "estimates.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, COLUMNS)
        writer.writeheader()
        writer.writerow(row | changes)
    return path


def test_a_right_register_is_read(tmp_path: Path) -> None:
    declarations, _ = world()
    assert load_register(_register(tmp_path), declarations) == (printed(declared_in="validation/estimates.csv:2", fact_key="f"),)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"value": "52"}, "does not print 52"),
        ({"sample": "nobody"}, "no sample or wave is called `nobody`"),
        ({"variable": "income"}, "no variable is called `income`"),
        ({"answer": "7"}, "neither a top box nor codes"),
        ({"statistic": "change"}, "a change needs from_wave"),
        ({"statistic": "none"}, "no note says why"),
        ({"rounding": ""}, "it needs a rounding"),
        ({"op": "about"}, "no operator"),
    ],
)
def test_a_wrong_row_is_refused_with_its_line(tmp_path: Path, changes: dict[str, str], said: str) -> None:
    declarations, _ = world()
    with pytest.raises(DeclarationError, match=r"estimates\.csv:2") as refused:
        load_register(_register(tmp_path, **changes), declarations)
    assert said in refused.value.what
