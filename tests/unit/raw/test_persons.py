"""Linkage as intake does it: pseudonyms meet where people do, and counts say how many."""

from __future__ import annotations

import polars as pl
from raw_worlds import ROWS, STUDIES, contract, read_csv, register, write_csv

from panelpress.model.linkage import Crosswalk, Fact, StudyLinkage
from panelpress.paths import Places
from panelpress.raw.intake import Declared, IntakeResult, take_in
from panelpress.raw.key import PseudonymKey

RENAMED = [(f"X{number}", *row[1:]) for number, row in enumerate(ROWS)]


def run(places: Places, key: PseudonymKey, linkage: StudyLinkage | None = None) -> IntakeResult:
    declared = Declared(STUDIES, (contract("w1"), contract("w2")), (linkage,) if linkage else ())
    return take_in(places, key, [register(places, key, "w1"), register(places, key, "w2", RENAMED)], declared, read_csv)


def persons(places: Places, wave: str) -> set[str]:
    return set(pl.read_csv(places.wave_file("tiny", wave))["person_id"])


def test_a_private_file_of_pairs_joins_waves_and_changes_are_noticed(places: Places, key: PseudonymKey) -> None:
    linkage = StudyLinkage("tiny", ids="per_wave", crosswalks=(Crosswalk({"w1": "a", "w2": "b"}, file="pairs.csv"),))
    pairs = [(row[0], renamed[0]) for row, renamed in zip(ROWS, RENAMED, strict=True)]
    write_csv(places.deliveries / "pairs.csv", pairs[:3], ("a", "b"))
    result = run(places, key, linkage)
    assert len(persons(places, "w1") & persons(places, "w2")) == 3
    assert (result.persons[0].persons, result.persons[0].responses, result.persons[0].by_waves) == (7, 10, (4, 3))
    assert run(places, key, linkage).unchanged
    write_csv(places.deliveries / "pairs.csv", pairs, ("a", "b"))
    assert run(places, key, linkage).persons[0].by_waves == (0, 5)


def test_without_a_crosswalk_other_ids_are_other_people(places: Places, key: PseudonymKey) -> None:
    assert run(places, key).persons[0].by_waves == (10, 0)


def test_dangling_links_and_contradictions_become_findings(places: Places, key: PseudonymKey) -> None:
    fact = Fact("score", {"w1": "q1", "w2": "vote"})
    walk = Crosswalk({"w1": "a", "w2": "b"}, file="pairs.csv")
    write_csv(places.deliveries / "pairs.csv", [("R1", "X0"), ("LOST9", "X1")], ("a", "b"))
    result = run(places, key, StudyLinkage("tiny", ids="per_wave", crosswalks=(walk,), facts=(fact,)))
    found = {each.rule: (each.n_failed, each.n_total) for each in result.findings if each.resource == "tiny"}
    assert found == {"crosswalk_dangling": (1, 2), "fact_conflict": (1, 1)}
    assert "LOST9" not in repr(result)


def test_where_cleaning_decides_a_person_may_stand_twice_and_counts_in_one_wave(places: Places, key: PseudonymKey) -> None:
    twice = [*ROWS, (ROWS[0][0], *ROWS[1][1:])]
    declared = Declared(STUDIES, (contract("w1"),), cleaned=frozenset({"w1"}))
    counts = take_in(places, key, [register(places, key, "w1", twice)], declared, read_csv).persons[0]
    assert (counts.persons, counts.responses, counts.by_waves) == (5, 6, (5,))
    wave = pl.read_csv(places.wave_file("tiny", "w1"))
    assert wave["record_id"].n_unique() == 6 and wave["person_id"].n_unique() == 5
