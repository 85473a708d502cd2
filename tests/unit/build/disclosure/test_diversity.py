"""Distinct l-diversity in the published table: enforced by coarser keys, else by starring the answers, and verified."""

from __future__ import annotations

from dataclasses import replace

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from panels import MISSING, declare, fill, grouped, histories, study, variable

from panelpress.build.disclosure.protect import protect
from panelpress.model.disclosure import DisclosureDeclaration, Key
from panelpress.model.protection import ProtectionResult
from panelpress.model.variable import Variable, WaveRule

REGION = variable("region", [1, 2, 3, 4])
VOTE = variable("vote", [1, 2, 3])
TWO = grouped("two", {1: 10, 2: 10, 3: 20, 4: 20})
KEYS = [Key("region", "varying", TWO)]


def asked(diversity: int, k: int = 2) -> DisclosureDeclaration:
    declared = declare(KEYS, k, sensitive=("vote",))
    return replace(declared, tiers={"open": replace(declared.tiers["open"], diversity=diversity)})


def protected(
    people: dict[str, dict[str, list[object]]], diversity: int, k: int = 2, more: tuple[Variable, ...] = ()
) -> tuple[duckdb.DuckDBPyConnection, ProtectionResult]:
    rows = duckdb.connect()
    fill(rows, study(), [REGION, VOTE, *more], people)  # type: ignore[arg-type]
    return rows, protect(rows, study(), [REGION, VOTE, *more], asked(diversity, k), "open", MISSING)


def answers(rows: duckdb.DuckDBPyConnection, result: ProtectionResult) -> dict[tuple[object, str], list[object]]:
    """What the persons of each class answered in each wave, as published; none for no answer."""
    shown = histories(rows, result.table, result.keys)
    found: dict[tuple[object, str], list[object]] = {}
    for person, wave, vote, why in rows.execute(f"SELECT person_id, wave, vote, vote__why FROM {result.table}").fetchall():
        found.setdefault((shown[person], wave), []).append("*" if why == "suppressed" else vote)
    return found


def test_a_group_of_one_answer_is_joined_with_another() -> None:
    people = {f"p{n}": {"a": [1 + n // 4, 1 if n < 4 else 2]} for n in range(8)}
    _, alone = protected(people, 1)  # type: ignore[arg-type]
    assert alone.levels == {"region": ("as_is",)}
    assert alone.spread[0].least == 1
    rows, result = protected(people, 2)  # type: ignore[arg-type]
    assert result.levels == {"region": ("one",)}
    assert result.spread[0].least == 2
    assert [sorted(given) for given in answers(rows, result).values()] == [[1] * 4 + [2] * 4]


def test_answers_that_everybody_gave_are_starred_with_what_is_made_of_them() -> None:
    made = variable("voted", [0, 1], rules={wave: WaveRule(wave, "complete", expr="vote = 1") for wave in ("a", "b")})
    people = {f"p{n}": {"a": [1, 1, 1], "b": [1, 1 + n % 2, n % 2]} for n in range(6)}
    rows, result = protected(people, 2, more=(made,))  # type: ignore[arg-type]
    found = rows.execute(
        f"SELECT wave, vote__why, voted__why, count(*) FROM {result.table} GROUP BY ALL ORDER BY wave"
    ).fetchall()
    assert found == [("a", "suppressed", "suppressed", 6), ("b", None, None, 6)]
    assert result.spread[0].least == 2


def test_closeness_is_the_greatest_distance_from_the_wave() -> None:
    people = {f"p{n}": {"a": [1, 1 + n % 2]} for n in range(4)} | {f"q{n}": {"a": [3, 1]} for n in range(4)}
    _, result = protected(people, 1)  # type: ignore[arg-type]
    assert result.spread[0].closeness == pytest.approx(0.25)  # (1, 0) and (1/2, 1/2) beside (3/4, 1/4)
    assert result.statement["sensitive"] == {"vote": {"least": 1, "closeness": 0.25}}


@st.composite
def people(draw: st.DrawFn) -> dict[str, dict[str, list[object]]]:
    return {
        f"p{number}": {
            wave: [draw(st.sampled_from([1, 2, 3, 4, "refused"])), draw(st.sampled_from([1, 2, 3, "refused", "dont_know"]))]
            for wave in draw(st.sampled_from([("a",), ("a", "b")]))
        }
        for number in range(draw(st.integers(3, 14)))
    }


@pytest.mark.slow
@settings(max_examples=40, deadline=None)
@given(people(), st.integers(1, 3), st.integers(2, 3))
def test_every_class_of_a_wave_shows_enough_answers_or_none(
    world: dict[str, dict[str, list[object]]], k: int, diversity: int
) -> None:
    rows, result = protected(world, diversity, k)
    for shown in answers(rows, result).values():
        assert shown == ["*"] * len(shown) or ("*" not in shown and len(set(shown)) >= diversity)
    for person, wave, vote, why in rows.execute(f"SELECT person_id, wave, vote, vote__why FROM {result.table}").fetchall():
        true = world[person][wave][1]
        assert (vote, why) in {(true, None), (None, true), (None, "suppressed")}
