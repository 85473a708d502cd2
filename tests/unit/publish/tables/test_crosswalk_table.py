"""The table of the crosswalk says what becomes of every raw code, whichever way of the language a wave uses."""

from __future__ import annotations

from panelpress.model.variable import Filter, Interval, MultiSource, WaveRule
from panelpress.publish.tables.crosswalk_table import Outcome, outcomes


def test_a_joined_cell_has_a_row_for_every_text_of_every_option() -> None:
    multi = MultiSource("q7", ", ", chosen=("War, of course",), options=("Job", "War, of course"), rest_allowed=True)
    rule = WaveRule("w", "complete", source=("q7",), multi=multi, missing_map=((None, "skipped"),))
    assert outcomes(rule) == [
        Outcome("(blank)", None, "skipped"),
        Outcome("War, of course", "1", None),
        Outcome("Job", "0", None),
        Outcome("(any other)", "0", None),
    ]


def test_the_option_that_takes_the_rest_is_said_to_take_it() -> None:
    multi = MultiSource("q7", ", ", chosen=(), options=("Job",), rest=True, rest_allowed=True)
    found = outcomes(WaveRule("w", "complete", source=("q7",), multi=multi))
    assert found == [Outcome("(any other)", "1", None), Outcome("Job", "0", None)]


def test_routing_comes_before_codes_and_single_codes_before_intervals() -> None:
    rule = WaveRule(
        "w",
        "complete",
        source=("q", "asked", "works"),
        universe="asked = 1",
        filters=(Filter("works = 0", 5),),
        value_map=((Interval("0", "4", True, True, "[0,4]"), 1), ("", 2)),
        missing_map=((None, "skipped"),),
    )
    assert outcomes(rule) == [
        Outcome("(not asked = 1)", None, "not_applicable"),
        Outcome("(works = 0)", "5", None),
        Outcome("(empty text)", "2", None),
        Outcome("(blank)", None, "skipped"),
        Outcome("[0,4]", "1", None),
    ]


def test_a_copied_number_is_said_to_be_taken_as_it_is() -> None:
    rule = WaveRule("w", "complete", source=("age",), copy=True, missing_map=(("999", "refused"),))
    assert outcomes(rule) == [Outcome("999", None, "refused"), Outcome("(any other)", "(as it is)", None)]


def test_waves_without_raw_codes_have_no_rows() -> None:
    assert outcomes(WaveRule("w", "impossible", reason="not_asked")) == outcomes(WaveRule("w", "complete", expr="a = 1")) == []
