"""What other demands would cost: a point for every class size that can be reached and for every key that the tier holds."""

from __future__ import annotations

from dataclasses import replace

import duckdb
from panels import MISSING, declare, fill, grouped, study, variable

from panelpress.build.disclosure.frontier import explore, gains
from panelpress.model.disclosure import Key

GENDER, REGION = variable("gender", [1, 2], ["a"]), variable("region", [1, 2, 3, 4], ["a"])


def test_larger_classes_cost_more_and_a_key_given_up_spares_the_other() -> None:
    rows = duckdb.connect(":memory:")
    one = study(("a",))
    act = replace(variable("act", [0, 1], ["a"]), tier="scientific_use")
    fill(rows, one, [GENDER, REGION, act], {f"p{n}": {"a": [1 + n % 2, 1 + n // 2 % 4, n % 2]} for n in range(48)})
    keys = [Key("gender", "static"), Key("region", "static"), Key("act", "act")]
    points = list(explore(rows, one, [GENDER, REGION, act], declare(keys, 12), "open", MISSING))
    assert [(each.class_size, each.coarser) for each in points] == [
        (3, None), (5, None), (8, None), (12, None), (20, None), (12, ("gender", "withheld")), (12, ("region", "withheld"))
    ]  # fmt: skip
    losses = [each.ncp for each in points if each.coarser is None]
    assert losses == sorted(losses) and losses[0] == 0 < losses[-1]
    assert {key for key, _, _ in gains(points)} == {"region", "gender"} and gains(points)[0][2] > 0


def test_a_key_with_a_hierarchy_is_tried_one_level_coarser_than_it_is_shown() -> None:
    rows = duckdb.connect(":memory:")
    one = study(("a",))
    fill(rows, one, [GENDER, REGION], {f"p{n}": {"a": [1 + n % 2, 1 + n // 2 % 4]} for n in range(48)})
    halves = grouped("halves", {1: 11, 2: 11, 3: 12, 4: 12}, {1: 21, 2: 21, 3: 21, 4: 22})
    keys = [Key("gender", "static", importance=10), Key("region", "static", halves)]
    for k, level in ((6, "one"), (12, "two")):
        points = explore(rows, one, [GENDER, REGION], declare(keys, k), "open", MISSING)
        assert [each.coarser for each in points if each.coarser] == [("gender", "withheld"), ("region", level)]
