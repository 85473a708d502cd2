"""Every target holds at once; without its targets a group of numbers is missed and named."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from simulation import check, outrush, single, targets
from simulation.survey import Survey
from simulation.targets import Target, clauses

STUDIES: dict[str, Callable[[int, tuple[Target, ...]], Survey]] = {
    "outrush": outrush.answers,
    "okr_2022": single.okr,
    "gmf_2025": single.gmf,
}
GROUPS = ("activity", "trust", "okr", "gmf")


def missed(seed: int, given: tuple[Target, ...], studies: tuple[str, ...] = tuple(STUDIES)) -> list[Target]:
    """The targets of the project that the answers, drawn with ``given`` targets, do not reproduce."""
    found = []
    for study in studies:
        survey = STUDIES[study](seed, given)
        found += [outcome.target for outcome in check.outcomes(survey, targets.load()) if not outcome.holds]
    return found


def test_a_condition_reads_variable_wave_and_codes() -> None:
    first, second = clauses("income_category@w2 in 2 and gender in 1|3")
    assert (first.variable, first.wave, first.codes) == ("income_category", "w2", (2,))
    assert (second.variable, second.wave, second.codes) == ("gender", "", (1, 3))


def test_the_small_surveys_reproduce_their_numbers() -> None:
    assert missed(1, targets.load(), ("okr_2022", "gmf_2025")) == []


@pytest.mark.slow
def test_the_check_script_names_what_is_missed(capsys: pytest.CaptureFixture[str]) -> None:
    assert check.main(["--seed", "2", "--without", "optimism"]) == 1
    assert "missed: optimism: or-optim-own-w1" in capsys.readouterr().out


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2, 3, 4, 5])
def test_all_targets_hold_at_once(seed: int) -> None:
    assert [target.fact_key for target in missed(seed, targets.load())] == []


@pytest.mark.slow
@pytest.mark.parametrize("group", GROUPS)
def test_without_its_targets_a_group_is_missed_and_no_other(group: str) -> None:
    studies = tuple({target.study for target in targets.load() if target.group == group})
    found = missed(1, targets.without(targets.load(), group), studies)
    assert {target.group for target in found} == {group}
