"""Collects the findings of every stage for one release and hands them to the gate. Judges nothing itself.

Stages in the order of the data's way: de-identified waves, built-in checks of the build, open tables, summaries, disclosure
attacks on the staged files, the package as an outsider would check it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from panelpress.model.findings import Finding
from panelpress.paths import Places
from panelpress.publish.assemble import Assembled
from panelpress.publish.staging import Staged
from panelpress.schemas.declarations import Declarations
from panelpress.validation.structure import check_package, check_tables, check_wave
from panelpress.validation.summary_checks import check_summary

Progress = Callable[[str], None]


def check_waves(declared: Declarations, progress: Progress = lambda _: None) -> list[Finding]:
    """Every de-identified wave in the work folder against its contract."""
    found: list[Finding] = []
    once = {wave for study in declared.studies if study.kind == "panel" for wave in study.wave_ids}
    once -= {wave for rule in declared.cleaning if rule.kind == "duplicates" for wave in rule.waves}
    for contract in declared.contracts:
        path = declared.places.wave_file(contract.study, contract.wave)
        if path.is_file():
            progress(f"checking wave {contract.wave}")
            found += check_wave(path, contract, person_key=contract.wave in once)
    return found


def check_release(staged: Staged, made: Assembled, previous: Path | None, places: Places, progress: Progress) -> list[Finding]:
    """The staged release: its open tables, its summaries, its files."""
    progress("checking tables")
    found = check_tables(made.rows, made.edition.tables)
    progress("checking summaries with Great Expectations")
    found += check_summary(made.rows, made.edition, previous=previous, docs=places.reports / "great-expectations")
    progress("checking the package with frictionless")
    return found + check_package(staged.folder / "datapackage.json")


def blocking(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Findings that stop the run before anything else is computed."""
    return tuple(each for each in findings if each.blocks)
