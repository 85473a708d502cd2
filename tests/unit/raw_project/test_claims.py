"""Claims that the documents make in words only: directions, orders and ties in the simulated answers."""

from __future__ import annotations

import numpy as np
import pytest

from simulation import countries, outrush, single, targets
from simulation.survey import Survey

pytestmark = pytest.mark.slow
CIVIC = ("volunteering", "help_ukrainian_refugees", "donate_local_ngo", "help_russian_migrants")
UNION = frozenset(
    [
        "AT",
        "BE",
        "BG",
        "CY",
        "CZ",
        "DE",
        "DK",
        "EE",
        "ES",
        "FI",
        "FR",
        "GR",
        "HR",
        "HU",
        "IE",
        "IT",
        "LT",
        "LU",
        "LV",
        "MT",
        "NL",
        "PL",
        "PT",
        "RO",
        "SE",
        "SI",
        "SK",
    ]
)
POLITICAL = ("digital_activism", "donate_russian_ngo", "rally_participation")


@pytest.fixture(scope="module")
def panel() -> Survey:
    survey = outrush.answers(4, targets.load())
    for name, parts in (("civic", CIVIC), ("political", POLITICAL)):
        survey.values[name] = np.max([survey.values[part] for part in parts], axis=0)
    return survey


def share(survey: Survey, variable: str, codes: tuple[int, ...], sample: str, wave: str = "") -> float:
    value = survey.values[variable]
    return 100 * float(np.isin(value[survey.select(sample, wave, value >= 0)], codes).mean())


def tie(survey: Survey, one: str, other: str) -> float:
    both = (survey.values[one] >= 0) & (survey.values[other] >= 0)
    return float(np.corrcoef(survey.values[one][both], survey.values[other][both])[0, 1])


def test_civic_help_surges_in_wave_2_and_political_activity_falls(panel: Survey) -> None:
    civic = [share(panel, "civic", (1,), "panel_all", wave) for wave in panel.waves]
    political = [share(panel, "political", (1,), "panel_all", wave) for wave in panel.waves]
    assert civic[0] < civic[1] > civic[2]
    assert political[0] > political[1] > political[2]


def test_rallies_dip_in_wave_2_and_then_stay(panel: Survey) -> None:
    first, second, third = (share(panel, "rally_participation", (1,), "panel_all", wave) for wave in panel.waves)
    assert first - second > 5
    assert abs(third - second) < 2


def test_fear_goes_with_lower_satisfaction_and_less_activism(panel: Survey) -> None:
    assert tie(panel, "fear_repression_russia", "wellbeing") < -0.1
    assert tie(panel, "fear_repression_russia", "digital_activism") < -0.05


def test_organizations_discriminate_more_than_locals_except_in_georgia(panel: Survey) -> None:
    for host in ("armenia", "germany", "israel", "kazakhstan", "serbia", "turkey", "other"):
        by_organizations = share(panel, "discrimination_institutional", (1,), f"host_{host}")
        assert by_organizations > share(panel, "discrimination_interpersonal", (1,), f"host_{host}")
    assert share(panel, "discrimination_interpersonal", (1,), "host_georgia") > 20


def test_the_lowest_incomes_stop_falling_and_the_highest_go_on(panel: Survey) -> None:
    now, then = panel.values["income_category"], panel.at_wave("income_category", "w2")
    rows = panel.select("panel_w2_w3", "w3", (now > 0) & (then > 0))
    change = (now - then)[rows]
    assert change[then[rows] <= 2].mean() >= 0
    assert change[then[rows] >= 5].mean() < 0


def test_a_departure_lies_between_the_invasion_and_the_answer(panel: Survey) -> None:
    left = panel.values["departure_day"]
    assert left.min() >= 0
    assert (left < panel.values["answered_day"]).all()


def test_facts_of_the_past_never_change_between_waves(panel: Survey) -> None:
    for name in ("gender", "education", "settlement_origin", "vote_2021", "employment_type_before", "departure_day"):
        value = panel.values[name]
        known = np.flatnonzero(value >= 0)
        first = dict(zip(panel.person[known][::-1].tolist(), value[known][::-1].tolist(), strict=True))
        assert all(
            first[person] == given for person, given in zip(panel.person[known].tolist(), value[known].tolist(), strict=True)
        )


def test_most_of_the_later_survey_live_in_the_european_union_and_take_part_in_projects() -> None:
    survey = single.gmf(4, targets.load())
    inside = np.array([country.iso2 in UNION for country in countries.load()])
    assert inside[survey.values["country_of_residence"]].mean() > 0.5
    kinds = [
        survey.values[f"civic_participation_types_{kind}"]
        for kind in ("protests", "information", "financial", "expertise", "events")
    ]
    took_part = np.max(kinds, axis=0)
    assert (took_part[took_part >= 0] == 1).mean() > 0.6


def test_it_and_private_business_together_are_the_majority_of_the_first_survey() -> None:
    survey = single.okr(4, targets.load())
    assert ((survey.values["involved_in_it"] == 1) | (survey.values["employment_status_before"] == 2)).mean() > 0.5
    worse = survey.values["expect_working_conditions"] == 1
    sector = survey.values["occupation_sector"]
    assert worse[sector == 1].mean() < worse[sector > 1].mean() < worse[sector == 9].mean()
