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
from panelpress.build.disclosure.earlier import Earlier
from panelpress.build.disclosure.protect import protect
from panelpress.build.load import connect
from panelpress.build.secure import SecureBuild, build_secure
from panelpress.model.chain import ReleasePlan
from panelpress.model.disclosure import DisclosureDeclaration
from panelpress.model.missing import MissingReasons
from panelpress.model.protection import ProtectionResult
from panelpress.model.study import Sample, Study
from panelpress.model.variable import Tier, Variable
from panelpress.publish.compare.hierarchy import Related, related_by
from panelpress.publish.protection.earlier_tables import earlier_tables
from panelpress.schemas.cleaning import load_corrections
from panelpress.schemas.crosswalk import Crosswalk
from panelpress.schemas.declarations import Declarations
from panelpress.schemas.disclosure import load_disclosure

Progress = Callable[[str], None]
TIERS: tuple[Tier, ...] = ("open", "scientific_use")  # whoever may see one may see those before it


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


@dataclass(frozen=True, slots=True)
class Ground:
    """One study of one planned release before protection: its harmonized table is in ``rows`` under its own name, ``earlier`` are
    the tables that readers may hold already."""

    rows: duckdb.DuckDBPyConnection
    study: Study
    variables: tuple[Variable, ...]
    declaration: DisclosureDeclaration
    missing: MissingReasons
    samples: tuple[Sample, ...]
    earlier: tuple[Earlier, ...]
    version: str

    def protect(self, tier: Tier, target: str) -> ProtectionResult:
        """Makes ``target``. Raises what ``build.disclosure.protect`` raises."""
        given = (self.rows, self.study, self.variables, self.declaration, tier, self.missing, self.samples)
        return protect(*given, target, self.earlier)

    def beneath(self, result: ProtectionResult) -> Ground:
        """The ground of the next tier: who holds that one holds this ``result`` as well."""
        known = Earlier(f"{self.version} {result.tier}", name(result.table), result.keys)
        return replace(self, earlier=(*self.earlier, known))


def ground_of(
    rows: duckdb.DuckDBPyConnection, declared: Declarations, declaration: DisclosureDeclaration, plan: ReleasePlan, study: Study
) -> Ground:
    """The ground of ``study`` (with the waves of ``plan``) in ``rows``, which have the secure database attached."""
    table = name(study.table)
    rows.execute(f"CREATE VIEW {table} AS SELECT * FROM secure.main.{table}")
    return Ground(
        rows,
        study,
        tuple(declared.crosswalk.of_study(study.id)),
        declaration,
        declared.missing,
        tuple(sample for sample in declared.samples if sample.study == study.id),
        earlier_tables(rows, declared, plan.version, study),
        plan.version,
    )


def protect_for(declared: Declarations, plan: ReleasePlan, tier: Tier, progress: Progress = lambda _: None) -> Tiers:
    """Protects every study of ``plan`` for ``tier``, a licensed tier together with the open one beneath it. Raises
    DisclosureRefused where a floor or budget cannot be kept."""
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
    ground = ground_of(rows, declared, declaration, plan, study)
    for each in (beneath for beneath in TIERS[: TIERS.index(tier)] if beneath in declaration.tiers):
        ground = ground.beneath(ground.protect(each, f"{study.table}__{each}").require())
    target = f"{study.table}__{tier}"
    result = ground.protect(tier, target).require()
    rows.execute(f"DROP VIEW {name(study.table)}")
    rows.execute(f"ALTER TABLE {name(target)} RENAME TO {name(study.table)}")
    return result
