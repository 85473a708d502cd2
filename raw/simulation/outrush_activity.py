"""Several-answers questions of OutRush whose union is printed: activity before the war and in the last three months, repression.

The union is decided first, then each option inside it, so that union and options can both be exact. For the last three months
there are two unions: any activity, and digital activism inside it.
"""

from __future__ import annotations

import numpy as np

from simulation import answer
from simulation.answer import several
from simulation.draw import Ints
from simulation.survey import Survey

DIGITAL = ("petition_signing", "open_letters", "political_posting")
OTHER = (
    "volunteering",
    "help_ukrainian_refugees",
    "help_russian_migrants",
    "donate_local_ngo",
    "donate_russian_ngo",
    "rally_participation",
)
ACTIVITY = "activity_last_three_months"
ANY_PRIOR = 80
DIGITAL_PRIOR = 52


def before_war(survey: Survey) -> None:
    """Five activities before the war, facts of a person."""
    _with_union(survey, "activity_before_war", {"politics": 1.0})


def repression(survey: Survey) -> None:
    """Repression in Russia, facts of a person."""
    _with_union(survey, "repression_experienced_russia", {"politics": 0.6})


def _with_union(survey: Survey, name: str, pulls: dict[str, float]) -> None:
    given = answer.item(name)
    waves = answer.asked_in(survey, given)
    share = float(given.prior_any or 0)
    union = survey.ask(
        str(given.any_of),
        (0, 1),
        [[100 - share, share]],
        asked=survey.in_waves(*waves),
        missing=answer.no_answer(survey, given, waves),
        lasting=True,
        score=survey.score(str(given.any_of), pulls),
    )
    several(survey, name, pulls, lasting=True, union=union)


def activity(survey: Survey) -> None:
    """Nine activities in the last three months, asked anew in each wave."""
    given = answer.item(ACTIVITY)
    waves = answer.asked_in(survey, given)
    asked = survey.in_waves(*waves)
    missing = answer.no_answer(survey, given, waves)
    pulls = {"politics": 1.0, "fear": -0.4}
    anything = survey.ask(
        "political_civic_activity_any",
        (0, 1),
        [[100 - ANY_PRIOR, ANY_PRIOR]],
        asked=asked,
        missing=missing,
        score=survey.score("political_civic_activity_any", pulls),
    )
    inside = np.ones((survey.rows, 2), dtype=np.bool_)
    inside[anything == 0] = (True, False)
    digital = survey.ask(
        "digital_activism",
        (0, 1),
        [[100 - DIGITAL_PRIOR, DIGITAL_PRIOR]],
        asked=asked,
        missing=missing,
        allowed=inside,
        score=survey.score("digital_activism", pulls),
    )
    several(survey, ACTIVITY, pulls, options=DIGITAL, union=digital)
    several(survey, ACTIVITY, {"politics": 0.6, "fear": -0.2}, options=OTHER, union=_rest(anything, digital))


def _rest(anything: Ints, digital: Ints) -> Ints:
    """1 where something else than digital activism is certain, 0 where nothing was done, 2 where nothing is known of it."""
    return np.where(anything <= 0, anything, np.where(digital == 1, 2, 1))
