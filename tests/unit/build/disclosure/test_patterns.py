"""Rare combinations of multi-select options: no published combination is rarer than k in its wave."""

from __future__ import annotations

from collections import Counter

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from panels import MISSING, declare, fill, study, variable

from panelpress.build.disclosure.protect import protect
from panelpress.errors import DisclosureRefused
from panelpress.model.disclosure import Key
from panelpress.model.protection import ProtectionResult
from panelpress.model.variable import Variable, WaveRule

GENDER = variable("gender", [1, 2])
OPTIONS = tuple(variable(f"news_{each}", [0, 1], multi_of="news") for each in ("tv", "web", "paper"))


def protected(
    people: dict[str, dict[str, list[object]]], k: int, more: tuple[Variable, ...] = ()
) -> tuple[duckdb.DuckDBPyConnection, ProtectionResult]:
    rows = duckdb.connect()
    variables = [GENDER, *OPTIONS, *more]
    fill(rows, study(), variables, people)  # type: ignore[arg-type]
    declared = declare([Key("gender", "static")], k, patterns=("news",))
    return rows, protect(rows, study(), variables, declared, "open", MISSING)


def combinations(rows: duckdb.DuckDBPyConnection, table: str) -> Counter[tuple[object, ...]]:
    cells = ", ".join(f"{each.id}, {each.why}" for each in OPTIONS)
    return Counter(rows.execute(f"SELECT wave, {cells} FROM {table}").fetchall())


def test_a_rare_combination_loses_the_option_that_makes_it_rare() -> None:
    people: dict[str, dict[str, list[object]]] = {f"p{n}": {"a": [1, 1, 0, 0]} for n in range(6)}
    people |= {f"q{n}": {"a": [1, 1, 1, 0]} for n in range(2)}
    rows, result = protected(people, 3)
    assert min(combinations(rows, result.table).values()) >= 3
    assert result.patterns[0].starred == 3  # the two, and one more who hides them
    assert (result.patterns[0].smallest, result.patterns[0].cells) == (3, 24)
    assert result.statement["patterns"] == {"news": 3}
    shown = rows.execute(f"SELECT count(*) FROM {result.table} WHERE news_tv = 1 AND news_paper = 0").fetchall()
    assert shown == [(8,)]


def test_what_is_made_of_a_starred_option_is_starred_with_it() -> None:
    both = variable(
        "both", [0, 1], rules={wave: WaveRule(wave, "complete", expr="news_tv = 1 AND news_web = 1") for wave in "ab"}
    )
    people: dict[str, dict[str, list[object]]] = {f"p{n}": {"a": [1, 1, 0, 0, 0]} for n in range(6)}
    people |= {"q": {"a": [1, 1, 1, 0, 1]}}
    rows, result = protected(people, 3, (both,))
    found = rows.execute(f"SELECT news_web__why, both__why, count(*) FROM {result.table} GROUP BY ALL ORDER BY ALL").fetchall()
    assert found == [("suppressed", "suppressed", 3), (None, None, 4)]


def test_a_pattern_that_a_key_is_made_of_is_refused() -> None:
    reader = variable("gender", [0, 1], rules={wave: WaveRule(wave, "complete", expr="news_paper") for wave in ("a", "b")})
    rows = duckdb.connect()
    fill(rows, study(), [reader, *OPTIONS], {f"p{n}": {"a": [0, 1, 0, 0]} for n in range(6)})
    with pytest.raises(DisclosureRefused, match="`gender`, which is a key or sensitive"):
        protect(rows, study(), [reader, *OPTIONS], declare([Key("gender", "static")], 3, patterns=("news",)), "open", MISSING)


@pytest.mark.slow
@settings(max_examples=30, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from([("a",), ("a", "b")]), *[st.sampled_from([0, 1, "refused"])] * 3), min_size=4, max_size=16
    ),
    st.integers(2, 4),
)
def test_no_published_combination_is_rarer_than_k(drawn: list[tuple[object, ...]], k: int) -> None:
    people = {f"p{n}": {wave: [1, *ticks] for wave in waves} for n, (waves, *ticks) in enumerate(drawn)}  # type: ignore[attr-defined]
    rows, result = protected(people, k)  # type: ignore[arg-type]
    assert min(combinations(rows, result.table).values(), default=k) >= k
    for person, wave, *cells in rows.execute(
        f"SELECT person_id, wave, {', '.join(f'{each.id}, {each.why}' for each in OPTIONS)} FROM {result.table}"
    ).fetchall():
        for place, true in enumerate(people[person][wave][1:]):
            shown = (cells[2 * place], cells[2 * place + 1])
            assert shown in {(None, true) if isinstance(true, str) else (true, None), (None, "suppressed")}
