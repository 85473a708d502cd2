"""A release says of itself how many persons of the release before can be found in it by answers that did not change."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

import chain_world
from panelpress.publish.gate.relinked import with_relinked
from panelpress.publish.protection.protection_facts import Relinked, study_protections
from panelpress.publish.tables.assemble import Assembled
from panelpress.publish.versions.documents import readme
from panelpress.publish.versions.staging import write_files
from releasing import ORIGIN

ONE_OF_A_KIND = "UPDATE tiny_responses SET age = CAST(substr(person_id, 2) AS INTEGER) WHERE wave = 'a' AND person_id < 'p020'"


def edition_of(version: str, *change: str) -> Assembled:
    edition = chain_world.plan(version)
    said = {"k": 3, "class_size": 3, "max_risk": 0.34, "keys": ["gender", "country"]}
    return chain_world.made(version, change, replace(edition, disclosure={"k": 3, "studies": {"tiny": said}}))


def second(folder: Path, *change: str) -> Assembled:
    """The release after one in which twenty of sixty persons gave an age that nobody else gave."""
    first = edition_of("0.1.0", ONE_OF_A_KIND)
    before = folder / "0.1.0"
    before.mkdir()
    write_files(before, first.edition, first.rows, ORIGIN)
    return with_relinked(edition_of("0.2.0", *change), before, first.identities)


def said_of(made: Assembled) -> Relinked | None:
    (said,) = study_protections(made.edition.disclosure)
    return said.relinked


def test_unchanged_answers_that_nobody_shares_are_found_again_and_the_readme_says_so(tmp_path: Path) -> None:
    made = second(tmp_path, ONE_OF_A_KIND)
    assert said_of(made) == Relinked("0.1.0", 60, 0.333, 1.0)
    told = "- `tiny`: 33.3% of 60 persons of version 0.1.0 can be found again by answers that did not change; 100.0% of these"
    assert told in readme(made.edition, made.rows)


@pytest.mark.parametrize(
    ("change", "linked", "right"),
    [
        pytest.param(f"{ONE_OF_A_KIND} AND person_id < 'p010'", 0.167, 1.0, id="ten of them were made alike"),
        pytest.param("SELECT 1", 0.0, None, id="all of them were made alike"),
        pytest.param(
            ONE_OF_A_KIND.replace("CAST(substr(person_id, 2) AS INTEGER)", "CAST(substr(person_id, 2) AS INTEGER) // 6 * 6 + 5"),
            0.0, None, id="nobody is alone with an answer",
        ),
        pytest.param(
            ONE_OF_A_KIND.replace("CAST(substr(person_id, 2) AS INTEGER)", "(CAST(substr(person_id, 2) AS INTEGER) + 6) % 20"),
            0.233, 0.0, id="each took the answer of another",
        ),
        pytest.param(f"{ONE_OF_A_KIND} AND person_id < 'p002'", 0.05, 1.0, id="two, told as the three of a class"),
    ],
)  # fmt: skip
def test_what_is_found_again_is_counted_in_the_tables_of_both(
    tmp_path: Path, change: str, linked: float, right: float | None
) -> None:
    assert said_of(second(tmp_path, change)) == Relinked("0.1.0", 60, linked, right)


def test_a_first_release_says_nothing_of_others(tmp_path: Path) -> None:
    made = edition_of("0.1.0")
    assert said_of(made) is None
    assert "found again" not in readme(made.edition, made.rows)
