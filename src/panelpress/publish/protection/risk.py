"""Protects every study for every declared tier, as a release would, and writes the risk page into the work folder."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from panelpress.build.compiler.quote import name
from panelpress.build.disclosure.earlier import Earlier
from panelpress.build.disclosure.frontier import Point, explore
from panelpress.build.disclosure.protect import protect
from panelpress.build.load import connect
from panelpress.errors import UsageError
from panelpress.model.protection import ProtectionResult
from panelpress.model.variable import Tier
from panelpress.paths import Places
from panelpress.publish.protection.risk_page import risk_page
from panelpress.schemas.declarations import load_declarations
from panelpress.schemas.disclosure import load_disclosure

TIERS: tuple[Tier, ...] = ("open", "scientific_use")


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
    """Protects ``studies`` (default all) for each tier from the secure database as built last. The licensed tier is held
    together with the open one. Raises UsageError before the first build, DisclosureRefused where nothing can be protected."""
    declared = load_declarations(places)
    if not places.secure_database.is_file():
        raise UsageError("panelpress risk", "there is no secure database yet.", "Run `panelpress build` first.")
    declaration = load_disclosure(places, declared.studies, declared.variables, declared.samples)
    rows = connect(":memory:", places.spill)
    rows.execute(f"ATTACH '{places.secure_database}' AS secure (READ_ONLY)")
    results: list[ProtectionResult] = []
    points: dict[tuple[str, str], tuple[Point, ...]] = {}
    try:
        for study in declared.studies:
            if (studies and study.id not in studies) or study.id not in declaration.studies:
                continue
            table = name(study.table)
            rows.execute(f"CREATE VIEW {table} AS SELECT * FROM secure.main.{table}")
            variables = declared.crosswalk.of_study(study.id)
            earlier: list[Earlier] = []
            for tier in [each for each in TIERS if each in declaration.tiers]:
                progress(f"{study.id}, tier {tier}")
                target = f"{study.table}_{tier}"
                given = (rows, study, variables, declaration, tier, declared.missing, declared.samples)
                result = protect(*given, target, earlier)
                results.append(result)
                if frontier:
                    progress(f"{study.id}, tier {tier}: what other demands would cost")
                    points[(study.id, tier)] = tuple(explore(*given, earlier))
                earlier.append(Earlier(tier, name(target), result.keys))
    finally:
        rows.close()
    places.reports.mkdir(parents=True, exist_ok=True, mode=0o700)
    page = places.reports / "risk.html"
    page.write_text(risk_page(declared.project.title.in_language(), results, points), encoding="utf-8")
    return RiskReport(page, tuple(results))
