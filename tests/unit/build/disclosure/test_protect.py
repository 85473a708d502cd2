"""The protected table: exact classes of linked histories, floors, closure, what is left out."""

from __future__ import annotations

from dataclasses import replace

import duckdb
import pytest
from panels import MISSING, classes, cut, declare, fill, grouped, histories, study, variable

from panelpress.build.disclosure.earlier import Earlier
from panelpress.build.disclosure.protect import protect
from panelpress.errors import BuildRefused, DisclosureRefused
from panelpress.model.disclosure import Floor, Key, Stratum, StudyRules
from panelpress.model.study import Sample
from panelpress.model.variable import WaveRule

GENDER = variable("gender", [1, 2])
REGION = variable("region", [1, 2, 3, 4])
TWO = grouped("two", {1: 10, 2: 10, 3: 20, 4: 20})


@pytest.fixture
def rows() -> duckdb.DuckDBPyConnection:
    return duckdb.connect()


def world(n: int) -> dict[str, dict[str, list[int]]]:
    """``n`` persons of each gender and region in wave a; half of them again in wave b, in the next region."""
    people: dict[str, dict[str, list[int]]] = {}
    for gender in (1, 2):
        for region in (1, 2, 3, 4):
            for number in range(n):
                waves = {"a": [gender, region]}
                if number % 2:
                    waves["b"] = [gender, region % 4 + 1]
                people[f"p{gender}{region}{number}"] = waves
    return people


def test_every_exact_class_of_the_linked_history_holds_k_persons(rows: duckdb.DuckDBPyConnection) -> None:
    fill(rows, study(), [GENDER, REGION], world(5))
    keys = [Key("gender", "static"), Key("region", "varying", TWO)]
    result = protect(rows, study(), [GENDER, REGION], declare(keys, 4), "open", MISSING)
    assert classes(rows, result.table, ["gender", "region"])[0] >= 4
    assert result.smallest_class == classes(rows, result.table, result.keys)[0]
    assert result.persons_left_out == 0


def test_nothing_is_changed_where_everyone_is_safe(rows: duckdb.DuckDBPyConnection) -> None:
    fill(rows, study(), [GENDER, REGION], world(8))
    keys = [Key("gender", "static"), Key("region", "varying", TWO)]
    result = protect(rows, study(), [GENDER, REGION], declare(keys, 4), "open", MISSING)
    assert result.levels == {"gender": ("as_is",), "region": ("as_is",)}
    same = rows.execute(f"SELECT count(*) FROM (SELECT * FROM {result.table} EXCEPT SELECT * FROM tiny_responses)").fetchall()[0]
    assert same == (0,)


def test_a_recoded_key_is_published_with_the_code_list_of_its_level(rows: duckdb.DuckDBPyConnection) -> None:
    fill(rows, study(("a",)), [GENDER, REGION], {f"p{n}": {"a": [1, n % 4 + 1]} for n in range(8)})
    result = protect(rows, study(("a",)), [GENDER, REGION], declare([Key("region", "varying", TWO)], 4), "open", MISSING)
    published = next(each for each in result.variables if each.id == "region")
    assert [category.code for category in published.categories] == [10, 20]
    assert {code for (code,) in rows.execute(f"SELECT region FROM {result.table}").fetchall()} == {10, 20}


def test_a_rare_missing_reason_is_a_fingerprint_too(rows: duckdb.DuckDBPyConnection) -> None:
    people = {f"p{n}": {"a": [1]} for n in range(6)} | {f"q{n}": {"a": ["refused"]} for n in range(2)}
    fill(rows, study(("a",)), [GENDER], people)
    result = protect(rows, study(("a",)), [GENDER], declare([Key("gender", "static")], 3), "open", MISSING)
    assert classes(rows, result.table, ["gender"])[0] >= 3
    starred = rows.execute(f"SELECT count(*) FROM {result.table} WHERE gender__why = 'suppressed'").fetchall()[0]
    assert starred == (3,)


def test_responses_are_withheld_where_taking_part_is_itself_unique(rows: duckdb.DuckDBPyConnection) -> None:
    people = {f"p{n}": {"a": [1]} for n in range(6)} | {"q": {"a": [1], "b": [1]}}
    fill(rows, study(), [GENDER], people)
    result = protect(rows, study(), [GENDER], declare([Key("gender", "static")], 3), "open", MISSING)
    assert (result.responses, result.responses_withheld, result.persons_left_out) == (8, 1, 0)
    assert classes(rows, result.table, ["gender"]) == [7]


def test_a_person_whose_every_response_is_unique_is_left_out(rows: duckdb.DuckDBPyConnection) -> None:
    fill(rows, study(), [GENDER], {f"p{n}": {"a": [1]} for n in range(6)} | {"q": {"b": [1]}})
    result = protect(rows, study(), [GENDER], declare([Key("gender", "static")], 3), "open", MISSING)
    assert (result.persons_left_out, result.responses_withheld) == (1, 1)
    assert set(histories(rows, result.table, ["gender"])) == {f"p{n}" for n in range(6)}


def test_a_floor_that_cannot_be_kept_is_a_no_go_that_names_it(rows: duckdb.DuckDBPyConnection) -> None:
    fill(rows, study(("a",)), [REGION], {f"p{n}": {"a": [n % 4 + 1]} for n in range(8)})
    floor = Floor("everyone", "region", "as_is", 0.25)
    result = protect(rows, study(("a",)), [REGION], declare([Key("region", "varying", TWO)], 4, [floor]), "open", MISSING)
    assert not result.go
    assert "the floor `region` at `as_is` in `everyone`" in result.refusals[0]
    with pytest.raises(DisclosureRefused, match="NO-GO: the floor `region`"):
        result.require()


def test_a_starred_source_stars_what_is_derived_from_it(rows: duckdb.DuckDBPyConnection) -> None:
    man = variable("man", [0, 1], rules={"a": WaveRule("a", "complete", expr="gender = 2")})
    people = {f"p{n}": {"a": [1, 0]} for n in range(6)} | {"q": {"a": [2, 1]}}
    fill(rows, study(("a",)), [GENDER, man], people)
    result = protect(rows, study(("a",)), [GENDER, man], declare([Key("gender", "static")], 3), "open", MISSING)
    assert "man" not in result.left_out
    both = rows.execute(
        f"SELECT count(*) FILTER (gender__why = 'suppressed'), count(*) FILTER (man__why = 'suppressed'), "
        f"count(*) FILTER (gender__why = 'suppressed' AND man__why = 'suppressed') FROM {result.table}"
    ).fetchall()[0]
    assert both == (3, 3, 3)


def test_a_variable_that_would_return_what_was_coarsened_is_left_out(rows: duckdb.DuckDBPyConnection) -> None:
    first = variable("in_first", [0, 1], rules={"a": WaveRule("a", "complete", expr="region = 1")})
    people = {f"p{n}": {"a": [n % 4 + 1, int(n % 4 == 0)]} for n in range(8)}
    fill(rows, study(("a",)), [REGION, first], people)
    result = protect(rows, study(("a",)), [REGION, first], declare([Key("region", "varying", TWO)], 4), "open", MISSING)
    assert result.levels["region"] == ("one",)
    assert "would return what was coarsened in region" in result.left_out["in_first"]
    assert "in_first" not in {each.id for each in result.variables}


def test_being_routed_past_an_item_does_not_give_the_routing_answer_away(rows: duckdb.DuckDBPyConnection) -> None:
    abroad = variable("abroad", [0, 1], ("a",))
    permit = variable(
        "permit",
        [1, 2],
        rules={"a": WaveRule("a", "complete", source=("stay", "raw abroad"), map_on="stay", universe='"raw abroad" = 1')},
    )
    people = {f"p{n}": {"a": [1, 1 + n % 2]} for n in range(6)} | {"q": {"a": [0, "not_applicable"]}}
    fill(rows, study(("a",)), [abroad, permit], people)
    result = protect(rows, study(("a",)), [abroad, permit], declare([Key("abroad", "varying")], 3), "open", MISSING)
    told = rows.execute(f"SELECT count(*) FROM {result.table} WHERE permit__why = 'not_applicable'").fetchall()[0]
    assert told == (0,)


def test_persons_of_one_wave_may_keep_a_key_that_the_panel_withholds(rows: duckdb.DuckDBPyConnection) -> None:
    people = {f"p{n}": {"a": [1 + n % 4]} for n in range(16)}
    people |= {f"q{n}": {"a": [1 + n % 4], "b": [1 + (n // 2) % 4]} for n in range(8)}
    fill(rows, study(), [REGION], people)
    strata = (Stratum("once", "n_waves() = 1"), Stratum("panel", "n_waves() > 1"))
    declaration = declare([Key("region", "varying")], 4, [Floor("once", "region", "as_is", 0.0)], strata=strata)
    result = protect(rows, study(), [REGION], declaration, "open", MISSING)
    assert result.go
    assert classes(rows, result.table, ["region"])[0] >= 4
    shown = histories(rows, result.table, ["region"])
    assert {cells[0][1] for person, cells in shown.items() if person.startswith("p")} == {1, 2, 3, 4}


def test_two_floors_of_one_key_bind_together(rows: duckdb.DuckDBPyConnection) -> None:
    """The looser of both, alone, would let every region be published as a group."""
    fill(rows, study(("a",)), [REGION], {f"p{n}": {"a": [1 + n % 4]} for n in range(16)} | {"q": {"a": [1]}})
    floors = [Floor("everyone", "region", "one", 0.0), Floor("everyone", "region", "as_is", 0.5)]
    key = Key("region", "static", TWO, local=True)
    result = protect(rows, study(("a",)), [REGION], declare([key], 4, floors), "open", MISSING)
    assert result.go
    assert result.levels["region"][0] == "as_is"


def test_fewer_persons_than_k_are_refused_without_telling_how_many(rows: duckdb.DuckDBPyConnection) -> None:
    fill(rows, study(("a",)), [GENDER], {"p": {"a": [1]}, "q": {"a": [2]}})
    with pytest.raises(DisclosureRefused, match="< 5 persons"):
        protect(rows, study(("a",)), [GENDER], declare([Key("gender", "static")], 5), "open", MISSING)


def test_a_cell_without_value_and_reason_is_refused(rows: duckdb.DuckDBPyConnection) -> None:
    fill(rows, study(("a",)), [GENDER], {f"p{n}": {"a": [None]} for n in range(9)})
    with pytest.raises(BuildRefused, match="9 cells are empty for no reason"):
        protect(rows, study(("a",)), [GENDER], declare([Key("gender", "static")], 5), "open", MISSING)


def test_a_hole_in_a_hierarchy_is_refused_with_its_level(rows: duckdb.DuckDBPyConnection) -> None:
    fill(rows, study(("a",)), [REGION], {f"p{n}": {"a": [n % 4 + 1]} for n in range(40)})
    holed = grouped("holed", {1: 10, 2: 10, 3: 20})
    with pytest.raises(DisclosureRefused, match="the level `one` has a hole: 10 answers"):
        protect(rows, study(("a",)), [REGION], declare([Key("region", "varying", holed)], 5), "open", MISSING)


def test_a_list_of_records_is_protected_record_by_record(rows: duckdb.DuckDBPyConnection) -> None:
    interviews = study(("a",), kind="records")
    fill(rows, interviews, [GENDER, REGION], {f"r{n}": {"a": [1 + n % 2, 1 + n % 4]} for n in range(12)})
    keys = [Key("gender", "static"), Key("region", "static", TWO)]
    result = protect(rows, interviews, [GENDER, REGION], declare(keys, 3), "open", MISSING)
    assert result.smallest_class is not None and result.smallest_class >= 3


def test_names_with_hyphen_space_and_cyrillic_letters_work(rows: duckdb.DuckDBPyConnection) -> None:
    names = ["marital-status", "who asked", "пол"]
    variables = [variable(each, [1, 2], ("a",)) for each in names]
    fill(rows, study(("a",)), variables, {f"p{n}": {"a": [1 + n % 2, 1 + n // 2 % 2, 1 + n // 4 % 2]} for n in range(12)})
    keys = [Key("marital-status", "static"), Key("who asked", "varying"), Key("пол", "act")]
    result = protect(rows, study(("a",)), variables, declare(keys, 4), "open", MISSING)
    assert set(result.keys) <= set(names)
    assert classes(rows, result.table, result.keys)[0] >= 4


def joint_classes(rows: duckdb.DuckDBPyConnection, *tables: tuple[str, list[str]]) -> list[int]:
    """Sizes of the classes of persons alike in all tables together, as one who links them all would count."""
    shown = [histories(rows, table, keys) for table, keys in tables]
    persons = {person for each in shown for person in each}
    joint = [tuple(each.get(person) for each in shown) for person in persons]
    return sorted(joint.count(history) for history in set(joint))


def test_two_releases_together_divide_nobody_below_k(rows: duckdb.DuckDBPyConnection) -> None:
    people = {f"p{n}": {"a": [1 + n % 2, 1 + n % 4]} for n in range(24)}
    fill(rows, study(("a",)), [GENDER, REGION], people)
    keys = [Key("gender", "static"), Key("region", "varying", TWO)]
    first = protect(rows, study(("a",)), [GENDER, REGION], declare(keys, 4), "open", MISSING, target="first")
    later = {person: waves | ({"b": waves["a"]} if n % 3 == 0 else {}) for n, (person, waves) in enumerate(people.items())}
    fill(rows, study(), [GENDER, REGION], later)
    alone = protect(rows, study(), [GENDER, REGION], declare(keys, 4), "open", MISSING, target="alone")
    assert joint_classes(rows, ("first", list(first.keys)), ("alone", list(alone.keys)))[0] < 4
    earlier = [Earlier("first", "first", first.keys)]
    second = protect(rows, study(), [GENDER, REGION], declare(keys, 4), "open", MISSING, target="second", earlier=earlier)
    assert joint_classes(rows, ("first", list(first.keys)), ("second", list(second.keys)))[0] >= 4
    assert second.smallest_joint_class is not None
    assert second.smallest_joint_class >= 4


def test_a_class_that_shrank_below_k_gets_nothing_new(rows: duckdb.DuckDBPyConnection) -> None:
    people = {f"p{n}": {"a": [1]} for n in range(8)} | {f"q{n}": {"a": [2]} for n in range(4)}
    fill(rows, study(("a",)), [GENDER], people)
    declaration = declare([Key("gender", "static")], 4)
    first = protect(rows, study(("a",)), [GENDER], declaration, "open", MISSING, target="first")
    left = {person: waves | {"b": waves["a"]} for person, waves in people.items() if person != "q0"}
    fill(rows, study(), [GENDER], left)
    earlier = [Earlier("first", "first", first.keys)]
    protect(rows, study(), [GENDER], declaration, "open", MISSING, target="second", earlier=earlier)
    shown = histories(rows, "second", ["gender"])
    assert {person for person in shown if person.startswith("q")} == set()
    assert all(len(shown[f"p{n}"]) == 2 for n in range(8))


def test_early_releases_may_have_rules_of_their_own(rows: duckdb.DuckDBPyConnection) -> None:
    fill(rows, study(("a",)), [GENDER, REGION], {f"p{n}": {"a": [1 + n % 2, 1 + n % 4]} for n in range(24)})
    declaration = declare([Key("gender", "static"), Key("region", "varying", TWO)], 4)
    early = StudyRules("tiny", finest={"region": "one"}, withhold=("gender",))
    tiers = {"open": replace(declaration.tiers["open"], studies={"tiny": StudyRules("tiny", before=(("b", early),))})}
    result = protect(rows, study(("a",)), [GENDER, REGION], replace(declaration, tiers=tiers), "open", MISSING)
    assert result.levels == {"region": ("one",)}


def test_a_person_unit_floor_counts_persons(rows: duckdb.DuckDBPyConnection) -> None:
    people = {f"p{n}": {"a": [1 + n % 2], "b": [1 + n % 2]} for n in range(12)} | {"q": {"a": ["refused"], "b": [1]}}
    fill(rows, study(), [GENDER], people)
    sample = Sample("all", "tiny", study().title, None, unit="person")
    declaration = declare([Key("gender", "varying", star="cell")], 4, [Floor("all", "gender", "as_is", 0.0)])
    result = protect(rows, study(), [GENDER], declaration, "open", MISSING, [sample])
    assert result.go
    assert next(cost for cost in result.costs if cost.sample == "all").keys[0].starred > 0


def test_bands_of_numbers_and_days_are_published_by_their_bounds(rows: duckdb.DuckDBPyConnection) -> None:
    """Both kinds of cuts, from declaration to table: the loss of a band is its width within what occurs."""
    age = variable("age", [], ("a",), type="integer", minimum=20, maximum=39)
    left = variable("left_on", [], ("a",), type="date")
    rows.execute("CREATE TABLE tiny_responses (person_id VARCHAR, wave VARCHAR, age BIGINT, age__why VARCHAR)")
    rows.execute("ALTER TABLE tiny_responses ADD COLUMN left_on DATE")
    rows.execute("ALTER TABLE tiny_responses ADD COLUMN left_on__why VARCHAR")
    rows.execute(
        "INSERT INTO tiny_responses SELECT 'p' || n, 'a', 20 + n, NULL, DATE '2022-09-01' + n::INTEGER, NULL FROM range(20) AS t(n)"
    )
    bands = cut("bands", "30"), cut("weeks", "2022-09-11")
    keys = [Key("age", "varying", bands[0]), Key("left_on", "varying", bands[1])]
    result = protect(rows, study(("a",)), [age, left], declare(keys, 5), "open", MISSING)
    assert result.levels == {"age": ("cut",), "left_on": ("cut",)}
    shown = rows.execute(f"SELECT age, left_on, count(*) FROM {result.table} GROUP BY ALL ORDER BY ALL").fetchall()
    assert shown == [(101, 101, 10), (102, 102, 10)]
    assert [round(key.ncp, 3) for key in result.costs[0].keys] == [round(9 / 19, 3), round(9 / 19, 3)]
