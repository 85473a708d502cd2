"""The named samples of ``build/samples.yaml``, as the simulator sees them: which rows, and whether each person counts once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from simulation.draw import Flags, Ints

HOSTS = {
    "armenia": "AM",
    "georgia": "GE",
    "germany": "DE",
    "israel": "IL",
    "kazakhstan": "KZ",
    "serbia": "RS",
    "turkey": "TR",
    "other": "other",
}
HOST_CODES = {code: at for at, code in enumerate(HOSTS.values(), start=1)}


class Answers(Protocol):
    """What a sample asks of a survey: its rows, who took part when, and the answers."""

    values: dict[str, Ints]

    @property
    def rows(self) -> int: ...

    def in_waves(self, *waves: str) -> Flags: ...

    def took_part(self, wave: str) -> Flags: ...

    def n_waves(self) -> Ints: ...


@dataclass(frozen=True, slots=True)
class Sample:
    """``where`` flags rows; ``by_person`` keeps the latest valid row of each person."""

    where: Callable[[Answers], Flags]
    by_person: bool = False


def _everybody(survey: Answers) -> Flags:
    return np.ones(survey.rows, dtype=np.bool_)


def _cohort(group: int) -> Callable[[Answers], Flags]:
    return lambda survey: (survey.values["currently_abroad"] == 1) & (survey.values["mobilization_group"] == group)


def _host(code: str) -> Callable[[Answers], Flags]:
    return lambda survey: survey.values["host_country_group"] == HOST_CODES[code]


SAMPLES: dict[str, Sample] = {
    "combined": Sample(_everybody, by_person=True),
    "wave_1": Sample(lambda survey: survey.in_waves("w1")),
    "wave_2": Sample(lambda survey: survey.in_waves("w2")),
    "wave_3": Sample(lambda survey: survey.in_waves("w3")),
    "panel": Sample(lambda survey: survey.n_waves() >= 2),
    "panel_all": Sample(lambda survey: survey.n_waves() == 3),
    "panel_w1_w3": Sample(lambda survey: survey.took_part("w1") & survey.took_part("w3")),
    "panel_w2_w3": Sample(lambda survey: survey.took_part("w2") & survey.took_part("w3")),
    "abroad": Sample(lambda survey: survey.values["currently_abroad"] == 1, by_person=True),
    "abroad_left_before": Sample(_cohort(0), by_person=True),
    "abroad_left_after": Sample(_cohort(1), by_person=True),
    "okr_all": Sample(_everybody),
    "okr_employed": Sample(lambda survey: survey.values["employment_status_before"] == 1),
    "gmf_all": Sample(_everybody),
} | {f"host_{name}": Sample(_host(code), by_person=True) for name, code in HOSTS.items()}
