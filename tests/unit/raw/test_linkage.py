"""Who is who over the waves: stable ids, other ids in each wave, ids that repeat from country to country."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from panelpress.errors import IntakeRefused
from panelpress.model.linkage import Crosswalk, StudyLinkage
from panelpress.raw.linkage import Linked, link

ORDER = ("w1", "w2", "w3")
Columns = Mapping[str, Sequence[str | None]]


def linked(linkage: StudyLinkage, waves: Mapping[str, Columns], files: Mapping[str, Columns] | None = None) -> Linked:
    frames = {wave: pl.DataFrame(dict(columns), schema=dict.fromkeys(columns, pl.String)) for wave, columns in waves.items()}
    tables = {
        name: pl.DataFrame(dict(columns), schema=dict.fromkeys(columns, pl.String)) for name, columns in (files or {}).items()
    }
    return link(linkage, ORDER, frames, {wave: frame["id"] for wave, frame in frames.items()}, tables)


def test_a_stable_id_is_one_person_in_every_wave_and_stays_text() -> None:
    told = linked(StudyLinkage("s"), {"w1": {"id": ["7", "007"]}, "w2": {"id": ["007", "8"]}})
    assert told.persons == {"w1": [("7",), ("007",)], "w2": [("007",), ("8",)]}


def test_ids_that_differ_only_in_padding_are_counted() -> None:
    waves = {"w1": {"id": ["007", "A1", "9"]}, "w2": {"id": ["7", " a1 ", "9"]}, "w3": {"id": ["0007", "5"]}}
    assert linked(StudyLinkage("s"), waves).padded == 3


def test_an_id_of_its_own_in_each_wave_means_nothing_elsewhere() -> None:
    told = linked(StudyLinkage("s", ids="per_wave"), {"w1": {"id": ["1"]}, "w2": {"id": ["1"]}})
    assert told.persons["w1"] != told.persons["w2"]


def test_a_delivery_can_tell_the_ids_of_an_earlier_wave() -> None:
    linkage = StudyLinkage("s", ids="per_wave", crosswalks=(Crosswalk({"w1": "before"}, wave="w2"),))
    waves = {"w1": {"id": ["1", "2"]}, "w2": {"id": ["9", "8", "7"], "before": ["1", None, " "]}}
    told = linked(linkage, waves)
    assert told.persons["w2"][0] == told.persons["w1"][0] == ("w1", "1")
    assert len({*told.persons["w1"], *told.persons["w2"]}) == 4
    [walk] = told.crosswalks
    assert (walk.links, walk.blank, walk.dangling) == (1, 2, 0)


def test_links_close_over_waves_also_through_somebody_who_is_gone() -> None:
    linkage = StudyLinkage(
        "s", ids="per_wave", crosswalks=(Crosswalk({"w1": "a", "w2": "b"}, file="x.csv"), Crosswalk({"w2": "before"}, wave="w3"))
    )
    waves = {"w1": {"id": ["1"]}, "w2": {"id": ["other"]}, "w3": {"id": ["3"], "before": ["gone"]}}
    told = linked(linkage, waves, {"x.csv": {"a": ["1"], "b": ["gone"]}})
    assert told.persons["w3"] == told.persons["w1"]
    assert [walk.dangling for walk in told.crosswalks] == [1, 1]


def test_a_new_wave_never_renames_a_person() -> None:
    linkage = StudyLinkage("s", ids="per_wave", crosswalks=(Crosswalk({"w1": "a", "w2": "b", "w3": "c"}, file="x.csv"),))
    pairs = {"x.csv": {"a": ["1", None], "b": ["2", "5"], "c": ["0", "4"]}}
    two = {"w1": {"id": ["1"]}, "w2": {"id": ["2", "5"]}}
    before = linked(linkage, two, pairs).persons
    after = linked(linkage, {**two, "w3": {"id": ["0", "4"]}}, pairs).persons
    assert after["w1"] == before["w1"] and after["w2"] == before["w2"]
    assert after["w3"] == before["w2"]


def test_ids_that_are_unique_within_a_country_only_do_not_meet_across_countries() -> None:
    linkage = StudyLinkage("s", within={"w1": "country", "w2": "where"})
    waves = {"w1": {"id": ["1", "1"], "country": ["GE", "AM"]}, "w2": {"id": ["1"], "where": ["AM"]}}
    told = linked(linkage, waves)
    assert told.persons == {"w1": [("GE", "1"), ("AM", "1")], "w2": [("AM", "1")]}


def test_who_moved_to_another_country_is_found_by_a_crosswalk_that_says_where_the_id_was_given() -> None:
    within = {"w1": "country", "w2": "country"}
    moved = Crosswalk({"w1": "before"}, wave="w2", within={"w1": "country_before"})
    waves = {
        "w1": {"id": ["1", "1"], "country": ["GE", "AM"]},
        "w2": {"id": ["1"], "country": ["RS"], "before": ["1"], "country_before": ["AM"]},
    }
    told = linked(StudyLinkage("s", within=within, crosswalks=(moved,)), waves)
    assert told.persons["w2"] == [("AM", "1")]


def test_a_crosswalk_that_makes_one_person_of_two_is_refused_by_count() -> None:
    linkage = StudyLinkage("s", ids="per_wave", crosswalks=(Crosswalk({"w1": "before"}, wave="w2"),))
    waves = {"w1": {"id": ["SECRET1"]}, "w2": {"id": ["SECRET2", "SECRET3"], "before": ["SECRET1", "SECRET1"]}}
    with pytest.raises(IntakeRefused, match="one person of two ids of wave w2, 1 times") as refused:
        linked(linkage, waves)
    assert "SECRET" not in str(refused.value)


def test_a_column_that_is_not_delivered_is_refused() -> None:
    linkage = StudyLinkage("s", crosswalks=(Crosswalk({"w1": "before"}, wave="w2"),))
    with pytest.raises(IntakeRefused, match="`before`"):
        linked(linkage, {"w1": {"id": ["1"]}, "w2": {"id": ["1"]}})


def test_a_wave_that_has_not_come_yet_is_waited_for() -> None:
    linkage = StudyLinkage("s", crosswalks=(Crosswalk({"w1": "before"}, wave="w2"),))
    assert linked(linkage, {"w1": {"id": ["1"]}}).crosswalks[0].links == 0


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=8))
def test_two_ids_are_one_person_exactly_if_a_chain_of_links_joins_them(pairs: list[tuple[int, int]]) -> None:
    linkage = StudyLinkage("s", ids="per_wave", crosswalks=(Crosswalk({"w1": "a", "w2": "b"}, file="x.csv"),))
    group = {("w1", each): {("w1", each)} for each in range(10)} | {("w2", each): {("w2", each)} for each in range(10)}
    for one, other in pairs:
        merged = group[("w1", one)] | group[("w2", other)]
        for node in merged:
            group[node] = merged
    merges = any(sum(wave == own for wave, _ in each) > 1 for each in group.values() for own in ("w1", "w2"))
    ids = [str(each) for each in range(10)]
    walk = {"x.csv": {"a": [str(one) for one, _ in pairs], "b": [str(other) for _, other in pairs]}}
    try:
        told = linked(linkage, {"w1": {"id": ids}, "w2": {"id": ids}}, walk)
    except IntakeRefused:
        assert merges
        return
    assert not merges
    for one in range(10):
        for other in range(10):
            same = told.persons["w1"][one] == told.persons["w2"][other]
            assert same == (("w2", other) in group[("w1", one)])
