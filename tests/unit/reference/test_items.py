"""The reference project's declarations: they lint, and every item of the source inventory is accounted for."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from panelpress.paths import Places, places
from panelpress.schemas.declarations import Declarations, load_declarations


@pytest.fixture(scope="module")
def project(repository: Path) -> Declarations:
    here = places(repository)
    return load_declarations(Places(root=here.root, work=repository / "unused"))


def _refused(repository: Path) -> dict[str, str]:
    with (repository / "build" / "refused.csv").open(encoding="utf-8", newline="") as stream:
        return {row["name"]: row["why"] for row in csv.DictReader(stream)}


def test_every_item_of_the_inventory_is_a_variable_or_refused_with_a_reason(
    project: Declarations, repository: Path, shared_reference: Path
) -> None:
    with (shared_reference / "variables.csv").open(encoding="utf-8", newline="") as stream:
        items = {row["name"] for row in csv.DictReader(stream)}
    refused = _refused(repository)
    declared = {variable.id for variable in project.variables} | {variable.multi_of for variable in project.variables}
    with (repository / "build" / "renamed.csv").open(encoding="utf-8", newline="") as stream:
        declared |= {row["item"] for row in csv.DictReader(stream) if row["variable"] in declared}
    assert items - declared - set(refused) == set()
    assert all(why for why in refused.values())
    assert not declared & set(refused)


def test_every_variable_has_labels_and_questions_in_both_languages(project: Declarations) -> None:
    for variable in project.variables:
        assert {"en", "ru"} <= set(variable.label.by_language), variable.id
        assert not variable.question or {"en", "ru"} <= set(variable.question.by_language), variable.id
        for category in variable.categories:
            assert {"en", "ru"} <= set(category.label.by_language), (variable.id, category.code)


def test_what_is_sensitive_stays_out_of_the_open_tier_unless_a_reason_is_written(project: Declarations) -> None:
    for variable in project.variables:
        if variable.disclosure in ("sensitive", "observable_act", "quasi") and variable.tier == "open":
            assert variable.tier_reason, variable.id


def test_the_breaks_that_the_reports_admit_are_declared(project: Declarations) -> None:
    by_id = {variable.id: variable for variable in project.variables}
    assert by_id["discrimination_any"].waves["w2"].breaks_with == ("w3",)
    assert "w3" in by_id["fear_draft"].waves["w1"].breaks_with
    assert {"smart_voting_familiar", "smart_voting_endorse", "smart_voting_followed"} <= set(by_id)


def test_the_list_of_countries_is_the_standard_and_not_what_occurred(project: Declarations) -> None:
    countries = next(variable for variable in project.variables if variable.id == "country_of_residence").categories
    assert len(countries) == 249
