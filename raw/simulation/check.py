"""Recomputes every target from the simulated answers, and names those that are missed.

    python raw/simulation/check.py --seed 1 --without trust

A small check of the simulator's own; the official one recomputes the printed numbers from the harmonized database
(``validation/estimates.csv``). ``--without`` draws answers that know nothing of a group of targets: all others must still hold.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

if __name__ == "__main__":  # run as a script: make the package importable
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from simulation import outrush, single, targets
from simulation.draw import Ints
from simulation.survey import Survey
from simulation.targets import Target

STUDIES: tuple[Callable[[int, tuple[Target, ...]], Survey], ...] = (outrush.answers, single.okr, single.gmf)
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


def main(arguments: list[str] | None = None) -> int:
    """Print what is missed; 0 where nothing is."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--without", default="", help="a group of raw/targets.csv to leave out")
    given = parser.parse_args(arguments)
    asked = targets.load()
    known = targets.without(asked, given.without)
    found = [outcome for study in STUDIES for outcome in outcomes(study(given.seed, known), asked)]
    missed = [outcome for outcome in found if not outcome.holds]
    for outcome in missed:
        target = outcome.target
        print(f"missed: {target.group}: {target.fact_key} ({target.sample} {target.wave}), {target.low:g} to {target.high:g}")
    print(f"{len(found) - len(missed)} of {len(found)} targets hold with seed {given.seed}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
