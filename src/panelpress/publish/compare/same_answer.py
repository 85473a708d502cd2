"""Which cells that differ between two releases are no corrections: the answer is the same, the release shows it otherwise.

That is so where disclosure control shows a key coarser or finer, and, where one release holds more waves, for every variable
that is derived from a person's other waves (how many there are, whether there is a next one).
"""

from __future__ import annotations

from panelpress.build.compiler.derived import panel_stage
from panelpress.model.disclosure import DisclosureDeclaration
from panelpress.publish.compare.hierarchy import Cell, Related, related_by
from panelpress.publish.protection.protected import studies_of
from panelpress.schemas.declarations import Declarations
from panelpress.schemas.disclosure import load_disclosure
from panelpress.schemas.releases import load_releases


def same_answer(declared: Declarations, before: str, after: str, disclosure: DisclosureDeclaration | None = None) -> Related:
    """The rule for two versions of the chain. ``disclosure`` is read where it is not given; a version that nobody planned is
    taken to hold all waves."""
    if disclosure is None and declared.places.disclosure_file.is_file():
        disclosure = load_disclosure(declared.places, declared.studies, declared.variables, declared.samples)
    by_level = related_by(disclosure) if disclosure else None
    late = panel_stage(declared.variables) if _waves(declared, before) != _waves(declared, after) else set()

    def related(variable: str, old: Cell, new: Cell) -> bool:
        return variable in late or (by_level is not None and by_level(variable, old, new))

    return related


def _waves(declared: Declarations, version: str) -> list[str]:
    plans = load_releases(declared.places, declared.studies, declared.project.languages)
    plan = next((each for each in plans if each.version == version), None)
    studies = studies_of(plan, declared.studies) if plan else declared.studies
    return [wave for study in studies for wave in study.wave_ids]
