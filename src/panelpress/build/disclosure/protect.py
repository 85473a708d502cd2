"""Protects one study for one tier, from harmonized responses to a table that may be published. The only entrance of this room.

The order of work: read what keys can show (``vocabulary``), link each person's waves (``history``), withhold responses that make
participation itself unique (``participation``), plan levels and stars stratum by stratum (``plan``), write the table with one
SELECT (``output``), star rare combinations of options (``patterns``), count its exact classes again (``check``, ``spread``), and
hold the result against floors and budgets (``costs``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import duckdb
import numpy as np

from panelpress.build.compiler.quote import name
from panelpress.build.disclosure.carried import carry, demands
from panelpress.build.disclosure.check import class_query, smallest_class, smallest_joint_class
from panelpress.build.disclosure.costs import refusals, sample_cost
from panelpress.build.disclosure.crowd import gather
from panelpress.build.disclosure.demand import Demand
from panelpress.build.disclosure.earlier import EARLIER, Earlier, note_earlier
from panelpress.build.disclosure.history import PEOPLE, link
from panelpress.build.disclosure.output import write
from panelpress.build.disclosure.patterns import options_of, refuse_entangled, star_patterns
from panelpress.build.disclosure.planning import plan_strata
from panelpress.build.disclosure.published import published_variable
from panelpress.build.disclosure.relatives import Relatives, find_relatives
from panelpress.build.disclosure.returning import returning
from panelpress.build.disclosure.samples import selections, stratum_shares
from panelpress.build.disclosure.sensitive import as_shown, read_outcomes
from panelpress.build.disclosure.spread import answer_spread
from panelpress.build.disclosure.strata import assign, strata_of
from panelpress.build.disclosure.vocabulary import Vocabulary, few, read_vocabulary
from panelpress.errors import DisclosureRefused
from panelpress.model.disclosure import DisclosureDeclaration, StudyKeys, StudyRules, TierRules
from panelpress.model.missing import MissingReasons
from panelpress.model.protection import ProtectionResult
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
) -> ProtectionResult:
    """Creates ``target`` (default ``<study table>_<tier>``) in ``rows`` from the study's harmonized table.

    ``variables`` are all harmonized variables of the study. ``earlier`` are the tables that readers of this one may hold
    already: earlier releases, and the open tier where this is the licensed one; k holds on all of them together.

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
    work = _Work(rows, study, tuple(variables), tuple(of_tier), keys, rules, of_study, missing, tuple(samples), tuple(earlier))
    return work.run(target or f"{study.table}_{tier}")


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

    def run(self, target: str) -> ProtectionResult:
        source = name(self.study.table)
        in_tier = {variable.id: variable for variable in self.of_tier}
        demand = Demand(self.tier.class_size, self.tier.diversity)
        k = demand.k
        vocabularies = [
            read_vocabulary(self.rows, source, key, in_tier[key.variable], self.missing, k)
            for key in self.keys.keys
            if key.variable in in_tier
        ]
        sensitive = [in_tier[each] for each in self.keys.sensitive if each in in_tier]
        outcomes = [read_outcomes(self.rows, self.study, source, each) for each in sensitive] if demand.diversity > 1 else []
        key_names = [each.key.variable for each in vocabularies]
        options = [option.id for multi in self.keys.patterns for option in options_of(multi, self.of_tier)]
        relatives = find_relatives(self.study, self.variables, key_names, [*self.keys.sensitive, *options])
        refuse_entangled(self.keys.patterns, self.of_tier, relatives, [*key_names, *self.keys.sensitive])
        note_earlier(self.rows, self.study, source, self.earlier, k)
        histories = link(self.rows, self.study, source, vocabularies, outcomes)
        persons = int(histories.counts.sum())
        if persons < k:
            raise DisclosureRefused(
                f"study {self.study.id}",
                f"has {few(persons, k)} persons; no class of {k} exists.",
                "Publish no microdata of it in this tier.",
            )
        chosen = selections(self.study, self.variables, self.keys, self.samples)
        asked = demands(self.study, self.keys, self.tier, self.rules)
        last = self.earlier[-1] if self.earlier and self.earlier[-1].demands == asked and demand.diversity == 1 else None
        planned = None
        if last is not None:
            planned = carry(self.rows, self.study, source, vocabularies, histories, last, relatives, tuple(in_tier), k)
        if planned is None:
            last = None
            crowd = gather(histories, demand, len(self.study.waves), relatives.panel, key_names, outcomes)
            stratum_of = assign(self.rows, self.study, self.keys, sorted(set(crowd.patterns.tolist()) - {0}))
            shares = stratum_shares(self.rows, self.study, self.rules, chosen, stratum_of)
            strata = strata_of(self.keys)
            planned = plan_strata(vocabularies, crowd, strata, stratum_of, self.rules, shares, demand, self.tier.loss)
        pieces, published = planned.pieces, planned.published
        left_out = self._left_out(vocabularies, relatives, published)
        released = [variable for variable in self.of_tier if variable.id not in left_out]
        kept = [place for place, each in enumerate(vocabularies) if published[each.key.variable]]
        shown_keys = [vocabularies[place] for place in kept]
        answers = range(len(vocabularies), len(vocabularies) + len(outcomes))
        write(
            self.rows,
            self.study,
            source,
            name(target),
            released,
            [*shown_keys, *as_shown(outcomes)],
            histories,
            replace(pieces, shown=pieces.shown[:, [*kept, *answers], :]),
            relatives,
            {**published, **{each.variable.id: (0,) for each in outcomes}},
        )
        patterns = star_patterns(self.rows, self.study, name(target), self.keys.patterns, released, relatives, k)
        names = [each.key.variable for each in shown_keys]
        smallest = smallest_class(self.rows, self.study, names, name(target))
        joint = smallest_joint_class(self.rows, self.study, names, name(target), self.earlier)
        spread = [answer_spread(self.rows, self.study, names, each, name(target)) for each in sensitive if each in released]
        poorest = min((each.least for each in spread if each.least is not None), default=demand.diversity)
        sizes = (smallest, joint, k, *(each.smallest for each in patterns))
        if min(each for each in sizes if each is not None) < k or poorest < demand.diversity:
            raise AssertionError(f"{target}: the table written does not hold the plan; this is a defect of the engine")
        costs = {
            each.sample: sample_cost(self.rows, self.study, each, name(target), vocabularies, published)
            for each in chosen.values()
        }
        refused = refusals(self.rows, self.study, self.rules, chosen, costs, name(target), vocabularies, published)
        left = int((pieces.end - pieces.start)[pieces.pattern == 0].sum())
        kept_responses = int(((pieces.end - pieces.start) * np.bitwise_count(pieces.pattern)).sum())
        responses = int((histories.counts * np.bitwise_count(histories.patterns)).sum())
        tokens = [each.token_table for each in vocabularies] + [each.token_table for each in outcomes]
        for table in (PEOPLE, EARLIER, *tokens):
            self.rows.execute(f"DROP TABLE {table}")
        return ProtectionResult(
            study=self.study.id,
            tier=self.tier.tier,
            table=target,
            k=self.tier.k,
            max_risk=self.tier.max_risk,
            class_size=k,
            smallest_class=smallest,
            smallest_joint_class=joint,
            diversity=demand.diversity,
            spread=tuple(spread),
            patterns=patterns,
            harmless={each.id: self.keys.harmless[each.id] for each in released if each.id in self.keys.harmless},
            earlier=tuple(each.label for each in self.earlier),
            persons=persons,
            persons_left_out=left,
            responses=responses,
            responses_withheld=responses - kept_responses,
            keys=tuple(names),
            levels={
                variable: tuple(self.keys.key(variable).level_id(level) for level in published[variable]) for variable in names
            },
            variables=tuple(
                published_variable(variable, self.keys.key(variable.id), published[variable.id])
                if variable.id in names
                else variable
                for variable in released
            ),
            left_out=left_out,
            searches=planned.searches,
            costs=tuple(costs.values()),
            refusals=refused,
            class_query=class_query(self.study, names, self.study.table),
            weight=self._held(self.keys.weight, released),
            household=self._held(self.keys.household, released),
            demands=asked,
            carried=last.label if last else None,
        )

    def _held(self, role: str | None, released: Sequence[Variable]) -> str | None:
        return role if role in {variable.id for variable in released} else None

    def _left_out(
        self,
        vocabularies: Sequence[Vocabulary],
        relatives: Relatives,
        published: Mapping[str, tuple[int, ...]],
    ) -> dict[str, str]:
        """Why variables of the project are not in the table."""
        left = {
            variable.id: f"tier {variable.tier}: {variable.tier_reason}".rstrip(": ")
            for variable in self.variables
            if variable not in self.of_tier
        }
        for vocabulary in vocabularies:
            if not published[vocabulary.key.variable]:
                left[vocabulary.key.variable] = "a key that could not be kept at any level"
        left |= returning(self.rows, self.study, self.of_tier, vocabularies, relatives, published, left)
        return left
