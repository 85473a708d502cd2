"""Items of the OutRush persons that need more than a prior: age, languages, recruitment and consent to be contacted."""

from __future__ import annotations

import numpy as np

from simulation import answer, draw
from simulation.answer import one
from simulation.draw import Flags, Ints
from simulation.survey import Survey
from simulation.targets import Target

BANDS = (
    (18, 21, 6),
    (22, 25, 14),
    (26, 29, 18),
    (30, 34, 21),
    (35, 39, 17),
    (40, 44, 10),
    (45, 49, 6),
    (50, 54, 4),
    (55, 64, 3),
    (65, 78, 1),
)


def ages(survey: Survey) -> None:
    """Age at the first questionnaire from bands, moved by single years until the printed mean is met; a year older in later
    waves for those whose birthday passed."""
    given = answer.item("age")
    waves = answer.asked_in(survey, given)
    first = drawn_ages(survey)
    birthday = draw.uniform(survey.seed, "outrush/birthday", survey.persons)
    months = np.array([0.0, 0.5, 1.2])[survey.wave]
    older = np.floor(birthday[survey.person] + months).astype(np.int64)
    missing = answer.no_answer(survey, given, waves)
    for target in survey.targets:
        if target.variable == "age" and target.statistic == "mean":
            rows = survey.select(target.sample, target.wave, missing == 0)
            first = _moved(survey, first, older, rows, target)
    age = np.where(missing == 0, first[survey.person] + older, missing)
    survey.values["age"] = age
    survey.leanings["age"] = (np.clip(first, 18, 58) - 18) / 40


def drawn_ages(survey: Survey) -> Ints:
    """An age for every person, from the assumed bands."""
    band = draw.systematic(survey.seed, f"{survey.study}/age/band", survey.persons, [share for _, _, share in BANDS])
    low = np.array([first for first, _, _ in BANDS])[band]
    high = np.array([last for _, last, _ in BANDS])[band]
    chance = draw.uniform(survey.seed, f"{survey.study}/age", survey.persons)
    return low + np.floor(chance * (high - low + 1)).astype(np.int64)


def _moved(survey: Survey, first: Ints, older: Ints, rows: Ints, target: Target) -> Ints:
    """``first`` with whole years added or taken away, one each for as many people as the mean needs, in random order."""
    now = first[survey.person[rows]] + older[rows]
    lacking = round(target.aim * len(rows)) - int(now.sum())
    step = 1 if lacking > 0 else -1
    turn = draw.order(draw.uniform(survey.seed, "outrush/age/move", len(rows)))
    found = first.copy()
    at = 0
    while lacking != 0:
        person = survey.person[rows[turn[at % len(turn)]]]
        if 19 <= found[person] + step <= 85:
            found[person] += step
            lacking -= step
        at += 1
    return found


def contact(survey: Survey) -> None:
    """Whoever answered an earlier wave came through it and had agreed to be asked again."""
    before = np.zeros(survey.rows, dtype=np.bool_)
    again = np.zeros(survey.rows, dtype=np.bool_)
    for at, wave in enumerate(survey.waves):
        rows = survey.in_waves(wave)
        for other in survey.waves[:at]:
            before |= rows & survey.took_part(other)
        for other in survey.waves[at + 1 :]:
            again |= rows & survey.took_part(other)
    allowed = np.ones((survey.rows, 8), dtype=np.bool_)
    allowed[:, 7] = before
    allowed[before, :7] = False
    one(survey, "recruitment_channel", {}, allowed=allowed)
    survey.ask(
        "contact_consent",
        (0, 1),
        [[30, 70]],
        asked=np.ones(survey.rows, dtype=np.bool_),
        allowed=_only(again),
        score=survey.score("contact_consent", {"trust": 0.5}),
    )


def _only(yes: Flags) -> Flags:
    allowed = np.ones((len(yes), 2), dtype=np.bool_)
    allowed[yes, 0] = False
    return allowed


def languages(survey: Survey) -> None:
    """Wave 2, then wave 3 from what was said in wave 2: the fluent stay fluent, learners go on, master it or stop."""
    one(survey, "local_language", {"roots": 1.0}, waves=("w2",))
    earlier = survey.at_wave("local_language", "w2").clip(min=0)
    earlier[survey.in_waves("w2")] = 0
    base = np.asarray(answer.item("local_language").asked["w3"].prior, dtype=np.float64)
    priors = np.array([base, [70, 0, 18, 10, 2], [0, 70, 18, 10, 2], [0, 15, 60, 20, 5], [0, 15, 20, 55, 10], [0, 0, 0, 0, 100]])
    one(survey, "local_language", {"roots": 1.0}, waves=("w3",), stratum=earlier, priors=priors, allowed=priors[earlier] > 0)
