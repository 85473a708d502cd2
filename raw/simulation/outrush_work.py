"""Work and money of the OutRush persons: employer before and after, what the household could and can afford.

Both depend on the past: most people stay with their kind of employer from wave to wave, and incomes are counted as steps down
from what could be afforded before leaving, at most three.
"""

from __future__ import annotations

import numpy as np

from simulation import answer
from simulation.answer import one
from simulation.draw import Flags, Ints
from simulation.survey import Survey

STAY = 62  # percent who keep their kind of employer between two looks, before calibration
STEPS_DOWN = {-1: 1, 0: 12, 1: 31, 2: 46, 3: 10}  # percent by number of categories lost since departure, before calibration
LATER_STEPS = {2: (3, 62, 33, 2), 3: (14, 72, 14), 4: (28, 64, 8), 5: (42, 53, 5), 6: (55, 45)}
LADDER = (1, 2, 3, 4, 5, 6)


def work(survey: Survey) -> None:
    """Employer and income, before departure and wave by wave."""
    before = one(survey, "employment_type_before", {"chance": 0.5}, lasting=True)
    past = before.copy()
    for wave in ("w1", "w2", "w3"):
        _employer(survey, wave, past)
        past = np.where(survey.in_waves(wave), survey.values["employment_type"], past)
        past = _carried(survey, wave, past)
    _income_before(survey)
    _income(survey, "w2")
    _income(survey, "w3")


def _carried(survey: Survey, wave: str, past: Ints) -> Ints:
    """The employer known so far of the person of each row: that of ``wave`` where there is one."""
    latest = survey.at_wave("employment_type", wave)
    return np.where(latest > 0, latest, past)


def _employer(survey: Survey, wave: str, past: Ints) -> None:
    """Stratum = employer known so far; nobody who did not work for a Russian company starts there abroad."""
    base = np.asarray(answer.item("employment_type").asked[wave].prior, dtype=np.float64)
    codes = np.arange(1, 10)
    priors = np.array([base] + [base * (100 - STAY) / 100 + STAY * (codes == code) for code in codes])
    stratum = np.where(past > 0, past, 0)
    allowed = np.ones((survey.rows, 9), dtype=np.bool_)
    allowed[(stratum > 1), 0] = False
    one(survey, "employment_type", {"chance": 0.5}, waves=(wave,), stratum=stratum, priors=priors, allowed=allowed)


def _income_before(survey: Survey) -> None:
    """Near the standard before the war: the same ladder, a year later in the question."""
    war = survey.values["living_standard_before_war"]
    of_person = np.full(survey.persons, 0, dtype=np.int64)
    np.maximum.at(of_person, survey.person, war)
    stratum = of_person.clip(min=0)[survey.person]
    base = np.asarray(answer.item("income_category_before").asked["w2"].prior, dtype=np.float64)
    near = np.array([[70.0 if code == level else 12.0 if abs(code - level) == 1 else 0.0 for code in LADDER] for level in LADDER])
    priors = np.vstack([base, near + base * 0.1])
    one(survey, "income_category_before", {"wealth": 1.0}, lasting=True, stratum=stratum, priors=priors)


def _income(survey: Survey, wave: str) -> None:
    """Stratum = (before leaving, what was said in wave 2), as far as known."""
    before = survey.values["income_category_before"].clip(min=0)
    earlier = survey.at_wave("income_category", "w2").clip(min=0) if wave == "w3" else np.zeros(survey.rows, dtype=np.int64)
    base = np.asarray(answer.item("income_category").asked["w2"].prior, dtype=np.float64)
    priors = np.array([_income_prior(was, then, base) for was in range(7) for then in range(7)])
    one(
        survey,
        "income_category",
        {"wealth": 0.8},
        waves=(wave,),
        stratum=before * 7 + earlier,
        priors=priors,
        allowed=_reachable(survey, before),
    )


def _income_prior(was: int, then: int, base: np.ndarray) -> list[float]:
    if then >= 2:
        steps = LATER_STEPS[then]
        first = then - 1
        return [float(steps[code - first]) if 0 <= code - first < len(steps) else 0.0 for code in LADDER]
    if was == 0:
        return [float(share) for share in base]
    return [float(STEPS_DOWN.get(was - code, 0)) for code in LADDER]


def _reachable(survey: Survey, before: Ints) -> Flags:
    """At most three categories down and one up from before leaving; all where that is not known."""
    allowed = np.ones((survey.rows, 6), dtype=np.bool_)
    for at, code in enumerate(LADDER):
        allowed[:, at] = (before == 0) | ((before - code <= 3) & (code - before <= 1))
    return allowed
