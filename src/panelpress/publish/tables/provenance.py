"""How the published rows came about: the SQL of each wave, what cleaning took out, and that the built-in checks held.

Reads schema ``build`` of the private database, which keeps what the build did. Published are the compiled texts (no literal of a
correction is in them), rounded counts of excluded rows, and for each variable and check whether it held; no exact private count.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import duckdb

from panelpress.model.release import Edition
from panelpress.model.table import Table
from panelpress.publish.tables.assemble import Contributor
from panelpress.publish.tables.catalogue import Row, fill
from panelpress.publish.versions.staging import Exporter
from panelpress.schemas.catalogue import catalogue, column
from panelpress.schemas.declarations import Declarations

FEW = 10  # excluded rows are told to the nearest ten, below that as "< 10"

HARMONIZATION_CONTROL = catalogue(
    "harmonization_control",
    "Control of harmonization",
    "For each variable and wave: which built-in check was made of the build, and that it held.",
    [
        column("study", "Study", required=True),
        column("wave", "Wave", required=True),
        column("variable", "Variable", required=True),
        column("check", "Check", required=True),
        column("held", "Held", "boolean", required=True),
    ],
    ["study", "wave", "variable", "check"],
)
CLEANING_FLOW = catalogue(
    "cleaning_flow",
    "From raw to kept rows",
    "Rules that excluded rows before harmonization, in the order in which they apply.",
    [
        column("study", "Study", required=True),
        column("wave", "Wave", required=True),
        column("position", "Step", "integer", required=True),
        column("rule", "Rule", required=True),
        column("kind", "Kind", required=True),
        column("excluded", "Rows excluded", required=True, about="to the nearest ten; 0 is none"),
        column("reason", "Reason", required=True),
    ],
    ["study", "wave", "position"],
)


def told(n: int) -> str:
    """A count of excluded rows as it may be printed."""
    if n == 0:
        return "0"
    return f"< {FEW}" if n < FEW else str(round(n, -1))


def contribute_provenance(declared: Declarations) -> Contributor:
    """A contributor that adds both tables for the studies and variables of the edition."""

    def contribute(edition: Edition, rows: duckdb.DuckDBPyConnection) -> tuple[Table, ...]:
        waves = {(study.id, wave) for study in edition.studies for wave in study.wave_ids}
        held = {variable.id for variable in edition.variables}
        reasons = {rule.id: rule.reason.in_language() for rule in declared.cleaning}
        with _secure(declared) as secure:
            control = secure.execute('SELECT study, wave, variable, "check", held FROM build.control').fetchall()
            flow = secure.execute("SELECT study, wave, position, rule, kind, n_excluded FROM build.cleaning_flow").fetchall()
        names = ("study", "wave", "variable", "check", "held")
        checked = [dict(zip(names, row, strict=True)) for row in control if (row[0], row[1]) in waves and row[2] in held]
        fill(rows, HARMONIZATION_CONTROL, checked)
        fill(rows, CLEANING_FLOW, [_step(row, reasons) for row in flow if (row[0], row[1]) in waves])
        return (HARMONIZATION_CONTROL, CLEANING_FLOW)

    return contribute


def _step(row: tuple[str, str, int, str, str, int], reasons: Mapping[str, str]) -> Row:
    study, wave, position, rule, kind, excluded = row
    step: Row = {"study": study, "wave": wave, "position": position, "rule": rule, "kind": kind}
    return {**step, "excluded": told(excluded), "reason": reasons.get(rule, rule)}


def sql_exporter(declared: Declarations) -> Exporter:
    """An exporter that writes ``sql/<study>_<wave>.sql``, the text that made the rows of each wave."""

    def write(edition: Edition, rows: duckdb.DuckDBPyConnection, folder: Path) -> tuple[Path, ...]:
        with _secure(declared) as secure:
            texts = secure.execute("SELECT study, wave, sql FROM build.sql ORDER BY study, wave").fetchall()
        target = folder / "sql"
        target.mkdir()
        studies = {study.id for study in edition.studies}
        written = []
        for study, wave, sql in texts:
            if study in studies:
                path = target / f"{study}_{str(wave).replace(' ', '_')}.sql"
                path.write_text(sql, encoding="utf-8", newline="")
                written.append(path)
        return tuple(written)

    return write


def _secure(declared: Declarations) -> duckdb.DuckDBPyConnection:
    return duckdb.connect(str(declared.places.secure_database), read_only=True)
