"""The two surveys that were asked once: OK Russians 2022 (spring 2022) and GMF 2025. Samples of their own."""

from __future__ import annotations

import numpy as np

from simulation import answer, countries, draw, outrush_portrait
from simulation.answer import one, several
from simulation.survey import Survey
from simulation.targets import Target

OKR_N = 1700  # printed
GMF_N = 2480  # assumption: the summary does not say
OKR_FIELD = (32, 8)  # 28 March 2022, counted from 24 February, and days of fieldwork
GMF_FIELD = (950, 40)  # October 2024: assumption
LEANINGS = ("politics", "fear", "trust", "wealth", "hope")


def okr(seed: int, targets: tuple[Target, ...]) -> Survey:
    """All answers of OK Russians 2022."""
    survey = _survey(seed, "okr_2022", "okr", OKR_N, targets, OKR_FIELD)
    _country(survey, calibrated=True)
    for name, pulls in (
        ("recruitment_channel", {}),
        ("gender", {}),
        ("education", {"wealth": 0.4}),
        ("employment_status_before", {}),
        ("involved_in_it", {"wealth": 0.6}),
    ):
        one(survey, name, pulls)
    _sector(survey)
    for name, pulls in (
        ("speaks_english", {"wealth": 0.5}),
        ("destination_choice_reason", {}),
        ("onward_plans", {}),
        ("able_to_provide_for_family", {"wealth": 1.0}),
        ("financial_situation", {"wealth": 1.2}),
        ("mutual_trust", {"trust": 1.0}),
        ("discrimination_any", {"fear": 0.4}),
        ("fear_discrimination", {"fear": 0.8}),
        ("political_interest_russia", {"politics": -1.0}),
        ("vote_2021", {"politics": 0.6}),
        ("smart_voting_followed", {"politics": 1.0}),
        ("at_risk_of_prosecution", {"politics": 0.9}),
        ("expect_living_conditions", {"hope": 0.8}),
        ("expect_political_situation", {"hope": 0.6}),
    ):
        one(survey, name, pulls)
    _working_conditions(survey)
    several(survey, "reason_for_leaving", {"politics": 0.5}, at_least_one=True)
    several(survey, "reason_left_job", {"politics": 0.3}, at_least_one=True)
    several(survey, "past_acts", {"politics": 1.0})
    several(survey, "pressure_before_departure", {"politics": 0.7})
    several(survey, "fears", {"fear": 1.0})
    return survey


def gmf(seed: int, targets: tuple[Target, ...]) -> Survey:
    """All answers of GMF 2025."""
    survey = _survey(seed, "gmf_2025", "gmf", GMF_N, targets, GMF_FIELD)
    _country(survey, calibrated=False)
    for name, pulls in (
        ("gender", {}),
        ("education", {"wealth": 0.4}),
        ("occupation_sector", {}),
        ("wish_to_move_country", {"hope": -0.5}),
        ("preferred_destination", {}),
        ("consider_return", {"hope": 0.4}),
        ("residence_status", {"wealth": -0.5}),
        ("visa_runs", {"wealth": -0.5}),
        ("financial_situation", {"wealth": 1.2}),
        ("expect_russia_5y", {"hope": -0.6}),
        ("integration_self_assessment", {"wealth": 0.5, "trust": 0.4}),
    ):
        one(survey, name, pulls)
    several(survey, "reason_for_leaving", {"politics": 0.5}, at_least_one=True)
    several(survey, "return_conditions", {"politics": 0.4}, at_least_one=True)
    several(survey, "civic_participation_types", {"politics": 1.0})
    return survey


def _survey(seed: int, study: str, wave: str, n: int, targets: tuple[Target, ...], field: tuple[int, int]) -> Survey:
    survey = Survey(seed=seed, study=study, waves=(wave,), person=np.arange(n), wave=np.zeros(n, dtype=np.int64), targets=targets)
    for name in LEANINGS:
        survey.leanings[name] = draw.uniform(seed, f"{study}/leaning/{name}", n)
    survey.values["eligible_left_after_2022_02_24"] = np.ones(n, dtype=np.int64)
    survey.values["age"] = outrush_portrait.drawn_ages(survey)
    start, days = field
    answered = start + np.floor(draw.uniform(seed, f"{study}/answered", n) * days).astype(np.int64)
    early = draw.uniform(seed, f"{study}/left/a", n) * draw.uniform(seed, f"{study}/left/b", n)
    survey.values["answered_day"] = answered
    survey.values["departure_day"] = np.floor(early * (answered - 1)).astype(np.int64)
    missing = answer.no_answer(survey, answer.item("age"), (wave,))
    survey.values["age"] = np.where(missing == 0, survey.values["age"], missing)
    return survey


def _country(survey: Survey, calibrated: bool) -> None:
    weights = [each.weights[survey.waves[0]] for each in countries.load()]
    everybody = np.ones(survey.rows, dtype=np.bool_)
    if calibrated:
        survey.ask("country_of_residence", range(len(weights)), [weights], asked=everybody)
    else:
        survey.values["country_of_residence"] = draw.systematic(survey.seed, f"{survey.study}/country", survey.rows, weights)


def _sector(survey: Survey) -> None:
    """The field of those who were employed; whoever answers IT is involved in IT, and hardly anybody else is."""
    inside = survey.values["involved_in_it"].clip(min=0)
    base = np.asarray(answer.item("occupation_sector").asked["okr"].prior, dtype=np.float64)
    other = base.copy()
    other[0] = 0
    it = base * 0.15
    it[0] = 85
    # IT is out of reach for those outside it; fields that the report does not name are rare.
    few = np.array([1, 1, 1, 1, 1, 0.02, 0.02, 0.02, 0.3, 0.02])
    one(survey, "occupation_sector", {}, stratum=inside, priors=np.array([other * few, it * few]))


def _working_conditions(survey: Survey) -> None:
    """Software people are the most confident, healthcare workers the least."""
    sector = survey.values["occupation_sector"]
    group = np.where(sector == 1, 1, np.where(sector == 9, 2, 0))
    priors = np.array([[42, 40, 18], [30, 46, 24], [90, 9, 1]], dtype=np.float64)
    one(survey, "expect_working_conditions", {"hope": 0.8}, stratum=group, priors=priors)
