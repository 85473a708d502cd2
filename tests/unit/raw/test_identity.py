"""Pseudonyms are keyed, separate by purpose, and say nothing of one another."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from panelpress.raw.identity import delivery_digest, keyed_digest, person_id, record_id, release_id, release_ids
from panelpress.raw.key import new_key

KEY = new_key()
TEXTS = st.lists(st.text(max_size=6), min_size=1, max_size=4)


@given(TEXTS, TEXTS)
def test_two_lists_of_parts_never_share_a_digest(left: list[str], right: list[str]) -> None:
    assert (keyed_digest(KEY, *left) == keyed_digest(KEY, *right)) == (left == right)


def test_a_person_has_one_id_in_all_waves_of_a_study_and_another_elsewhere() -> None:
    assert person_id(KEY, "a", "R-1") == person_id(KEY, "a", "R-1")
    ids = {person_id(KEY, "a", "R-1"), person_id(KEY, "b", "R-1"), person_id(KEY, "a", "R-2"), person_id(new_key(), "a", "R-1")}
    assert len(ids) == 4
    assert all(len(each) >= 24 for each in ids), "96 bits at least"


def test_padded_ids_are_other_persons_than_bare_ones() -> None:
    assert person_id(KEY, "a", "007") != person_id(KEY, "a", "7")


def test_a_record_id_differs_from_wave_to_wave_and_from_the_persons() -> None:
    assert len({record_id(KEY, "a", "w1", "7"), record_id(KEY, "a", "w2", "7"), person_id(KEY, "a", "7")}) == 3


def test_ids_of_two_releases_or_tiers_do_not_meet() -> None:
    ids = {release_id(KEY, version, tier, "p") for version in ("1.0.0", "1.0.1") for tier in ("open", "scientific_use")}
    assert len(ids) == 4
    assert release_ids(KEY, "1.0.0", "open", ["p"]) == {"p": release_id(KEY, "1.0.0", "open", "p")}


@pytest.mark.parametrize("content", [b"", b"a;b\n1;2\n", b"x" * 3_000_000])
def test_a_delivery_digest_is_keyed_and_follows_the_bytes(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "w.csv"
    file.write_bytes(content)
    digest = delivery_digest(KEY, file)
    assert digest == delivery_digest(KEY, file) != delivery_digest(new_key(), file)
    assert digest != hashlib.sha256(content).hexdigest()
    file.write_bytes(content + b"\n")
    assert delivery_digest(KEY, file) != digest
