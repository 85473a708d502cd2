"""What the OutRush persons answer: biography first, then work and money, trust, politics, activity, fears, outlook.

The order matters: an item may depend on what was decided before it (``stratum``, ``allowed``, conditions of targets).
"""

from __future__ import annotations

import numpy as np

from simulation import outrush_activity, outrush_people, outrush_portrait, outrush_work
from simulation.answer import one, several
from simulation.survey import Survey
from simulation.targets import Target


def answers(seed: int, targets: tuple[Target, ...]) -> Survey:
    """All answers of the three waves."""
    survey = outrush_people.population(seed, targets)
    _portrait(survey)
    outrush_work.work(survey)
    _background(survey)
    _trust(survey)
    outrush_activity.activity(survey)
    _fears(survey)
    _discrimination(survey)
    _outlook(survey)
    return survey


def _portrait(survey: Survey) -> None:
    survey.values["eligible_left_after_2022_02_24"] = np.ones(survey.rows, dtype=np.int64)
    gender = one(survey, "gender", lasting=True)
    man = np.zeros(survey.persons)
    man[survey.person[gender == 2]] = 1.0
    survey.leanings["man"] = man
    outrush_portrait.ages(survey)
    one(survey, "education", {"wealth": 0.4}, lasting=True)
    one(survey, "settlement_origin", {"wealth": -0.4}, lasting=True)
    one(survey, "marital_status", {"age": 0.8}, lasting=True)
    one(survey, "has_children", {"age": 1.0}, lasting=True)
    one(survey, "living_standard_before_war", {"wealth": 3.0}, lasting=True)
    one(survey, "occupation_sector", {"chance": 1.0}, lasting=True)
    several(survey, "reason_for_leaving", {"politics": 0.5}, at_least_one=True)
    outrush_portrait.contact(survey)


def _background(survey: Survey) -> None:
    """Politics before the departure: facts that do not change, except interest and news."""
    one(survey, "political_interest_russia", {"politics": -1.0})
    one(survey, "follow_political_news", {"politics": 1.0})
    one(survey, "political_interest_host", {"politics": -0.4, "roots": 0.8})
    one(survey, "vote_2021", {"politics": 0.6}, lasting=True)
    one(survey, "smart_voting_familiar", {"politics": 1.0}, lasting=True)
    one(survey, "smart_voting_endorse", {"politics": 0.8}, lasting=True)
    outrush_activity.before_war(survey)
    outrush_activity.repression(survey)


def _trust(survey: Survey) -> None:
    one(survey, "general_trust", {"trust": -1.2})
    for name in ("trust_russian_migrants", "trust_russians_in_russia", "trust_local_citizens", "trust_local_government"):
        one(survey, name, {"trust": -0.9})
    one(survey, "trust_russian_president", {"politics": 0.8})
    one(survey, "trust_russian_government", {"politics": 0.8})
    one(survey, "gender_business_executives", {"politics": 0.5, "man": -0.3})
    one(survey, "gender_jobs_scarce", {"politics": 0.5, "man": -0.3})
    one(survey, "perceived_legal_security", {"roots": 0.5})


def _fears(survey: Survey) -> None:
    one(survey, "fear_repression_russia", {"fear": 1.2})
    one(survey, "fear_repression_host", {"fear": 1.0})
    draft = one(survey, "fear_draft", {"man": 0.9, "fear": 0.4})
    before = survey.values["answered_day"] < (outrush_people.ANNOUNCED - outrush_people.EPOCH).days
    survey.values["asked_before_mobilization"] = np.where(draft >= 0, before, draft)
    one(survey, "fear_discrimination", {"fear": 0.8})


def _discrimination(survey: Survey) -> None:
    """Wave 2 asks one plain question. Wave 3 asks two; their union is decided first, so that all three shares can hold."""
    one(survey, "discrimination_w2_measure", {"fear": 0.3})
    asked = survey.in_waves("w3")
    abroad = survey.values["currently_abroad"] == 1
    missing = survey.missing("discrimination", {"w3": (2, 1, 0)}, asked)
    union = survey.ask(
        "discrimination_any",
        (0, 1),
        [[68, 32]],
        asked=asked,
        missing=missing,
        applies=abroad,
        score=survey.score("discrimination_any", {"fear": 0.3}),
    )
    first = np.ones((survey.rows, 2), dtype=np.bool_)
    first[union == 0] = (True, False)
    institutional = survey.ask(
        "discrimination_institutional",
        (0, 1),
        [[75, 25]],
        asked=asked,
        missing=missing,
        applies=abroad,
        allowed=first,
    )
    second = first.copy()
    second[(union == 1) & (institutional == 0)] = (False, True)
    survey.ask(
        "discrimination_interpersonal",
        (0, 1),
        [[86, 14]],
        asked=asked,
        missing=missing,
        applies=abroad,
        allowed=second,
    )


def _outlook(survey: Survey) -> None:
    one(survey, "talk_with_people_in_russia", {"roots": 0.6})
    one(survey, "discuss_politics_with_people_in_russia", {"politics": 0.8})
    one(survey, "emotional_attachment_russia", {"roots": -0.8})
    one(survey, "emotional_attachment_host", {"roots": 0.8})
    one(survey, "optimism_russia", {"hope": 0.8})
    one(survey, "optimism_own_life", {"hope": 0.8})
    outrush_portrait.languages(survey)
    one(survey, "wellbeing", {"fear": -0.8, "hope": 0.8})
