"""The OutRush persons: who answered which waves, when they left Russia, when they answered, where they lived.

Counts by pattern of waves are fixed so that 10,871 persons, 2,170 with two or more waves, 1,465 with waves 2 and 3, 470 with
all and 13,511 questionnaires hold at once; how the rest divides is an assumption (``raw/ASSUMPTIONS.md``).
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

import numpy as np

from simulation import countries, draw
from simulation.draw import Flags, Ints
from simulation.samples import HOST_CODES
from simulation.survey import NOT_APPLICABLE, Survey
from simulation.targets import Target

WAVES = ("w1", "w2", "w3")
PATTERNS: dict[tuple[str, ...], int] = {
    ("w1",): 2300,
    ("w2",): 2700,
    ("w3",): 3701,
    ("w1", "w2"): 410,
    ("w1", "w3"): 295,
    ("w2", "w3"): 995,
    ("w1", "w2", "w3"): 470,
}
LEFT_AFTER_OF_NEW_W3 = 2750
LEFT_AFTER_OF_NEW_W2 = 60
RETURNED_SHARE = {"w1": 0, "w2": 5, "w3": 7}  # percent of those with one questionnaire
MOVED_SHARE = 22  # percent between two answered waves
EPOCH = date(2022, 2, 24)
ANNOUNCED = date(2022, 9, 21)
FIELD = {"w1": (date(2022, 3, 9), 23), "w2": (date(2022, 9, 1), 30), "w3": (date(2023, 5, 15), 62)}
LEANINGS = ("politics", "fear", "trust", "wealth", "roots", "hope", "chance")


def shape(seed: int) -> Ints:
    """By person: the place of the waves taken part in among ``PATTERNS``."""
    return draw.stream(seed, "outrush/patterns").permutation(np.repeat(np.arange(len(PATTERNS)), list(PATTERNS.values())))


def population(seed: int, targets: tuple[Target, ...]) -> Survey:
    """The survey with its rows, leanings, departure, dates of answer, and countries."""
    of_person = shape(seed)
    patterns = list(PATTERNS)
    rows = [(WAVES.index(wave), person) for person, at in enumerate(of_person) for wave in patterns[at]]
    rows.sort()
    survey = Survey(
        seed=seed,
        study="outrush",
        waves=WAVES,
        person=np.array([person for _, person in rows], dtype=np.int64),
        wave=np.array([wave for wave, _ in rows], dtype=np.int64),
        targets=targets,
    )
    for name in LEANINGS:
        survey.leanings[name] = draw.uniform(seed, f"outrush/leaning/{name}", survey.persons)
    # Those who are politically active trust people more and fear more; both ties are loose.
    politics = survey.leanings["politics"]
    survey.leanings["trust"] = (2 * survey.leanings["trust"] + politics) / 3
    _departure(survey, of_person, patterns)
    _residence(survey)
    return survey


def _departure(survey: Survey, shape: Ints, patterns: list[tuple[str, ...]]) -> None:
    """Days since 24 February 2022 of departure (a person) and of answer (a row), and the departure cohort."""
    seed, persons = survey.seed, survey.persons
    chance = draw.uniform(seed, "outrush/cohort", persons)
    after = np.zeros(persons, dtype=np.bool_)
    for pattern, count in ((("w3",), LEFT_AFTER_OF_NEW_W3), (("w2",), LEFT_AFTER_OF_NEW_W2)):
        members = np.flatnonzero(shape == patterns.index(pattern))
        after[members[draw.order(chance[members])[:count]]] = True
    survey.values["mobilization_group"] = after[survey.person].astype(np.int64)
    announced = (ANNOUNCED - EPOCH).days
    answered = _answered(survey, after)
    first = np.full(persons, 10_000, dtype=np.int64)
    np.minimum.at(first, survey.person, answered)
    # Two draws and their product put most departures into the first weeks of each span.
    early = draw.uniform(seed, "outrush/left/a", persons) * draw.uniform(seed, "outrush/left/b", persons)
    start = np.where(after, announced, 0)
    end = np.where(after, first - 2, np.minimum(first - 2, announced - 1))
    left = start + np.floor(early * np.maximum(end - start, 1)).astype(np.int64)
    survey.values["departure_day"] = np.minimum(left, np.maximum(end, start))[survey.person]
    survey.values["answered_day"] = answered


def _answered(survey: Survey, after: Flags) -> Ints:
    seed = survey.seed
    chance = draw.uniform(seed, "outrush/answered/a", survey.rows)
    second = draw.uniform(seed, "outrush/answered/b", survey.rows)
    found = np.zeros(survey.rows, dtype=np.int64)
    for wave, (start, days) in FIELD.items():
        rows = survey.in_waves(wave)
        span = (start - EPOCH).days + np.floor(chance * (0.4 + 0.6 * second) * days)
        found[rows] = span[rows].astype(np.int64)
    announced = (ANNOUNCED - EPOCH).days
    late = survey.in_waves("w2") & after[survey.person]
    found[late] = announced + 5 + np.floor(chance[late] * 4).astype(np.int64)
    return found


def _residence(survey: Survey) -> None:
    """Whether abroad, and the country: people stay or move between waves; nobody with two questionnaires has returned."""
    seed = survey.seed
    chance = 100 * draw.uniform(seed, "outrush/returned", survey.rows)
    share = np.array([RETURNED_SHARE[wave] for wave in WAVES])[survey.wave]
    abroad = ~((chance < share) & (survey.n_waves() == 1))
    survey.values["currently_abroad"] = abroad.astype(np.int64)
    listed = countries.load()
    country = np.full(survey.rows, NOT_APPLICABLE, dtype=np.int64)
    last = np.full(survey.persons, -1, dtype=np.int64)
    for wave in WAVES:
        rows = np.flatnonzero(survey.in_waves(wave) & abroad)
        person = survey.person[rows]
        moves = (last[person] < 0) | (100 * draw.uniform(seed, f"outrush/moved/{wave}", survey.persons)[person] < MOVED_SHARE)
        found = last[person].copy()
        weights = [each.weights[wave] for each in listed]
        drawn = draw.systematic(seed, f"outrush/country/{wave}", int(moves.sum()), weights)
        found[moves] = drawn
        country[rows] = found
        last[person] = found
    survey.values["country_of_residence"] = country
    hosts = np.array([HOST_CODES.get(each.iso2, HOST_CODES["other"]) for each in listed])
    survey.values["host_country_group"] = np.where(country >= 0, hosts[country], NOT_APPLICABLE)


def day(number: int) -> date:
    """The date that lies ``number`` days after 24 February 2022."""
    return EPOCH + timedelta(days=int(number))


def moment(number: int, seconds: int) -> datetime:
    """The moment ``seconds`` into that day."""
    return datetime(EPOCH.year, EPOCH.month, EPOCH.day) + timedelta(days=int(number), seconds=int(seconds))
