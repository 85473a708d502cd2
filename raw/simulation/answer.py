"""Decides questionnaire items: takes priors, missing shares and universes from the questionnaire, leanings from the caller."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from simulation import draw, questionnaire
from simulation.draw import Flags, Floats, Ints
from simulation.questionnaire import Item
from simulation.survey import NOT_ASKED, Survey


def item(name: str) -> Item:
    """The item called ``name``. Raises KeyError."""
    return {each.id: each for each in questionnaire.load()}[name]


def asked_in(survey: Survey, given: Item, waves: Sequence[str] | None = None) -> tuple[str, ...]:
    """The waves of the study in which the item is asked (of ``waves``, where given)."""
    return tuple(wave for wave in survey.waves if wave in given.asked and (waves is None or wave in waves))


def applies(survey: Survey, given: Item, waves: Sequence[str]) -> Flags:
    """Rows inside the universe of the item."""
    flags = np.ones(survey.rows, dtype=np.bool_)
    for wave in waves:
        rows = survey.in_waves(wave)
        for variable, codes in given.asked[wave].universe.items():
            flags[rows] &= np.isin(survey.values[variable][rows], codes)
    return flags


def no_answer(survey: Survey, given: Item, waves: Sequence[str]) -> Ints:
    """Reasons of those who give no answer, 0 for the others."""
    shares = {wave: given.asked[wave].missing for wave in waves}
    return survey.missing(given.id, shares, survey.in_waves(*waves))


def one(
    survey: Survey,
    name: str,
    pulls: Mapping[str, float] | None = None,
    *,
    waves: Sequence[str] | None = None,
    lasting: bool = False,
    stratum: Ints | None = None,
    priors: Floats | None = None,
    allowed: Flags | None = None,
    keep: float = 1.0,
    noise: float = 0.6,
) -> Ints:
    """Decide a one-answer item. ``pulls`` weigh the person's leanings: positive means higher codes."""
    given = item(name)
    chosen = asked_in(survey, given, waves)
    prior = np.asarray([given.asked[chosen[0]].prior], dtype=np.float64) if priors is None else priors
    return survey.ask(
        name,
        tuple(given.asked[chosen[0]].labels),
        prior,
        asked=survey.in_waves(*chosen),
        missing=no_answer(survey, given, chosen),
        applies=applies(survey, given, chosen),
        lasting=lasting,
        stratum=stratum,
        allowed=allowed,
        score=survey.score(name, pulls or {}, keep, noise),
    )


def several(
    survey: Survey,
    name: str,
    pulls: Mapping[str, float],
    *,
    lasting: bool = False,
    options: Sequence[str] | None = None,
    union: Ints | None = None,
    at_least_one: bool = False,
) -> None:
    """Decide the options of a several-answers item. With ``union`` (0, 1 or a reason), whoever has 1 chose at least one of
    them and whoever has 0 none; ``at_least_one`` means 1 for everybody who answers. Else options are decided one by one."""
    given = item(name)
    waves = asked_in(survey, given)
    inside = applies(survey, given, waves)
    missing = no_answer(survey, given, waves)
    prior = dict(zip(given.options, given.asked[waves[0]].prior, strict=False))
    chosen = tuple(options or given.options)
    if at_least_one:
        union = np.where((missing == 0) & inside, 1, NOT_ASKED)
    # Priors are shares of everybody; inside the union they are higher.
    widened = 1.0 if union is None else float((union >= 0).sum()) / max(float((union > 0).sum()), 1.0)
    anchor = _anchors(survey, name, [prior[option] for option in chosen], union, lasting)
    for at, option in enumerate(chosen):
        allowed = np.ones((survey.rows, 2), dtype=np.bool_)
        if union is not None:
            allowed[union == 0] = (True, False)
            allowed[anchor == at] = (False, True)
        share = min(95.0, prior[option] * widened)
        survey.ask(
            given.variable(option),
            (0, 1),
            [[100 - share, share]],
            asked=survey.in_waves(*waves),
            missing=missing,
            applies=inside,
            lasting=lasting,
            allowed=allowed,
            score=survey.score(given.variable(option), pulls),
        )


def _anchors(survey: Survey, name: str, weights: Sequence[float], union: Ints | None, lasting: bool) -> Ints:
    """The option that a row with union 1 has for certain, drawn by the options' priors; -1 where nothing is certain."""
    anchor = np.full(survey.rows, -1, dtype=np.int64)
    if union is None:
        return anchor
    rows = np.flatnonzero(union == 1)
    if not lasting:
        anchor[rows] = draw.systematic(survey.seed, f"{survey.study}/{name}/anchor", len(rows), weights)
        return anchor
    of_person = draw.systematic(survey.seed, f"{survey.study}/{name}/anchor", survey.persons, weights)
    anchor[rows] = of_person[survey.person[rows]]
    return anchor
