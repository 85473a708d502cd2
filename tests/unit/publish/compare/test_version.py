"""How far a change raises the version."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from panelpress.errors import UsageError
from panelpress.model.version import WEIGHTS, Version, heaviest, parse_version


@pytest.mark.parametrize(
    ("before", "weight", "least"),
    [
        ("1.2.3", "patch", "1.2.4"),
        ("1.2.3", "minor", "1.3.0"),
        ("1.2.3", "major", "2.0.0"),
        ("0.2.0", "patch", "0.2.1"),
        ("0.2.0", "minor", "0.2.1"),
        ("0.2.0", "major", "0.3.0"),
    ],
)
def test_the_least_version_follows_from_the_weight(before: str, weight: str, least: str) -> None:
    assert str(parse_version(before).raised(weight)) == least  # type: ignore[arg-type]


def test_versions_are_ordered_as_numbers_not_as_text() -> None:
    assert parse_version("0.10.0") > parse_version("0.9.9")


@pytest.mark.parametrize("text", ["1.2", "1.2.3.4", "v1.2.3", "1.02.3", "1.2.3-rc1", "", "1.2.x"])
def test_anything_but_three_numbers_is_refused(text: str) -> None:
    with pytest.raises(UsageError):
        parse_version(text)


def test_no_change_weighs_as_little_as_a_patch() -> None:
    assert heaviest([]) == "patch"
    assert heaviest(["minor", "major", "patch"]) == "major"


numbers = st.integers(0, 30)


@given(st.builds(Version, numbers, numbers, numbers))
def test_a_heavier_change_never_asks_for_a_lower_version(version: Version) -> None:
    raised = [version.raised(weight) for weight in WEIGHTS]
    assert version < raised[0] <= raised[1] <= raised[2]


@given(st.builds(Version, numbers, numbers, numbers))
def test_a_version_is_read_as_it_is_written(version: Version) -> None:
    assert parse_version(str(version)) == version
