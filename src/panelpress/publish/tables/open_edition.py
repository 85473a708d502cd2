"""The open edition of one planned release: its protected tables under ids of its own, and what became of it since the last one.

Used for the release that is being made and for earlier ones that are computed again. Writes and judges nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from panelpress.model.chain import Erratum, ReleasePlan
from panelpress.model.changes import ReleaseDiff
from panelpress.model.release import Edition
from panelpress.publish.compare.diff import diff_with_published
from panelpress.publish.compare.history import with_history
from panelpress.publish.compare.same_answer import same_answer
from panelpress.publish.gate.relinked import with_relinked
from panelpress.publish.protection.protected import Tiers, studies_of
from panelpress.publish.tables.assemble import Assembled, assemble
from panelpress.publish.tables.contents import contributors
from panelpress.publish.versions.identities import read_identities
from panelpress.raw.project_key import project_key
from panelpress.schemas.declarations import Declarations


def assemble_open(
    declared: Declarations, plan: ReleasePlan, tiers: Tiers, previous: Path | None, errata: Sequence[Erratum]
) -> tuple[Assembled, ReleaseDiff | None]:
    """The open edition of ``plan`` from its protected tables, and how it differs from the release in folder ``previous``. Its
    statement of protection says how many persons of that release can be found in it again."""
    key = project_key(declared.places, declared.project)
    made = assemble(
        tiers.rows,
        edition_plan(declared, plan, tiers),
        key,
        recoded=tiers.recoded,
        contributors=contributors(declared, plan),
        spill=declared.places.spill,
    )
    diff = None
    if previous:
        related = same_answer(declared, previous.name, plan.version, tiers.declaration)
        diff = diff_with_published(declared.places, previous, made, key, related)
    own = [each for each in errata if each.version == plan.version]
    made = with_history(made, diff, previous, own)
    if previous:
        made = with_relinked(made, previous, read_identities(declared.places, previous.name))
    return made, diff


def edition_plan(declared: Declarations, plan: ReleasePlan, tiers: Tiers | None = None) -> Edition:
    """What the edition of ``plan`` is to hold; its tables are made by ``assemble``."""
    studies = studies_of(plan, declared.studies)
    waves = {wave for study in studies for wave in study.wave_ids}
    return Edition(
        version=plan.version,
        released=plan.date,
        tier="open",
        project=declared.project,
        studies=studies,
        variables=tuple(variable for variable in declared.variables if waves & set(variable.waves)),
        missing=declared.missing,
        samples=tuple(sample for sample in declared.samples if sample.study in {study.id for study in studies}),
        tables=(),
        disclosure=tiers.statement if tiers else {},
        notes=plan.notes,
    )
