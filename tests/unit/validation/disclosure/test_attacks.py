"""Every attack bites on a release that was made weak for it, and fails on one that is not."""

from __future__ import annotations

import hashlib
from datetime import date, timedelta
from pathlib import Path

import pytest

from planted import PEOPLE, Answers, World, attacked, broken, keyed, publish, secure_id

MEASURED = {"smallest_class", "individual_risk"}
IDENTITY = {*MEASURED, "nosy_neighbour", "few_facts", "path", "whole_history"}


def sex_and_mood(person: int, wave: str) -> Answers:
    """Two classes of 32; everybody has the same mood."""
    return {"sex": person % 2, "mood": 3}


def test_nothing_bites_on_a_release_of_two_large_classes(tmp_path: Path) -> None:
    world = World(sex_and_mood)
    found = attacked(publish(tmp_path / "r", world, ["sex"]), world)
    assert broken(found) == set()
    assert {each.rule.removeprefix("disclosure.") for each in found} >= IDENTITY | {"dictionary", "row_order"}


def test_an_exact_age_lets_the_neighbour_and_everybody_else_in(tmp_path: Path) -> None:
    world = World(lambda person, wave: {"age": person})
    assert broken(attacked(publish(tmp_path / "r", world, ["age"]), world)) >= IDENTITY | {"minimal_uniques"}
    banded = publish(tmp_path / "banded", world, ["age"], coarsen={"age": lambda age: age // 16})
    assert broken(attacked(banded, world)) == set()


def test_a_path_over_two_waves_bites_where_each_wave_alone_holds(tmp_path: Path) -> None:
    world = World(lambda person, wave: {"place": person // 8 if wave == "a" else person % 8})
    found = attacked(publish(tmp_path / "r", world, ["place"]), world)
    assert broken(found) == IDENTITY - {"nosy_neighbour"} | {"minimal_uniques"}
    assert {each.field for each in found if each.rule == "disclosure.path"} == {"place"}


def test_the_whole_history_bites_where_no_three_facts_and_no_single_wave_do(tmp_path: Path) -> None:
    def six_bits(person: int, wave: str) -> Answers:
        return {name: person >> (place + 3 * (wave == "b")) & 1 for place, name in enumerate("xyz")}

    world = World(six_bits)
    assert broken(attacked(publish(tmp_path / "r", world, list("xyz")), world)) == {*MEASURED, "whole_history"}


@pytest.mark.parametrize("make", [str, lambda token: hashlib.sha256(token.encode()).hexdigest()[:24]])
def test_an_id_that_anyone_can_compute_is_guessed(tmp_path: Path, make: type[str]) -> None:
    world = World(sex_and_mood)
    assert "dictionary" in broken(attacked(publish(tmp_path / "r", world, ["sex"], make=make), world, make=make))


def test_an_id_under_a_key_that_the_attacker_lacks_is_not_guessed(tmp_path: Path) -> None:
    world = World(sex_and_mood)
    assert "dictionary" not in broken(attacked(publish(tmp_path / "r", world, ["sex"], make=keyed), world))


def test_rows_in_the_private_order_are_noticed(tmp_path: Path) -> None:
    world = World(sex_and_mood)

    def in_order(token: str) -> str:
        return f"{int(token[1:]) + 5:04d}{keyed(token)}"

    assert broken(attacked(publish(tmp_path / "r", world, ["sex"], make=in_order), world, make=in_order)) == {"row_order"}


def test_a_star_that_another_column_gives_away_is_no_star(tmp_path: Path) -> None:
    def half(person: int, wave: str) -> frozenset[str]:
        return frozenset({"place"}) if person // 4 % 2 else frozenset()

    told = World(lambda person, wave: {"place": person % 4, "dialect": person % 4})
    assert broken(attacked(publish(tmp_path / "weak", told, ["place"], star=half), told)) >= {"starred"}
    untold = World(lambda person, wave: {"place": person % 4, "dialect": person // 8 % 4})
    assert "starred" not in broken(attacked(publish(tmp_path / "strong", untold, ["place"], star=half), untold))


def test_an_answer_that_follows_from_the_keys_is_told_as_residual_risk_and_blocks_nothing(tmp_path: Path) -> None:
    world = World(lambda person, wave: {"sex": person % 2, "mood": person % 2})
    found = [each for each in attacked(publish(tmp_path / "r", world, ["sex"]), world) if each.failed]
    assert [(each.rule, each.field, each.severity) for each in found] == [
        ("disclosure.attribute_gain", None, "info"), ("disclosure.inference", "mood", "info")
    ]  # fmt: skip
    free = World(lambda person, wave: {"sex": person % 2, "mood": person // 2 % 2})
    assert "inference" not in broken(attacked(publish(tmp_path / "free", free, ["sex"]), free))


def keyed_anew(token: str) -> str:
    return keyed(f"next {token}")


def test_two_recodings_that_cross_are_intersected(tmp_path: Path) -> None:
    world = World(lambda person, wave: {"age": person, "diary": person * 7 % PEOPLE})
    before = publish(tmp_path / "old", world, ["age"], coarsen={"age": lambda age: age // 8})
    crossing = publish(tmp_path / "weak", world, ["age"], coarsen={"age": lambda age: age % 8}, make=keyed_anew)
    old = (before, world.identities())
    assert broken(attacked(crossing, world, old, keyed_anew)) == {"two_releases", "relink"}
    nested = publish(tmp_path / "strong", world, ["age"], coarsen={"age": lambda age: age // 16}, make=keyed_anew)
    assert broken(attacked(nested, world, old, keyed_anew)) == {"relink"}


def test_releases_without_telling_answers_are_not_linked_again(tmp_path: Path) -> None:
    world = World(sex_and_mood)
    before = publish(tmp_path / "old", world, ["sex"])
    after = publish(tmp_path / "new", world, ["sex"], make=keyed_anew)
    assert broken(attacked(after, world, (before, world.identities()), keyed_anew)) == set()


def test_three_people_who_are_gone_show_in_the_difference(tmp_path: Path) -> None:
    world = World(sex_and_mood)
    before = publish(tmp_path / "old", world, ["sex"])
    for gone, expected in ((3, {"differencing"}), (10, set())):
        less = World(sex_and_mood, absent=frozenset((person, "b") for person in range(gone)))
        folder = publish(tmp_path / f"without {gone}", less, ["sex"], make=keyed_anew)
        found = attacked(folder, less, (before, world.identities()), keyed_anew)
        assert broken(found) & {"differencing"} == expected


def test_a_weight_that_nobody_shares_finds_its_owner(tmp_path: Path) -> None:
    weighed = World(lambda person, wave: {"sex": person % 2, "weight": 1 + person / 100})
    assert broken(attacked(publish(tmp_path / "weak", weighed, ["sex"], weight="weight"), weighed)) == {"weights"}
    shared = World(lambda person, wave: {"sex": person % 2, "weight": 1 + person // 2 % 2 / 100})
    found = attacked(publish(tmp_path / "strong", shared, ["sex"], weight="weight"), shared)
    assert broken(found) == set() and "disclosure.weights" in {each.rule for each in found}


def test_a_day_that_nobody_shares_finds_its_owner(tmp_path: Path) -> None:
    def asked_on(step: int) -> World:
        return World(lambda person, wave: {"sex": person % 2, "asked_on": date(2022, 3, 1) + timedelta(days=person // step)})

    for step, expected in ((1, {"weights"}), (16, set())):
        world = asked_on(step)
        assert broken(attacked(publish(tmp_path / str(step), world, ["sex"]), world)) == expected


def test_a_household_of_many_is_recognized_by_any_of_its_members(tmp_path: Path) -> None:
    def of_family(size: int) -> World:
        return World(lambda person, wave: {"sex": person % 2, "family": person // size})

    for size, expected in ((2, set()), (32, {"household_risk"})):
        world = of_family(size)
        assert broken(attacked(publish(tmp_path / str(size), world, ["sex"], household="family"), world)) == expected


def test_a_star_that_the_same_person_s_other_wave_gives_away_is_no_star(tmp_path: Path) -> None:
    def in_b(person: int, wave: str) -> frozenset[str]:
        return frozenset({"place"}) if wave == "b" and person // 4 % 2 else frozenset()

    stays = World(lambda person, wave: {"place": person % 4}, people=128)
    assert "starred" in broken(attacked(publish(tmp_path / "weak", stays, ["place"], star=in_b), stays))
    moves = World(lambda person, wave: {"place": (person if wave == "a" else person // 8) % 4}, people=128)
    assert "starred" not in broken(attacked(publish(tmp_path / "strong", moves, ["place"], star=in_b), moves))


def test_three_people_who_left_the_panel_show_though_every_wave_keeps_its_size(tmp_path: Path) -> None:
    """Three lose their second wave, three others are added to it: as many answered each wave as before."""
    only_b, only_a, nowhere = range(20), range(20, 40), range(61, 64)
    without_a = {(person, "a") for person in (*only_b, *nowhere)}
    before = World(sex_and_mood, absent=frozenset({*without_a, *((person, "b") for person in (*only_a, *nowhere))}))
    after = World(sex_and_mood, absent=frozenset({*without_a, *((person, "b") for person in (*only_a, 40, 41, 42))}))
    old = (publish(tmp_path / "old", before, ["sex"]), before.identities())
    folder = publish(tmp_path / "new", after, ["sex"], make=keyed_anew)
    assert "differencing" in broken(attacked(folder, after, old, keyed_anew))


def test_no_finding_names_a_person(tmp_path: Path) -> None:
    world = World(lambda person, wave: {"age": person})
    text = str(attacked(publish(tmp_path / "r", world, ["age"]), world))
    assert not any(name in text for person in range(PEOPLE) for name in (secure_id(person), keyed(secure_id(person))))


def test_a_study_that_states_no_keys_in_its_files_is_reported_and_not_passed_over(tmp_path: Path) -> None:
    world = World(sex_and_mood)
    folder = publish(tmp_path / "r", world, ["sex"])
    (folder / "manifest.json").write_text('{"disclosure": {"k": 5}}', encoding="utf-8")
    (found,) = attacked(folder, world)
    assert found.failed and found.blocks and found.message.startswith("not attacked")


def test_a_study_without_keys_is_one_class(tmp_path: Path) -> None:
    world = World(sex_and_mood)
    found = attacked(publish(tmp_path / "r", world, []), world)
    assert broken(found) == set()
    assert next(each.message for each in found if each.rule == "disclosure.smallest_class").startswith(
        f"smallest class {PEOPLE},"
    )
