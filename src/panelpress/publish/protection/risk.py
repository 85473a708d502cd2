"""Protects every study for every declared tier, as a release would, and writes the risk page into the work folder."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from panelpress.build.disclosure.frontier import Point, explore
from panelpress.build.load import connect
from panelpress.errors import UsageError
from panelpress.model.protection import ProtectionResult
from panelpress.paths import Places
from panelpress.publish.compare.earlier import declared_for
from panelpress.publish.protection.protected import TIERS, ground_of, studies_of
from panelpress.publish.protection.risk_page import risk_page
from panelpress.schemas.disclosure import load_disclosure


@dataclass(frozen=True, slots=True)
class RiskReport:
    """The page and what it is about."""

    page: Path
    results: tuple[ProtectionResult, ...]

    @property
    def go(self) -> bool:
        return all(result.go for result in self.results)


def report_risk(
    places: Places, studies: Sequence[str] = (), frontier: bool = True, progress: Callable[[str], None] = lambda _: None
) -> RiskReport:
    """Protects ``studies`` (default all) for each tier from the secure database as built last, as the newest planned release
    would be: together with all earlier ones, the licensed tier together with the open one. Raises UsageError before the first
    build, DisclosureRefused where nothing can be protected."""
    declared, plan = declared_for(places, None)
    if not places.secure_database.is_file():
        raise UsageError("panelpress risk", "there is no secure database yet.", "Run `panelpress build` first.")
    declaration = load_disclosure(places, declared.studies, declared.variables, declared.samples)
    rows = connect(":memory:", places.spill)
    rows.execute(f"ATTACH '{places.secure_database}' AS secure (READ_ONLY)")
    results: list[ProtectionResult] = []
    points: dict[tuple[str, str], tuple[Point, ...]] = {}
    try:
        for study in studies_of(plan, declared.studies):
            if (studies and study.id not in studies) or study.id not in declaration.studies:
                continue
            ground = ground_of(rows, declared, declaration, plan, study)
            for tier in [each for each in TIERS if each in declaration.tiers]:
                progress(f"{study.id}, tier {tier}")
                result = ground.protect(tier, f"{study.table}_{tier}")
                results.append(result)
                if frontier:
                    progress(f"{study.id}, tier {tier}: what other demands would cost")
                    given = (rows, study, ground.variables, declaration, tier, declared.missing, ground.samples)
                    points[(study.id, tier)] = tuple(explore(*given, ground.earlier))
                ground = ground.beneath(result)
    finally:
        rows.close()
    places.reports.mkdir(parents=True, exist_ok=True, mode=0o700)
    page = places.reports / "risk.html"
    page.write_text(risk_page(declared.project.title.in_language(), results, points), encoding="utf-8")
    return RiskReport(page, tuple(results))
