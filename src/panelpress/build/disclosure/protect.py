"""Protects one study for one tier, from harmonized responses to a table that may be published. The only entrance of this room.

The order of work: read what keys can show (``vocabulary``), link each person's waves (``history``), withhold responses that make
participation itself unique (``participation``), plan levels and stars stratum by stratum (``plan``), write the table with one
SELECT (``output``), star rare combinations of options (``patterns``), count its exact classes again (``counted``), and
hold the result against floors and budgets (``costs``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import duckdb
import numpy as np

from panelpress.build.compiler.quote import name
from panelpress.build.disclosure.carried import carry, demands
from panelpress.build.disclosure.check import class_query
from panelpress.build.disclosure.costs import refusals, sample_cost
from panelpress.build.disclosure.counted import Counted, count_table
from panelpress.build.disclosure.crowd import gather
from panelpress.build.disclosure.demand import Demand
from panelpress.build.disclosure.earlier import EARLIER, Earlier, note_earlier
from panelpress.build.disclosure.history import PEOPLE, Histories, link
from panelpress.build.disclosure.output import write
from panelpress.build.disclosure.patterns import options_of, refuse_entangled, star_patterns
from panelpress.build.disclosure.planning import Planned, plan_strata
from panelpress.build.disclosure.published import published_variable
from panelpress.build.disclosure.relatives import Relatives, find_relatives
from panelpress.build.disclosure.returning import returning
from panelpress.build.disclosure.samples import Selection, selections, stratum_shares
from panelpress.build.disclosure.sensitive import Outcomes, as_shown, read_outcomes
from panelpress.build.disclosure.strata import assign, strata_of
from panelpress.build.disclosure.vocabulary import Vocabulary, read_vocabulary
from panelpress.errors import DisclosureRefused
from panelpress.model.disclosure import DisclosureDeclaration, StudyKeys, StudyRules, TierRules
from panelpress.model.missing import MissingReasons
from panelpress.model.protection import ProtectionResult
from panelpress.model.small_counts import shown
from panelpress.model.study import Sample, Study
from panelpress.model.variable import Tier, Variable

TIERS: Mapping[Tier, frozenset[Tier]] = {
    "open": frozenset({"open"}),
    "scientific_use": frozenset({"open", "scientific_use"}),
}


def protect(
    rows: duckdb.DuckDBPyConnection,
    study: Study,
    variables: Sequence[Variable],
    declaration: DisclosureDeclaration,
    tier: Tier,
    missing: MissingReasons,
    samples: Sequence[Sample] = (),
    target: str | None = None,
    earlier: Sequence[Earlier] = (),
    thorough: bool = True,
) -> ProtectionResult:
    """Creates ``target`` (default ``<study table>_<tier>``) in ``rows`` from the study's harmonized table.

    ``variables`` are all harmonized variables of the study. ``earlier`` are the tables that readers of this one may hold
    already: earlier releases, and the open tier where this is the licensed one; k holds on all of them together. Without
    ``thorough`` more is starred than need be, in less time: enough to compare demands.

    The result says whether the floors were kept; call its ``require()`` before releasing. Raises DisclosureRefused where nothing
    can be published (fewer persons than the class size, a hierarchy with a hole, no keys declared), BuildRefused where the
    harmonized table is not well-formed."""
    if study.id not in declaration.studies:
        raise DisclosureRefused(
            f"study {study.id}", "declares no keys: what identifies its people is unknown.", "Add it to build/disclosure.yaml."
        )
    keys, rules = declaration.studies[study.id], declaration.tiers[tier]
    of_tier = [variable for variable in variables if variable.tier in TIERS[tier]]
    of_study = rules.rules(study.id).with_waves(study.wave_ids)
    given = (tuple(variables), tuple(of_tier), keys, rules, of_study, missing, tuple(samples), tuple(earlier))
    return _Work(rows, study, *given, thorough).run(target or f"{study.table}_{tier}")


@dataclass(frozen=True)
class _Read:
    """What is read before anything is decided: what each key can show, the ``sensitive`` variables and, where diversity is asked
    of them, their answers, which cells give away which, and every person's waves linked."""

    vocabularies: list[Vocabulary]
    sensitive: list[Variable]
    outcomes: list[Outcomes]
    relatives: Relatives
    histories: Histories


@dataclass(frozen=True)
class _Work:
    rows: duckdb.DuckDBPyConnection
    study: Study
    variables: tuple[Variable, ...]
    of_tier: tuple[Variable, ...]
    keys: StudyKeys
    tier: TierRules
    rules: StudyRules
    missing: MissingReasons
    samples: tuple[Sample, ...]
    earlier: tuple[Earlier, ...]
    thorough: bool

    @property
    def demand(self) -> Demand:
        return Demand(self.tier.class_size, self.tier.diversity)

    def run(self, target: str) -> ProtectionResult:
        read = self._read()
        chosen = selections(self.study, self.variables, self.keys, self.samples)
        asked = demands(self.study, self.keys, self.tier, self.rules)
        last = self.earlier[-1] if self.earlier and self.earlier[-1].demands == asked and self.demand.diversity == 1 else None
        planned = self._carried(read, last) if last else None
        carried = last.label if last and planned else None
        planned = planned or self._searched(read, chosen)
        published = planned.published
        left_out = self._left_out(read, published)
        released = [variable for variable in self.of_tier if variable.id not in left_out]
        names = [each.key.variable for each in read.vocabularies if published[each.key.variable]]
        counted = self._written(read, planned, released, names, target)
        table = name(target)
        costs = {
            each.sample: sample_cost(self.rows, self.study, each, table, read.vocabularies, published) for each in chosen.values()
        }
        refused = refusals(self.rows, self.study, self.rules, chosen, costs, table, read.vocabularies, published)
        tokens = [each.token_table for each in read.vocabularies] + [each.token_table for each in read.outcomes]
        for scratch in (PEOPLE, EARLIER, *tokens):
            self.rows.execute(f"DROP TABLE {scratch}")
        persons, pieces = read.histories.counts, planned.pieces
        kept = pieces.end - pieces.start
        responses = int((persons * np.bitwise_count(read.histories.patterns)).sum())
        return ProtectionResult(
            study=self.study.id,
            tier=self.tier.tier,
            table=target,
            k=self.tier.k,
            max_risk=self.tier.max_risk,
            class_size=self.demand.k,
            smallest_class=counted.smallest,
            smallest_joint_class=counted.joint,
            diversity=self.demand.diversity,
            spread=counted.spread,
            patterns=counted.patterns,
            harmless={each.id: self.keys.harmless[each.id] for each in released if each.id in self.keys.harmless},
            earlier=tuple(each.label for each in self.earlier),
            persons=int(persons.sum()),
            exposed=read.histories.exposed(self.demand.k),
            persons_left_out=int(kept[pieces.pattern == 0].sum()),
            responses=responses,
            responses_withheld=responses - int((kept * np.bitwise_count(pieces.pattern)).sum()),
            keys=tuple(names),
            levels={each: tuple(self.keys.key(each).level_id(level) for level in published[each]) for each in names},
            variables=tuple(self._as_published(each, published) if each.id in names else each for each in released),
            left_out=left_out,
            searches=planned.searches,
            costs=tuple(costs.values()),
            refusals=refused,
            class_query=class_query(self.study, names, self.study.table),
            weight=self._held(self.keys.weight, released),
            household=self._held(self.keys.household, released),
            demands=asked,
            carried=carried,
        )

    def _read(self) -> _Read:
        """Raises DisclosureRefused where the study has fewer persons than a class."""
        source, k = name(self.study.table), self.demand.k
        in_tier = {variable.id: variable for variable in self.of_tier}
        vocabularies = [
            read_vocabulary(self.rows, source, key, in_tier[key.variable], self.missing, k)
            for key in self.keys.keys
            if key.variable in in_tier
        ]
        sensitive = [in_tier[each] for each in self.keys.sensitive if each in in_tier]
        diverse = sensitive if self.demand.diversity > 1 else []
        outcomes = [read_outcomes(self.rows, self.study, source, each) for each in diverse]
        names = [each.key.variable for each in vocabularies]
        options = [option.id for multi in self.keys.patterns for option in options_of(multi, self.of_tier)]
        relatives = find_relatives(self.study, self.variables, names, [*self.keys.sensitive, *options])
        refuse_entangled(self.keys.patterns, self.of_tier, relatives, [*names, *self.keys.sensitive])
        note_earlier(self.rows, self.study, source, self.earlier, k)
        histories = link(self.rows, self.study, source, vocabularies, outcomes)
        persons = int(histories.counts.sum())
        if persons < k:
            raise DisclosureRefused(
                f"study {self.study.id}",
                f"has {shown(persons, k)} persons; no class of {k} exists.",
                "Publish no microdata of it in this tier.",
            )
        return _Read(vocabularies, sensitive, outcomes, relatives, histories)

    def _carried(self, read: _Read, last: Earlier) -> Planned | None:
        """What the ``last`` release showed; None where an answer of a key was corrected since."""
        source, released = name(self.study.table), [variable.id for variable in self.of_tier]
        return carry(
            self.rows, self.study, source, read.vocabularies, read.histories, last, read.relatives, released, self.demand.k
        )

    def _searched(self, read: _Read, chosen: Mapping[str, Selection]) -> Planned:
        names = [each.key.variable for each in read.vocabularies]
        crowd = gather(read.histories, self.demand, len(self.study.waves), read.relatives.panel, names, read.outcomes)
        stratum_of = assign(self.rows, self.study, self.keys, sorted(set(crowd.patterns.tolist()) - {0}))
        shares = stratum_shares(self.rows, self.study, self.rules, chosen, stratum_of)
        strata = strata_of(self.keys)
        asked = (self.rules, shares, self.demand, self.tier.loss, self.thorough)
        return plan_strata(read.vocabularies, crowd, strata, stratum_of, *asked)

    def _written(self, read: _Read, planned: Planned, released: Sequence[Variable], names: Sequence[str], target: str) -> Counted:
        """Writes the table with the keys ``names``, and counts in it what was planned."""
        table = name(target)
        kept = [place for place, each in enumerate(read.vocabularies) if each.key.variable in names]
        answers = range(len(read.vocabularies), len(read.vocabularies) + len(read.outcomes))
        write(
            self.rows,
            self.study,
            name(self.study.table),
            table,
            released,
            [*(read.vocabularies[place] for place in kept), *as_shown(read.outcomes)],
            read.histories,
            replace(planned.pieces, shown=planned.pieces.shown[:, [*kept, *answers], :]),
            read.relatives,
            {**planned.published, **{each.variable.id: (0,) for each in read.outcomes}},
        )
        patterns = star_patterns(self.rows, self.study, table, self.keys.patterns, released, read.relatives, self.demand.k)
        sensitive = [each for each in read.sensitive if each in released]
        counted = count_table(self.rows, self.study, table, names, sensitive, patterns, self.earlier)
        return counted.require(self.demand)

    def _as_published(self, variable: Variable, published: Mapping[str, tuple[int, ...]]) -> Variable:
        return published_variable(variable, self.keys.key(variable.id), published[variable.id])

    def _held(self, role: str | None, released: Sequence[Variable]) -> str | None:
        return role if role in {variable.id for variable in released} else None

    def _left_out(self, read: _Read, published: Mapping[str, tuple[int, ...]]) -> dict[str, str]:
        """Why variables of the project are not in the table."""
        left = {
            variable.id: f"tier {variable.tier}: {variable.tier_reason}".rstrip(": ")
            for variable in self.variables
            if variable not in self.of_tier
        }
        for vocabulary in read.vocabularies:
            if not published[vocabulary.key.variable]:
                left[vocabulary.key.variable] = "a key that could not be kept at any level"
        left |= returning(self.rows, self.study, self.of_tier, read.vocabularies, read.relatives, published, left)
        return left
