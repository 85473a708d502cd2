"""Interviews and initiatives of the reference release: metadata alone, ids of their own, organizations and no persons."""

from __future__ import annotations

import csv
from collections import Counter

import pytest

from panelpress.paths import Places
from panelpress.publish.compare.earlier import due
from panelpress.schemas.declarations import load_declarations
from panelpress.schemas.disclosure import load_disclosure
from panelpress.schemas.releases import load_releases

pytestmark = [pytest.mark.slow, pytest.mark.timeout(3600)]
Rows = list[dict[str, str]]


def table(chain: Places, name: str) -> Rows:
    newest = due(chain, load_releases(chain, load_declarations(chain).studies))[-1].version
    with (chain.release(newest) / "data" / "csv" / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_an_interview_is_a_country_and_a_half_year_and_nothing_else(chain: Places) -> None:
    told = {"interview_country", "interview_half_year"}
    assert set(table(chain, "interviews")[0]) == {"record_id"} | told | {f"{name}__why" for name in told}


def test_interviews_of_each_country_and_half_year_are_as_many_as_the_tier_asks_for(chain: Places) -> None:
    declared = load_declarations(chain)
    given = (chain, declared.studies, declared.variables, declared.samples, declared.project.languages)
    least = load_disclosure(*given).tiers["open"].k
    rows = table(chain, "interviews")
    cells = Counter((row["interview_country"], row["interview_half_year"]) for row in rows)
    assert len(rows) > 500 and min(cells.values()) >= least


def test_no_interview_can_be_joined_to_a_respondent(chain: Places) -> None:
    records = {row["record_id"] for row in table(chain, "interviews")}
    for study in ("outrush", "okr_2022", "gmf_2025"):
        persons = table(chain, f"{study}_persons")
        assert not records & {row["person_id"] for row in persons}
        shared = set(table(chain, f"{study}_responses")[0]) & set(table(chain, "interviews")[0])
        assert shared == set(), study


def test_initiatives_are_organizations(chain: Places) -> None:
    rows = table(chain, "initiatives")
    assert len(rows) == 12 and all(row["name"] and row["type"] and row["locator"] for row in rows)
    assert not {"person", "contact", "email", "phone"} & set(rows[0])
