"""For random small panels the published table satisfies its declaration, judged person by person in plain Python."""

from __future__ import annotations

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from panels import MISSING, declare, fill, grouped, histories, study, variable

from panelpress.build.disclosure.protect import protect
from panelpress.errors import DisclosureRefused
from panelpress.model.disclosure import Floor, Key
from panelpress.model.variable import WaveRule

GENDER = variable("gender", [1, 2])
REGION = variable("region", [1, 2, 3, 4])
WORK = variable("work", [0, 1])
EAST = variable("east", [0, 1], rules={wave: WaveRule(wave, "complete", expr="region IN (3, 4)") for wave in ("a", "b")})
VARIABLES = [GENDER, REGION, WORK, EAST]
TWO = grouped("two", {1: 10, 2: 10, 3: 20, 4: 20})


@st.composite
def people(draw: st.DrawFn) -> dict[str, dict[str, list[object]]]:
    found: dict[str, dict[str, list[object]]] = {}
    for number in range(draw(st.integers(1, 14))):
        gender = draw(st.sampled_from([1, 2, "refused"]))
        waves: dict[str, list[object]] = {}
        for wave in draw(st.sampled_from([("a",), ("b",), ("a", "b")])):
            region = draw(st.sampled_from([1, 2, 3, 4, "dont_know"]))
            east = region if region == "dont_know" else int(region in (3, 4))
            waves[wave] = [gender, region, draw(st.sampled_from([0, 1])), east]
        found[f"p{number}"] = waves
    return found


@pytest.mark.slow
@settings(max_examples=40, deadline=None)
@given(people(), st.integers(2, 4), st.booleans(), st.sampled_from([0.0, 0.5]))
def test_the_published_table_satisfies_its_declaration(
    world: dict[str, dict[str, list[object]]], k: int, local: bool, starred: float
) -> None:
    rows = duckdb.connect()
    fill(rows, study(), VARIABLES, world)  # type: ignore[arg-type]
    keys = [Key("gender", "static"), Key("region", "varying", TWO, local=local), Key("work", "act", importance=2)]
    declaration = declare(keys, k, [Floor("everyone", "gender", "as_is", starred)])
    try:
        result = protect(rows, study(), VARIABLES, declaration, "open", MISSING)
    except DisclosureRefused:
        assert len(world) < k
        return
    published = histories(rows, result.table, result.keys)
    sizes = [list(published.values()).count(history) for history in published.values()]
    assert all(size >= k for size in sizes)
    assert result.smallest_class == min(sizes, default=None)
    assert len(published) == len(world) - result.persons_left_out
    _nothing_is_invented(rows, result.table, world, {each.id for each in result.variables})
    lost = _gender_lost(rows, result.table, world)
    assert result.go == (lost <= starred + 1e-9)


def _nothing_is_invented(
    rows: duckdb.DuckDBPyConnection, table: str, world: dict[str, dict[str, list[object]]], published: set[str]
) -> None:
    """Every published cell is the original, its group, or a star; what is derived from a star is starred too."""
    listed = ", ".join(f"{each.id}, {each.id}__why" for each in VARIABLES if each.id in published)
    names = [each.id for each in VARIABLES if each.id in published]
    for person, wave, *cells in rows.execute(f"SELECT person_id, wave, {listed or 'NULL'} FROM {table}").fetchall():
        shown = {name: (cells[2 * place], cells[2 * place + 1]) for place, name in enumerate(names)}
        for place, each in enumerate(VARIABLES):
            true = world[person][wave][place]
            value, why = shown.get(each.id, (None, "suppressed"))
            allowed = {(true, None), (10 if true in (1, 2) else 20, None)} if not isinstance(true, str) else {(None, true)}
            assert (value, why) in allowed | {(None, "suppressed")}
        if shown.get("region") == (None, "suppressed"):
            assert shown.get("east", (None, "suppressed")) == (None, "suppressed")


def _gender_lost(rows: duckdb.DuckDBPyConnection, table: str, world: dict[str, dict[str, list[object]]]) -> float:
    answers = sum(len(waves) for waves in world.values())
    columns = [name for name, *_ in rows.execute(f"DESCRIBE {table}").fetchall()]
    if "gender" not in columns:
        return 1.0
    kept = rows.execute(f"SELECT count(*) FROM {table} WHERE gender__why IS DISTINCT FROM 'suppressed'").fetchall()[0][0]
    return float(answers - kept) / answers
