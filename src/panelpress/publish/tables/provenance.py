"""How the published rows came about: the SQL of each wave, what cleaning took out, and that the built-in checks held.

Reads schema ``build`` of the private database, which keeps what the build did. Published are the compiled texts (no literal of a
correction is in them), rounded counts of excluded rows, and for each variable and check whether it held; no exact private count.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from panelpress.model.release import Edition
from panelpress.model.table import Table
from panelpress.publish.tables.assemble import Contributor
from panelpress.publish.tables.catalogue import fill
from panelpress.publish.tables.flow import flow_rows, flow_table
from panelpress.publish.versions.staging import Exporter
from panelpress.schemas.catalogue import catalogue, column
from panelpress.schemas.declarations import Declarations

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


def contribute_provenance(declared: Declarations) -> Contributor:
    """A contributor that adds both tables for the studies and variables of the edition."""

    def contribute(edition: Edition, rows: duckdb.DuckDBPyConnection) -> tuple[Table, ...]:
        waves = {(study.id, wave) for study in edition.studies for wave in study.wave_ids}
        held = {variable.id for variable in edition.variables}
        flow = flow_table(edition.project.languages)
        with _secure(declared) as secure:
            control = secure.execute('SELECT study, wave, variable, "check", held FROM build.control').fetchall()
            steps = list(flow_rows(edition, declared, secure))
        names = ("study", "wave", "variable", "check", "held")
        checked = [dict(zip(names, row, strict=True)) for row in control if (row[0], row[1]) in waves and row[2] in held]
        fill(rows, HARMONIZATION_CONTROL, checked)
        fill(rows, flow, steps)
        return (HARMONIZATION_CONTROL, flow)

    return contribute


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
