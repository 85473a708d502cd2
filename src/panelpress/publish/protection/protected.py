"""Makes one tier of one release out of the private waves: harmonized over the waves it holds, then protected, in one database.

A release with fewer waves is harmonized anew from those waves alone: variables that look at a person's other waves must not
know of a wave that the reader cannot see. Everything here is private and lies in the work folder.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import duckdb

from panelpress.build.compiler.quote import name
from panelpress.build.disclosure.protect import protect
from panelpress.build.load import connect
from panelpress.build.secure import SecureBuild, build_secure
from panelpress.model.chain import ReleasePlan
from panelpress.model.disclosure import DisclosureDeclaration
from panelpress.model.protection import ProtectionResult
from panelpress.model.study import Study
from panelpress.model.variable import Tier, Variable
from panelpress.publish.compare.hierarchy import Related, related_by
from panelpress.publish.protection.earlier_tables import earlier_tables
from panelpress.schemas.cleaning import load_corrections
from panelpress.schemas.crosswalk import Crosswalk
from panelpress.schemas.declarations import Declarations
from panelpress.schemas.disclosure import load_disclosure

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Tiers:
    """The protected tables of one tier in ``rows`` (schema main), and how each study was protected. Close ``rows`` after use."""

    rows: duckdb.DuckDBPyConnection
    results: tuple[ProtectionResult, ...]
    declaration: DisclosureDeclaration

    @property
    def recoded(self) -> Mapping[str, Sequence[Variable]]:
        return {result.study: result.variables for result in self.results}

    @property
    def statement(self) -> dict[str, Any]:
        """What the release says openly of its protection: the least k, keys by study, how to check them, and each study's own
        statement."""
        return {
            "k": min((result.k for result in self.results), default=0),
            "max_risk": max((result.max_risk for result in self.results), default=0.0),
            "quasi_identifiers": {result.study: list(result.keys) for result in self.results},
            "check_sql": {result.study: result.class_query for result in self.results},
            "studies": {result.study: dict(result.statement) for result in self.results},
        }

    @property
    def related(self) -> Related:
        """Says whether two published cells may be one answer at different levels: no correction of the answer."""
        return related_by(self.declaration)

    @property
    def recodings(self) -> dict[str, Mapping[str, tuple[str, ...]]]:
        return {result.study: dict(result.levels) for result in self.results}


def studies_of(plan: ReleasePlan, studies: Sequence[Study]) -> tuple[Study, ...]:
    """The studies that ``plan`` publishes, each with the waves it holds."""
    taken = [replace(study, waves=tuple(wave for wave in study.waves if plan.has(wave.id))) for study in studies]
    return tuple(study for study in taken if study.waves)


def harmonize_for(declared: Declarations, plan: ReleasePlan, run: str) -> SecureBuild:
    """Builds the secure database over the waves of ``plan``. Raises what ``build_secure`` raises."""
    crosswalk = declared.crosswalk
    restricted = Crosswalk(crosswalk.variables, studies_of(plan, crosswalk.studies), crosswalk.missing, crosswalk.contracts)
    corrections = load_corrections(declared.places, declared.project.languages)
    return build_secure(declared.places, restricted, declared.cleaning, corrections, run)


def protect_for(declared: Declarations, plan: ReleasePlan, tier: Tier, progress: Progress = lambda _: None) -> Tiers:
    """Protects every study of ``plan`` for ``tier``. Raises DisclosureRefused where a floor or budget cannot be kept."""
    declaration = load_disclosure(declared.places, declared.studies, declared.variables, declared.samples)
    rows = connect(":memory:", declared.places.spill)
    rows.execute(f"ATTACH '{declared.places.secure_database}' AS secure (READ_ONLY)")
    results = []
    try:
        for study in studies_of(plan, declared.studies):
            progress(f"protecting {study.id}, tier {tier}")
            results.append(_protect_study(rows, declared, declaration, plan, study, tier))
    except BaseException:
        rows.close()
        raise
    return Tiers(rows, tuple(results), declaration)


def _protect_study(
    rows: duckdb.DuckDBPyConnection,
    declared: Declarations,
    declaration: DisclosureDeclaration,
    plan: ReleasePlan,
    study: Study,
    tier: Tier,
) -> ProtectionResult:
    table = name(study.table)
    rows.execute(f"CREATE VIEW {table} AS SELECT * FROM secure.main.{table}")
    variables = declared.crosswalk.of_study(study.id)
    samples = tuple(sample for sample in declared.samples if sample.study == study.id)
    target = f"{study.table}__{tier}"
    earlier = earlier_tables(rows, declared, plan.version, study)
    result = protect(rows, study, variables, declaration, tier, declared.missing, samples, target, earlier).require()
    rows.execute(f"DROP VIEW {table}")
    rows.execute(f"ALTER TABLE {name(target)} RENAME TO {table}")
    return result
