"""The loss that a plan states is the loss of the table that is published, by each declared measure, computed cell by cell."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import replace

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from panels import MISSING, declare, fill, grouped, study, variable

from panelpress.build.disclosure.protect import protect
from panelpress.model.disclosure import Key, Loss

GENDER = variable("gender", [1, 2])
REGION = variable("region", [1, 2, 3, 4])
TWO = grouped("two", {1: 10, 2: 10, 3: 10, 4: 20})
MEMBERS = {10: {1, 2, 3}, 20: {4}}


def ncp(true: list[int], shown: list[int | None], domain: int) -> list[float]:
    sizes = {code: (len(members) - 1) / (domain - 1) for code, members in MEMBERS.items()}
    return [1.0 if code is None else sizes.get(code, 0.0) for code in shown]


def bits(true: list[int], shown: list[int | None]) -> list[float]:
    """Bits still unknown of each cell over the bits that a cell of the column holds."""
    persons = Counter(true)
    held = [math.log2(len(true) / persons[code]) for code in true]
    unit = sum(held) / len(true) or 1.0
    lost = []
    for code, look in zip(true, shown, strict=True):
        alike = len(true) if look is None else sum(persons[each] for each in MEMBERS.get(look, {look}))
        lost.append(math.log2(alike / persons[code]) / unit)
    return lost


@pytest.mark.slow
@pytest.mark.parametrize("loss", ["ncp", "entropy", "discernibility"])
@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.sampled_from([1, 2]), st.sampled_from([1, 2, 3, 4])), min_size=3, max_size=14), st.booleans())
def test_the_stated_loss_is_that_of_the_table(loss: Loss, people: list[tuple[int, int]], local: bool) -> None:
    rows = duckdb.connect()
    fill(rows, study(("a",)), [GENDER, REGION], {f"p{n:02}": {"a": list(cells)} for n, cells in enumerate(people)})
    declared = declare([Key("gender", "varying"), Key("region", "varying", TWO, local=local)], 3)
    declared = replace(declared, tiers={"open": replace(declared.tiers["open"], loss=loss)})
    result = protect(rows, study(("a",)), [GENDER, REGION], declared, "open", MISSING)
    there = ", ".join(each if each in result.keys else "NULL" for each in ("gender", "region"))
    shown = rows.execute(f"SELECT {there} FROM {result.table} ORDER BY person_id").fetchall()
    gender, region = ([row[place] for row in people] for place in range(2))
    shown_gender, shown_region = ([row[place] for row in shown] for place in range(2))
    if loss == "discernibility":
        expected = sum(n * n for n in Counter(shown).values()) / len(people) ** 2
        assert result.searches[0].loss == pytest.approx(expected)
        return
    if loss == "ncp":
        lost, all_lost = ncp(gender, shown_gender, 2) + ncp(region, shown_region, 4), 2.0 * len(people)
    else:
        lost = bits(gender, shown_gender) + bits(region, shown_region)
        nothing = [None] * len(people)
        all_lost = sum(bits(gender, nothing) + bits(region, nothing)) or 1.0
    assert result.searches[0].loss == pytest.approx(sum(lost) / all_lost, abs=1e-9)
