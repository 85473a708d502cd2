"""The descriptor is held against the standard's own profile, then against what a profile cannot see."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from panelpress.schemas.table_schema import package
from panelpress.validation.descriptor import check_descriptor
from worlds import tiny_edition


@pytest.fixture
def sound() -> dict[str, Any]:
    edition, _ = tiny_edition()
    return copy.deepcopy(package(edition))


def failed(descriptor: dict[str, Any]) -> set[str]:
    return {each.rule for each in check_descriptor(descriptor) if each.failed}


def test_the_descriptor_of_an_edition_fits_profile_and_linter(sound: dict[str, Any]) -> None:
    assert failed(sound) == set()


def fields(descriptor: dict[str, Any]) -> dict[str, Any]:
    return {each["name"]: each for each in descriptor["resources"][0]["schema"]["fields"]}


PROFILE: dict[str, Callable[[dict[str, Any]], Any]] = {
    "a hidden path": lambda d: d["resources"][0].update(path=".hidden.csv"),
    "a role that is no list": lambda d: d["contributors"][0].update(roles="author"),
    "an unknown type": lambda d: fields(d)["age"].update(type="int"),
    "no resources": lambda d: d.pop("resources"),
    "a category whose label is no text": lambda d: fields(d)["gender"]["categories"][0].update(label=5),
}
LINT: dict[str, Callable[[dict[str, Any]], Any]] = {
    "a key on an unknown field": lambda d: d["resources"][0]["schema"].update(primaryKey=["person"]),
    "a unique key on an unknown field": lambda d: d["resources"][0]["schema"].update(uniqueKeys=[["person"]]),
    "a reference to an unknown resource": lambda d: d["resources"].pop(),
    "a reference to an unknown field": lambda d: (
        d["resources"][1]["schema"]["fields"][0].update(name="person")
        or d["resources"][1]["schema"].update(primaryKey=["person"])
    ),
    "two fields of one name": lambda d: fields(d)["age"].update(name="trust"),
    "two resources of one name": lambda d: d["resources"].append(d["resources"][2]),
    "a code list that differs from the enum": lambda d: fields(d)["trust"]["constraints"]["enum"].pop(),
    "a category listed twice": lambda d: fields(d)["trust"]["categories"][0].update(value=2),
    "a reason for an unknown variable": lambda d: fields(d)["age__why"].update(whyOf="ages"),
    "missing values without the blank": lambda d: fields(d)["age"].update(missingValues=["-9"]),
}


@pytest.mark.parametrize("name", PROFILE)
def test_the_profile_refuses(name: str, sound: dict[str, Any]) -> None:
    PROFILE[name](sound)
    assert failed(sound) == {"descriptor.profile"}


@pytest.mark.parametrize("name", LINT)
def test_the_linter_refuses(name: str, sound: dict[str, Any]) -> None:
    LINT[name](sound)
    assert failed(sound) == {"descriptor.references"}
