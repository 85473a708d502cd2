"""For random small panels and hierarchies the published table satisfies its declaration, judged person by person in plain Python."""

from __future__ import annotations

from dataclasses import replace

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from panels import MISSING, declare, fill, grouped, histories, study, variable

from panelpress.build.disclosure.earlier import Earlier
from panelpress.build.disclosure.protect import protect
from panelpress.errors import DisclosureRefused
from panelpress.model.disclosure import Floor, Hierarchy, Key
from panelpress.model.protection import ProtectionResult
from panelpress.model.variable import WaveRule

GENDER = variable("gender", [1, 2])
REGION = variable("region", [1, 2, 3, 4])
WORK = variable("work", [0, 1])
EAST = variable("east", [0, 1], rules={wave: WaveRule(wave, "complete", expr="region IN (3, 4)") for wave in ("a", "b")})
VOTE = variable("vote", [1, 2, 3])
VARIABLES = [GENDER, REGION, WORK, EAST, VOTE]


@st.composite
def hierarchies(draw: st.DrawFn) -> Hierarchy:
    """Up to two nested levels over the four regions: groups 11 to 13, and 21 to 22 of those."""
    fine = {code: draw(st.sampled_from([11, 12, 13])) for code in (1, 2, 3, 4)}
    joined = {group: draw(st.sampled_from([21, 22])) for group in sorted(set(fine.values()))}
    levels = [fine, {code: joined[group] for code, group in fine.items()}]
    return grouped("drawn", *levels[: draw(st.integers(1, 2))])


@st.composite
def people(draw: st.DrawFn) -> dict[str, dict[str, list[object]]]:
    found: dict[str, dict[str, list[object]]] = {}
    for number in range(draw(st.integers(1, 14))):
        gender = draw(st.sampled_from([1, 2, "refused"]))
        waves: dict[str, list[object]] = {}
        for wave in draw(st.sampled_from([("a",), ("b",), ("a", "b")])):
            region = draw(st.sampled_from([1, 2, 3, 4, "dont_know"]))
            east = region if region == "dont_know" else int(region in (3, 4))
            waves[wave] = [gender, region, draw(st.sampled_from([0, 1])), east, draw(st.sampled_from([1, 2, 3]))]
        found[f"p{number}"] = waves
    return found


@pytest.mark.slow
@settings(max_examples=40, deadline=None)
@given(people(), hierarchies(), st.integers(2, 4), st.integers(1, 2), st.booleans(), st.sampled_from([0.0, 0.5]))
def test_the_published_table_satisfies_its_declaration(
    world: dict[str, dict[str, list[object]]], regions: Hierarchy, k: int, diversity: int, local: bool, starred: float
) -> None:
    rows = duckdb.connect()
    fill(rows, study(), VARIABLES, world)  # type: ignore[arg-type]
    keys = [Key("gender", "static"), Key("region", "varying", regions, local=local), Key("work", "act", importance=2)]
    declaration = declare(keys, k, [Floor("everyone", "gender", "as_is", starred)], sensitive=("vote",))
    declaration = replace(declaration, tiers={"open": replace(declaration.tiers["open"], diversity=diversity)})
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
    _nothing_is_invented(rows, result.table, world, {each.id for each in result.variables}, regions)
    _one_level(rows, result, regions, local)
    _answers_differ(rows, result.table, published, diversity)
    lost = _gender_lost(rows, result.table, world)
    assert result.go == (lost <= starred + 1e-9)


@pytest.mark.slow
@settings(max_examples=40, deadline=None)
@given(people(), hierarchies(), hierarchies(), st.integers(2, 4))
def test_two_releases_whose_recodings_do_not_nest_divide_no_shared_person_below_k(
    world: dict[str, dict[str, list[object]]], first_regions: Hierarchy, regions: Hierarchy, k: int
) -> None:
    rows = duckdb.connect()
    seen = {person: {"a": waves["a"]} for person, waves in world.items() if "a" in waves}

    def release(
        target: str, waves: tuple[str, ...], given: dict[str, dict[str, list[object]]], of: Hierarchy
    ) -> list[str] | None:
        """The keys that ``target`` shows; None where nobody could be shown anything."""
        fill(rows, study(waves), VARIABLES, given)  # type: ignore[arg-type]
        keys = [Key("gender", "static"), Key("region", "varying", of), Key("work", "act")]
        earlier = [Earlier("first", "first", tuple(shown))] if shown is not None else []
        try:
            return list(protect(rows, study(waves), VARIABLES, declare(keys, k), "open", MISSING, (), target, earlier).keys)
        except DisclosureRefused:
            assert len(given) < k
            return None

    shown: list[str] | None = None
    shown = release("first", ("a",), seen, first_regions) if seen else None
    later = release("second", ("a", "b"), world, regions)
    if shown is None or later is None:
        return
    before, after = histories(rows, "first", shown), histories(rows, "second", later)
    together = [(before.get(person), history) for person, history in after.items()]
    assert all(together.count(each) >= k for each in together)


def _one_level(rows: duckdb.DuckDBPyConnection, result: ProtectionResult, regions: Hierarchy, local: bool) -> None:
    """A key that is not local is published at one level, and its code list holds all that is published."""
    if "region" not in result.keys:
        return
    assert local or len(result.levels["region"]) == 1
    declared = {category.code for each in result.variables if each.id == "region" for category in each.categories}
    assert {code for (code,) in rows.execute(f"SELECT DISTINCT region FROM {result.table}").fetchall()} - {None} <= declared
    if not local and result.levels["region"] != ("as_is",):
        level = next(each for each in regions.levels if each.id == result.levels["region"][0])
        assert declared == {category.code for category in level.categories}


def _answers_differ(
    rows: duckdb.DuckDBPyConnection, table: str, published: dict[str, tuple[object, ...]], diversity: int
) -> None:
    """Every class shows enough different answers in each wave, or stars all of them."""
    given: dict[tuple[object, str], list[object]] = {}
    for person, wave, vote, why in rows.execute(f"SELECT person_id, wave, vote, vote__why FROM {table}").fetchall():
        given.setdefault((published[person], wave), []).append(vote if why is None else why)
    for answers in given.values():
        assert len(set(answers)) >= diversity or set(answers) == {"suppressed"}


def _nothing_is_invented(
    rows: duckdb.DuckDBPyConnection,
    table: str,
    world: dict[str, dict[str, list[object]]],
    published: set[str],
    regions: Hierarchy,
) -> None:
    """Every published cell is the original, its group, or a star; what is derived from a star is starred too."""
    listed = ", ".join(f"{each.id}, {each.id}__why" for each in VARIABLES if each.id in published)
    names = [each.id for each in VARIABLES if each.id in published]
    for person, wave, *cells in rows.execute(f"SELECT person_id, wave, {listed or 'NULL'} FROM {table}").fetchall():
        shown = {name: (cells[2 * place], cells[2 * place + 1]) for place, name in enumerate(names)}
        for place, each in enumerate(VARIABLES):
            true = world[person][wave][place]
            value, why = shown.get(each.id, (None, "suppressed"))
            coarser = (
                {(level.parents[true], None) for level in regions.levels} if each is REGION and true in (1, 2, 3, 4) else set()
            )
            allowed = {(None, true)} if isinstance(true, str) else {(true, None)} | coarser
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
