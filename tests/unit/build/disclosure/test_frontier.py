"""What other demands would cost: a point for every class size that can be reached and for every key that the tier holds."""

from __future__ import annotations

from dataclasses import replace

import duckdb
from panels import MISSING, declare, fill, study, variable

from panelpress.build.disclosure.frontier import best_gain, explore
from panelpress.model.disclosure import Key

GENDER, REGION = variable("gender", [1, 2], ["a"]), variable("region", [1, 2, 3, 4], ["a"])


def test_larger_classes_cost_more_and_a_key_given_up_spares_the_other() -> None:
    rows = duckdb.connect(":memory:")
    one = study(("a",))
    act = replace(variable("act", [0, 1], ["a"]), tier="scientific_use")
    fill(rows, one, [GENDER, REGION, act], {f"p{n}": {"a": [1 + n % 2, 1 + n // 2 % 4, n % 2]} for n in range(48)})
    keys = [Key("gender", "static"), Key("region", "static"), Key("act", "act")]
    points = list(explore(rows, one, [GENDER, REGION, act], declare(keys, 12), "open", MISSING))
    assert [(each.class_size, each.without) for each in points] == [
        (3, None), (5, None), (8, None), (12, None), (20, None), (12, "gender"), (12, "region")
    ]  # fmt: skip
    losses = [each.ncp for each in points if each.without is None]
    assert losses == sorted(losses) and losses[0] == 0 < losses[-1]
    gain = best_gain(points)
    assert gain is not None and gain[1] > 0
