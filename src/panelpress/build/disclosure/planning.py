"""Plans all strata of a study in their declared order and puts their plans together.

What the first stratum publishes of a key, a later one publishes at the same level or withholds, unless the key is local: a
column holds one code list. Strata never mix, so each is safe on its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from panelpress.build.disclosure.columns import Ints
from panelpress.build.disclosure.crowd import Crowd
from panelpress.build.disclosure.demand import Demand
from panelpress.build.disclosure.output import Pieces
from panelpress.build.disclosure.pieces import join_plans
from panelpress.build.disclosure.plan import Plan, Tolerances, plan
from panelpress.build.disclosure.strata import Binding, allowed_levels, binding_floors
from panelpress.build.disclosure.vocabulary import Vocabulary
from panelpress.model.disclosure import Loss, Stratum, StudyRules
from panelpress.model.protection import SearchFacts

_MARGIN = 0.95  # floors are checked by answers, planned by persons; the two differ a little


@dataclass(frozen=True)
class Planned:
    """The pieces of all persons, how each stratum was searched, and by key the levels it is published at somewhere (withheld
    not counted), first that of the first stratum which publishes it."""

    pieces: Pieces
    searches: tuple[SearchFacts, ...]
    published: Mapping[str, tuple[int, ...]]


def plan_strata(
    vocabularies: Sequence[Vocabulary],
    crowd: Crowd,
    strata: Sequence[Stratum],
    stratum_of: Mapping[int, str],
    rules: StudyRules,
    shares: Mapping[str, Mapping[str, float]],
    demand: Demand,
    loss: Loss,
    thorough: bool = True,
) -> Planned:
    """Plans ``strata``; ``stratum_of`` gives the stratum of each participation pattern, ``shares`` how much of each sample named
    by a floor lies in each stratum, ``thorough`` is told in ``plan``. Raises DisclosureRefused where the floors leave a key no
    level."""
    keys = [vocabulary.key for vocabulary in vocabularies]
    floors = binding_floors(rules, strata, shares)
    chosen: dict[str, int] = {}
    published: dict[str, set[int]] = {key.variable: set() for key in keys}
    found: list[tuple[Ints, Plan]] = []
    searches = []
    for stratum in strata:
        inside = np.flatnonzero([stratum_of.get(int(pattern)) == stratum.id for pattern in crowd.patterns])
        if not len(inside):
            continue
        allowed = allowed_levels(keys, rules, floors, stratum.id, chosen)
        made = plan(
            vocabularies, crowd.take(inside), allowed, demand, loss, _tolerances(vocabularies, floors[stratum.id]), thorough
        )
        found.append((inside, made))
        for place, key in enumerate(keys):
            if made.levels[place] != key.top:
                chosen.setdefault(key.variable, made.levels[place])
            published[key.variable] |= set(np.unique(made.shown[:, place, :]).tolist()) - {key.top}
        searches.append(
            SearchFacts(
                stratum=stratum.id,
                persons=int(crowd.counts[inside].sum()),
                levels={key.variable: key.level_id(level) for key, level in zip(keys, made.levels, strict=True)},
                loss=made.loss,
                optimal=made.found.optimal,
                nodes=made.found.nodes,
                counted=made.found.counted,
            )
        )
    return Planned(
        join_plans(crowd, found, (len(keys) + crowd.answers.shape[1], crowd.answers.shape[2])),
        tuple(searches),
        {
            variable: tuple(sorted(levels, key=lambda level: (level != chosen.get(variable), level)))
            for variable, levels in published.items()
        },
    )


def _tolerances(vocabularies: Sequence[Vocabulary], floors: Mapping[str, tuple[Binding, ...]]) -> Tolerances:
    return {
        place: tuple(
            (vocabulary.key.level_index(each.floor.level), each.share * _MARGIN) for each in floors[vocabulary.key.variable]
        )
        for place, vocabulary in enumerate(vocabularies)
        if vocabulary.key.variable in floors
    }
