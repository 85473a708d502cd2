"""Protects one study for one tier, from harmonized responses to a table that may be published. The only entrance of this room.

The order of work: read what keys can show (``vocabulary``), link each person's waves (``history``), withhold responses that make
participation itself unique (``participation``), plan levels and stars stratum by stratum (``plan``), write the table with one
SELECT (``output``), count its exact classes again (``check``), and hold the result against floors and budgets (``costs``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import duckdb
import numpy as np

from panelpress.build.compiler.quote import name
from panelpress.build.compiler.study import sample_sql
from panelpress.build.disclosure.check import class_query, smallest_class
from panelpress.build.disclosure.columns import Ints
from panelpress.build.disclosure.costs import refusals, sample_cost
from panelpress.build.disclosure.history import HIDDEN, PEOPLE, Histories, link, without_waves
from panelpress.build.disclosure.output import Pieces, write
from panelpress.build.disclosure.pieces import after_withholding, join_plans
from panelpress.build.disclosure.plan import Plan, plan
from panelpress.build.disclosure.published import published_variable
from panelpress.build.disclosure.relatives import Relatives, find_relatives
from panelpress.build.disclosure.returning import returning
from panelpress.build.disclosure.strata import allowed_levels, assign, floors_by_stratum, strata_of
from panelpress.build.disclosure.vocabulary import Vocabulary, few, read_vocabulary
from panelpress.errors import DisclosureRefused
from panelpress.model.disclosure import DisclosureDeclaration, StudyKeys, StudyRules, TierRules
from panelpress.model.missing import MissingReasons
from panelpress.model.protection import ProtectionResult, SampleCost, SearchFacts
from panelpress.model.study import Sample, Study
from panelpress.model.variable import Tier, Variable

_TIERS: Mapping[Tier, frozenset[Tier]] = {
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
) -> ProtectionResult:
    """Creates ``target`` (default ``<study table>_<tier>``) in ``rows`` from the study's harmonized table.

    ``variables`` are all harmonized variables of the study. The result says whether the floors were kept; call its ``require()``
    before releasing. Raises DisclosureRefused where nothing can be published (fewer persons than the class size, a hierarchy
    with a hole, no keys declared), BuildRefused where the harmonized table is not well-formed.
    """
    if study.id not in declaration.studies:
        raise DisclosureRefused(
            f"study {study.id}", "declares no keys: what identifies its people is unknown.", "Add it to build/disclosure.yaml."
        )
    keys, rules = declaration.studies[study.id], declaration.tiers[tier]
    of_tier = [variable for variable in variables if variable.tier in _TIERS[tier]]
    work = _Work(rows, study, tuple(variables), tuple(of_tier), keys, rules, rules.rules(study.id), missing, tuple(samples))
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

    def run(self, target: str) -> ProtectionResult:
        source = name(self.study.table)
        in_tier = {variable.id: variable for variable in self.of_tier}
        k = self.tier.class_size
        vocabularies = [
            read_vocabulary(self.rows, source, key, in_tier[key.variable], self.missing, k)
            for key in self.keys.keys
            if key.variable in in_tier
        ]
        relatives = find_relatives(self.study, self.variables, [each.key.variable for each in vocabularies])
        histories = link(self.rows, self.study, source, vocabularies)
        persons = int(histories.counts.sum())
        if persons < k:
            raise DisclosureRefused(
                f"study {self.study.id}",
                f"has {few(persons, k)} persons; no class of {k} exists.",
                "Publish no microdata of it in this tier.",
            )
        pieces, searches, published = self._plan(histories, vocabularies, relatives)
        left_out = self._left_out(vocabularies, relatives, published, searches)
        released = [variable for variable in self.of_tier if variable.id not in left_out]
        kept = [place for place, each in enumerate(vocabularies) if published[each.key.variable]]
        shown_keys = [vocabularies[place] for place in kept]
        write(
            self.rows,
            self.study,
            source,
            name(target),
            released,
            shown_keys,
            histories,
            Pieces(pieces.history, pieces.start, pieces.end, pieces.pattern, pieces.sets, pieces.shown[:, kept, :]),
            relatives,
            published,
        )
        names = [each.key.variable for each in shown_keys]
        smallest = smallest_class(self.rows, self.study, names, name(target))
        if smallest is not None and smallest < k:
            raise AssertionError(f"{target}: the table written does not hold the plan; this is a defect of the engine")
        costs = self._costs(vocabularies, published, name(target))
        left = int((pieces.end - pieces.start)[pieces.pattern == 0].sum())
        kept_responses = int(((pieces.end - pieces.start) * np.bitwise_count(pieces.pattern)).sum())
        responses = int((histories.counts * np.bitwise_count(histories.patterns)).sum())
        self.rows.execute(f"DROP TABLE {PEOPLE}")
        return ProtectionResult(
            study=self.study.id,
            tier=self.tier.tier,
            table=target,
            k=self.tier.k,
            max_risk=self.tier.max_risk,
            class_size=k,
            smallest_class=smallest,
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
            searches=searches,
            costs=tuple(costs.values()),
            refusals=refusals(self.rules, costs, vocabularies, published),
            class_query=class_query(self.study, names, self.study.table),
        )

    def _plan(
        self, histories: Histories, vocabularies: Sequence[Vocabulary], relatives: Relatives
    ) -> tuple[Pieces, tuple[SearchFacts, ...], dict[str, tuple[int, ...]]]:
        """Pieces of all strata together, how each was searched, and the levels that each key is published at somewhere."""
        k = self.tier.class_size
        history, start, amounts, patterns = after_withholding(histories, k, len(self.study.waves))
        tokens = list(without_waves([matrix[history] for matrix in histories.tokens], patterns))
        lost_some = patterns != histories.patterns[history]
        for place, vocabulary in enumerate(vocabularies):
            if vocabulary.key.variable in relatives.panel:
                tokens[place] = np.where((tokens[place] >= 0) & lost_some[:, None], HIDDEN, tokens[place]).astype(np.int32)
        stratum_of = assign(self.rows, self.study, self.keys, sorted(set(patterns.tolist()) - {0}))
        floors = floors_by_stratum(self.rules, strata_of(self.keys), self._shares(histories, stratum_of))
        chosen: dict[str, int] = {}
        published: dict[str, set[int]] = {each.key.variable: set() for each in vocabularies}
        found: list[tuple[Ints, Plan]] = []
        searches = []
        for stratum in strata_of(self.keys):
            inside = np.flatnonzero([stratum_of.get(int(pattern)) == stratum.id for pattern in patterns])
            if not len(inside):
                continue
            allowed = allowed_levels([each.key for each in vocabularies], self.rules, floors, stratum.id, chosen)
            made = plan(
                vocabularies, [matrix[inside] for matrix in tokens], patterns[inside], amounts[inside], allowed, k, self.tier.loss
            )
            found.append((inside, made))
            for place, vocabulary in enumerate(vocabularies):
                key = vocabulary.key
                if made.levels[place] != key.top:
                    chosen.setdefault(key.variable, made.levels[place])
                published[key.variable] |= set(np.unique(made.shown[:, place, :]).tolist()) - {key.top}
            searches.append(
                SearchFacts(
                    stratum.id,
                    int(amounts[inside].sum()),
                    {each.key.variable: each.key.level_id(level) for each, level in zip(vocabularies, made.levels, strict=True)},
                    made.loss,
                    made.found.optimal,
                    made.found.nodes,
                    made.found.counted,
                )
            )
        ordered = {
            variable: tuple(sorted(levels, key=lambda level: (level != chosen.get(variable), level)))
            for variable, levels in published.items()
        }
        return (
            join_plans(history, start, amounts, patterns, found, (len(vocabularies), len(self.study.waves))),
            tuple(searches),
            ordered,
        )

    def _shares(self, histories: Histories, stratum_of: Mapping[int, str]) -> dict[str, dict[str, float]]:
        """Share of each sample named by a floor that lies in each stratum, by responses."""
        shares: dict[str, dict[str, float]] = {stratum.id: {stratum.id: 1.0} for stratum in strata_of(self.keys)}
        for sample in {floor.sample for floor in self.rules.floors} - set(shares):
            select = self._select(sample)
            key = name(self.study.key[0])
            counts = self.rows.execute(
                f"SELECT p.pattern, count(*) FROM ({select}) AS s JOIN {PEOPLE} AS p ON p.person = s.{key} GROUP BY ALL"
            ).fetchall()
            total = sum(n for _, n in counts) or 1
            by_stratum: dict[str, float] = {}
            for pattern, n in counts:
                stratum = stratum_of.get(pattern, "")
                by_stratum[stratum] = by_stratum.get(stratum, 0.0) + n / total
            shares[sample] = by_stratum
        return shares

    def _select(self, sample: str) -> str:
        """SQL of a named sample, or of a stratum, over the secure table."""
        known = [variable.id for variable in self.variables]
        for each in self.samples:
            if each.id == sample and each.study == self.study.id:
                return sample_sql(each, self.study, name(self.study.table), known)
        stratum = next(each for each in strata_of(self.keys) if each.id == sample)
        as_sample = Sample(stratum.id, self.study.id, self.study.title, stratum.where)
        return sample_sql(as_sample, self.study, name(self.study.table), known)

    def _costs(
        self, vocabularies: Sequence[Vocabulary], published: Mapping[str, tuple[int, ...]], target: str
    ) -> dict[str, SampleCost]:
        named = [sample.id for sample in self.samples if sample.study == self.study.id]
        named += [stratum.id for stratum in strata_of(self.keys) if stratum.id not in named and "wave" in self.study.key]
        return {
            sample: sample_cost(self.rows, self.study, sample, self._select(sample), target, vocabularies, published)
            for sample in named
        }

    def _left_out(
        self,
        vocabularies: Sequence[Vocabulary],
        relatives: Relatives,
        published: Mapping[str, tuple[int, ...]],
        searches: Sequence[SearchFacts],
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
