"""Recomputes every target from the simulated answers. A small check of the simulator's own; the official one recomputes the
printed numbers from the harmonized database (``validation/estimates.csv``)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

from simulation.draw import Ints
from simulation.survey import Survey
from simulation.targets import Target

LEARNERS = (3, 4)
TOP = 6


@dataclass(frozen=True, slots=True)
class Outcome:
    """A target, what the answers give, and whether that is accepted. ``value`` is None where nobody is in the base."""

    target: Target
    value: float | None

    @property
    def holds(self) -> bool:
        return self.value is not None and self.target.low - 1e-9 <= self.value <= self.target.high + 1e-9


def outcomes(survey: Survey, targets: Iterable[Target]) -> tuple[Outcome, ...]:
    """One outcome a target of the survey's study."""
    return tuple(
        Outcome(target, STATISTICS[target.statistic](survey, target)) for target in targets if target.study == survey.study
    )


def _base(survey: Survey, target: Target, least: int = 0) -> Ints:
    value = survey.values[target.variable]
    return survey.select(target.sample, target.wave, value >= least, target.condition)


def _share(survey: Survey, target: Target) -> float | None:
    rows = _base(survey, target)
    if len(rows) == 0:
        return None
    counted = np.isin(survey.values[target.variable][rows], target.categories) & survey.holds(target.within)[rows]
    return 100 * float(counted.mean())


def _change(survey: Survey, target: Target) -> float | None:
    value = survey.values[target.variable]
    theirs = survey.select(target.minus_sample, target.minus_wave, value >= 0, target.condition)
    mine = _share(survey, target)
    if mine is None or len(theirs) == 0:
        return None
    return mine - 100 * float(np.isin(value[theirs], target.categories).mean())


def _mean(survey: Survey, target: Target) -> float | None:
    rows = _base(survey, target)
    return float(survey.values[target.variable][rows].mean()) if len(rows) else None


def _with_dont_know(survey: Survey, target: Target) -> float | None:
    value = survey.values[target.variable]
    rows = survey.select(target.sample, target.wave, (value >= 0) | (value == -1), target.condition)
    return 100 * float(np.isin(value[rows], target.categories).mean()) if len(rows) else None


def _of_learners(survey: Survey, target: Target) -> float | None:
    rows = _base(survey, target)
    value = survey.values[target.variable][rows]
    return 100 * float(np.isin(value, target.categories).sum() / np.isin(value, LEARNERS).sum())


def _distinct(survey: Survey, target: Target) -> float:
    return float(len(np.unique(survey.values[target.variable][_base(survey, target)])))


def _drops(survey: Survey, target: Target) -> tuple[Ints, Ints]:
    """Categories lost since before leaving, and the category then."""
    before, now = survey.values["income_category_before"], survey.values["income_category"]
    rows = survey.select(target.sample, target.wave, (before > 0) & (now > 0), target.condition)
    return np.sort(before[rows] - now[rows]), (before[rows] - now[rows])[before[rows] == TOP]


def _median_drop(survey: Survey, target: Target) -> float:
    drops, _ = _drops(survey, target)
    return float(drops[len(drops) // 2])


def _upper_quartile_drop(survey: Survey, target: Target) -> float:
    drops, _ = _drops(survey, target)
    return float(drops[(3 * len(drops)) // 4])


def _largest_drop_from_top(survey: Survey, target: Target) -> float:
    return float(_drops(survey, target)[1].max())


STATISTICS: dict[str, Callable[[Survey, Target], float | None]] = {
    "share": _share,
    "change": _change,
    "mean": _mean,
    "share_with_dont_know": _with_dont_know,
    "share_of_learners": _of_learners,
    "distinct": _distinct,
    "median_drop": _median_drop,
    "upper_quartile_drop": _upper_quartile_drop,
    "largest_drop_from_top": _largest_drop_from_top,
}
