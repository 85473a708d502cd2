"""The register of printed numbers holds every number that the source documents print, as they print it."""

from __future__ import annotations

import csv
from pathlib import Path

from panelpress.paths import Places, places
from panelpress.schemas.declarations import load_declarations
from panelpress.validation.estimates.printed import says
from panelpress.validation.estimates.register import load_register


def _source(shared_reference: Path) -> dict[str, dict[str, str]]:
    with (shared_reference / "published_estimates.csv").open(encoding="utf-8", newline="") as stream:
        return {row["id"]: row for row in csv.DictReader(stream) if row["scope"] in ("survey", "survey_design")}


def test_the_register_is_read_and_holds_each_printed_number_of_the_surveys_once(repository: Path, shared_reference: Path) -> None:
    here = places(repository)
    declarations = load_declarations(Places(root=here.root, work=repository / "unused"))
    register = load_register(here.estimates_file, declarations)
    source = _source(shared_reference)
    assert {number.id for number in register} == set(source)
    assert sum(number.scope == "survey" for number in register) == 189
    for number in register:
        given = source[number.id]
        assert says(number.printed, float(given["value"])), number.id
        assert abs(abs(number.value) - abs(float(given["value"]))) < 1e-9, number.id
        assert number.fact_key == given["fact_key"]


def test_only_numbers_without_a_definition_are_left_uncomputed(repository: Path) -> None:
    with (repository / "validation" / "estimates.csv").open(encoding="utf-8", newline="") as stream:
        rows = [row for row in csv.DictReader(stream) if row["scope"] == "survey" and row["statistic"] == "none"]
    assert [row["id"] for row in rows] == ["or-precarity-kp2"]
