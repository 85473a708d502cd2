"""Withholding responses so that no participation pattern is rare."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from panelpress.build.disclosure.participation import withhold


def published(patterns: dict[int, int], k: int, waves: int) -> dict[int, int]:
    sizes: dict[int, int] = {}
    for (_, after), n in withhold(patterns, k, waves).moves.items():
        sizes[after] = sizes.get(after, 0) + n
    return sizes


def test_common_patterns_lose_nothing() -> None:
    assert published({0b01: 5, 0b11: 7}, 5, 2) == {0b01: 5, 0b11: 7}


def test_a_rare_pattern_falls_back_to_the_common_one_inside_it() -> None:
    assert published({0b001: 9, 0b011: 9, 0b111: 2}, 5, 3) == {0b001: 9, 0b011: 11}


def test_a_few_who_stayed_away_are_joined_by_some_who_came() -> None:
    assert published({0b01: 3, 0b11: 9}, 5, 2) == {0b01: 5, 0b11: 7}


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(st.integers(1, 31), st.integers(1, 9), max_size=12), st.integers(2, 6))
def test_every_published_pattern_is_shared_and_inside_the_own_one(patterns: dict[int, int], k: int) -> None:
    moves = withhold(patterns, k, 5).moves
    assert all(after & before == after for before, after in moves)
    came: dict[int, int] = {}
    for (before, _), n in moves.items():
        came[before] = came.get(before, 0) + n
    assert came == patterns
    assert all(n >= k for pattern, n in published(patterns, k, 5).items() if pattern)
