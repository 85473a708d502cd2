"""What holds of every simulated person whatever is printed: departures before answers, facts of the past that never change."""

from __future__ import annotations

import numpy as np
import pytest

from simulation import outrush, targets
from simulation.survey import Survey

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def panel() -> Survey:
    return outrush.answers(4, targets.load())


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
