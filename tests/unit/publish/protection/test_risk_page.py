"""The risk page: verdicts, levels, costs and the frontier, in one file that loads nothing."""

from __future__ import annotations

import re

from panelpress.build.disclosure.frontier import Point, best_gain
from panelpress.model.protection import KeyCost, ProtectionResult, SampleCost, SearchFacts
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
    Point("open", 12, "region", ("gender",), 0.5, 0.5, (("gender", 0.0), ("region", 1.0))),
)


def test_the_page_loads_nothing_and_holds_pictures() -> None:
    page = risk_page("Tiny", [result()], {("tiny", "open"): POINTS})
    assert page.count("<svg") == 2
    assert not re.search(r"<script|<link|<img|@import", page)
    assert "would return what was coarsened in region" in page
    assert "tier never" not in page


def test_the_page_names_the_floor_that_was_passed() -> None:
    assert "NO-GO: the floor &lt;x&gt;" in risk_page("Tiny", [result(("the floor <x>",))], {})


def test_the_key_to_coarsen_is_the_one_that_spares_the_others_most() -> None:
    assert best_gain(POINTS) == ("region", 0.03)
