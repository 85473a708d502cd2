"""The risk page: verdicts, levels, costs and the frontier, in one file that loads nothing."""

from __future__ import annotations

import re
from dataclasses import replace

from panelpress.build.disclosure.frontier import Point, gains
from panelpress.model.protection import AnswerSpread, KeyCost, PatternFacts, ProtectionResult, SampleCost, SearchFacts
from panelpress.publish.protection.risk_page import risk_page


def result(refusals: tuple[str, ...] = ()) -> ProtectionResult:
    return ProtectionResult(
        study="tiny",
        tier="open",
        table="tiny_responses_open",
        k=11,
        max_risk=0.09,
        class_size=12,
        smallest_class=13,
        diversity=1,
        spread=(),
        patterns=(),
        harmless={},
        smallest_joint_class=None,
        earlier=(),
        persons=400,
        exposed=60,
        persons_left_out=0,
        responses=500,
        responses_withheld=5,
        keys=("gender", "region"),
        levels={"gender": ("as_is",), "region": ("four",)},
        variables=(),
        left_out={"east": "would return what was coarsened in region", "age": "tier never: exact"},
        searches=(SearchFacts("everyone", 400, {"gender": "as_is", "region": "four"}, 0.1, True, 6, 4),),
        costs=(SampleCost("all", 500, 5, (KeyCost("gender", 500, 10, 5, 0.03), KeyCost("region", 500, 50, 5, 0.2))),),
        refusals=refusals,
        class_query="SELECT 1",
    )


POINTS = (
    Point("open", 12, None, ("gender", "region"), 0.115, 0.06, (("gender", 0.03), ("region", 0.2))),
    Point("open", 12, ("region", "withheld"), ("gender",), 0.5, 0.5, (("gender", 0.0), ("region", 1.0))),
)


def test_the_page_loads_nothing_and_holds_pictures() -> None:
    page = risk_page("Tiny", [result()], {("tiny", "open"): POINTS})
    assert page.count("<svg") == 3
    assert not re.search(r"<script|<link|<img|@import", page)
    assert "would return what was coarsened in region" in page
    assert "tier never" not in page


def test_the_page_names_the_floor_that_was_passed() -> None:
    assert "NO-GO: the floor &lt;x&gt;" in risk_page("Tiny", [result(("the floor <x>",))], {})


def test_the_key_to_coarsen_is_the_one_that_spares_the_others_most() -> None:
    assert gains(POINTS) == (("region", "withheld", 0.03),)
    page = risk_page("Tiny", [result()], {("tiny", "open"): POINTS})
    assert "To gain most, coarsen <code>region</code>" in page and "Given up, <code>region</code> would spare" in page


def test_where_no_key_would_spare_the_others_anything_the_page_says_so() -> None:
    nothing = (POINTS[0], replace(POINTS[1], by_key=(("gender", 0.03), ("region", 1.0))))
    page = risk_page("Tiny", [result()], {("tiny", "open"): nothing})
    assert "No key, published coarser, would spare the others anything." in page and "earlier releases show" not in page
    later = replace(result(), earlier=("0.1.0 open",), carried="0.1.0 open", searches=())
    page = risk_page("Tiny", [later], {("tiny", "open"): nothing})
    assert "What earlier releases show of people divides them already." in page
    assert "Levels and stars are those of release 0.1.0 open" in page


def test_the_page_says_why_and_tells_no_count_of_few() -> None:
    assert "the history of 15.0% of 400 persons" in risk_page("Tiny", [result()], {})
    assert "the history of fewer than 12 persons of 400 persons" in risk_page("Tiny", [replace(result(), exposed=7)], {})


def test_combinations_and_classes_are_shown_where_they_are_declared() -> None:
    more = replace(result(), patterns=(PatternFacts("news", 14, 500, 25),), spread=(AnswerSpread("vote", 2, 0.31),))
    page = risk_page("Tiny", [more], {})
    assert "<td>news</td><td class=n>14</td><td class=n>5.0%</td>" in page
    assert "<td>vote</td><td class=n>2</td><td class=n>0.31</td>" in page
