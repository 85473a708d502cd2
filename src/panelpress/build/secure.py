"""Builds ``secure.duckdb``: every study harmonized, cleaned and corrected, in the work folder and nowhere else.

The database is made under another name and renamed when whole, so that a stopped build leaves the previous one. It holds the
tables of responses, the flow of cleaning, the SQL that made them, and the findings of the built-in checks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from panelpress.build.cleaning import clean
from panelpress.build.control import control
from panelpress.build.corrections import correct
from panelpress.build.harmonize import Harmonized, harmonize
from panelpress.build.load import BUILD_MEMORY, connect, load_wave
from panelpress.build.review import ReviewedVariable, review
from panelpress.build.unmapped import find_unmapped, refuse_unmapped
from panelpress.model.cleaning import AppliedCorrections, CleaningRule, CleaningStep, Correction
from panelpress.model.findings import Finding
from panelpress.paths import Places
from panelpress.schemas.crosswalk import Crosswalk


@dataclass(frozen=True, slots=True)
class SecureBuild:
    """What one build did: studies with their SQL, the flow of cleaning, corrections and the findings of built-in checks; what
    became of every raw code, where that was asked for."""

    studies: tuple[Harmonized, ...]
    flow: tuple[CleaningStep, ...]
    corrections: tuple[AppliedCorrections, ...]
    findings: tuple[Finding, ...]
    reviewed: tuple[ReviewedVariable, ...] = ()

    @property
    def rows(self) -> int:
        return sum(sum(study.rows.values()) for study in self.studies)


def build_secure(
    places: Places,
    crosswalk: Crosswalk,
    cleaning: Sequence[CleaningRule],
    corrections: Sequence[Correction],
    run: str,
    k: int = 11,
    with_review: bool = False,
) -> SecureBuild:
    """Builds the secure database of a project from its de-identified waves. ``with_review`` also counts what became of every raw
    code, a join a variable and wave.

    Raises BuildRefused (unmapped code, person twice, correction that no longer holds); the previous database then stays.
    """
    places.secure_database.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = places.secure_database.with_suffix(".new.duckdb")
    for leftover in (fresh, fresh.with_name(fresh.name + ".wal")):
        leftover.unlink(missing_ok=True)
    rows = connect(fresh, places.spill, BUILD_MEMORY)
    try:
        result = _build(rows, places, crosswalk, cleaning, corrections, run, k, with_review)
        _keep_provenance(rows, result)
        rows.execute("CHECKPOINT")
    except BaseException:
        rows.close()
        fresh.unlink(missing_ok=True)
        raise
    rows.close()
    fresh.replace(places.secure_database)
    places.secure_database.chmod(0o600)
    return result


def _build(
    rows: duckdb.DuckDBPyConnection,
    places: Places,
    crosswalk: Crosswalk,
    cleaning: Sequence[CleaningRule],
    corrections: Sequence[Correction],
    run: str,
    k: int,
    with_review: bool,
) -> SecureBuild:
    studies: list[Harmonized] = []
    flow: list[CleaningStep] = []
    applied: list[AppliedCorrections] = []
    findings: list[Finding] = []
    reviewed: list[ReviewedVariable] = []
    for study in crosswalk.studies:
        variables = crosswalk.of_study(study.id)
        if not variables:
            continue
        for wave in study.wave_ids:
            load_wave(rows, study, wave, places.wave_file(study.id, wave))
            applied += correct(rows, study, wave, corrections)
            flow += clean(rows, study, wave, cleaning)
        made = harmonize(rows, study, variables, crosswalk.missing)
        found = control(rows, study, variables, study.wave_ids, run)
        if any(each.rule == "build.totality" and each.failed for each in found):
            unmapped = find_unmapped(rows, study, variables, study.wave_ids)
            refuse_unmapped(unmapped, crosswalk.contracts, variables, k, places.failures)
        studies.append(made)
        findings += found
        reviewed += review(rows, study, variables, crosswalk.contracts) if with_review else ()
    return SecureBuild(tuple(studies), tuple(flow), tuple(applied), tuple(findings), tuple(reviewed))


def _keep_provenance(rows: duckdb.DuckDBPyConnection, result: SecureBuild) -> None:
    rows.execute("CREATE SCHEMA IF NOT EXISTS build")
    rows.execute("CREATE TABLE build.sql (study VARCHAR, wave VARCHAR, sql VARCHAR)")
    rows.execute(
        "CREATE TABLE build.cleaning_flow "
        "(study VARCHAR, wave VARCHAR, position INTEGER, rule VARCHAR, kind VARCHAR, n_in BIGINT, n_excluded BIGINT)"
    )
    rows.execute("CREATE TABLE build.corrections (rule VARCHAR, study VARCHAR, wave VARCHAR, n BIGINT)")
    rows.execute('CREATE TABLE build.control (study VARCHAR, wave VARCHAR, variable VARCHAR, "check" VARCHAR, held BOOLEAN)')
    tables = {study.table: study.study for study in result.studies}
    checks = [
        (tables[table], wave, finding.field, finding.rule, not finding.failed)
        for finding in result.findings
        for table, _, wave in (finding.resource.partition("/"),)
    ]
    if checks:
        # one statement: DuckDB takes two to three milliseconds for each row of executemany
        columns = [list(column) for column in zip(*checks, strict=True)]
        rows.execute("INSERT INTO build.control SELECT unnest(?), unnest(?), unnest(?), unnest(?), unnest(?)", columns)
    for study in result.studies:
        for query in study.queries:
            rows.execute("INSERT INTO build.sql VALUES (?, ?, ?)", [study.study, query.wave, query.sql])
        if study.panel_sql:
            rows.execute("INSERT INTO build.sql VALUES (?, 'all waves', ?)", [study.study, study.panel_sql])
    for step in result.flow:
        row = [step.study, step.wave, step.position, step.rule, step.kind, step.n_in, step.n_excluded]
        rows.execute("INSERT INTO build.cleaning_flow VALUES (?, ?, ?, ?, ?, ?, ?)", row)
    for each in result.corrections:
        rows.execute("INSERT INTO build.corrections VALUES (?, ?, ?, ?)", [each.rule, each.study, each.wave, each.n])
