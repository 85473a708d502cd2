"""Makes a release again out of what a stranger can download: its tables of answers, its aggregates, its manifest, and declarations.

No work folder is at hand here, so nothing can come from the private tables. What is not made again is named in ``NOT_FROM_OPEN_FILES``
with the reason; a table that a release holds and that is neither made again nor named there fails the test.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb

from panelpress.build.disclosure.published import published_variable
from panelpress.model.chain import ReleasePlan
from panelpress.model.release import Edition
from panelpress.model.study import Study
from panelpress.model.table import Table
from panelpress.model.variable import Variable
from panelpress.paths import Places
from panelpress.publish.compare.history import with_history
from panelpress.publish.figures.tables import contribute_figures
from panelpress.publish.tables.aggregate_table import AGGREGATES
from panelpress.publish.tables.assemble import Assembled, Contributor, assemble
from panelpress.publish.tables.open_edition import edition_plan
from panelpress.publish.tables.panel_change import contribute_change
from panelpress.publish.tables.printed_numbers import contribute_printed_numbers
from panelpress.publish.tables.records import contribute_records
from panelpress.publish.tables.sql import columns, create_empty, literal, quoted
from panelpress.publish.tables.views.listed import contribute_views
from panelpress.publish.versions.exporters import OPEN_TABLE_CONTRIBUTORS
from panelpress.raw.key import PseudonymKey
from panelpress.schemas.declarations import Declarations, load_declarations
from panelpress.schemas.disclosure import load_disclosure
from panelpress.schemas.figures import load_figures
from panelpress.schemas.tables import responses_table
from panelpress.validation.estimates.register import load_register

NOT_FROM_OPEN_FILES = {
    "aggregates": "the declared exception: margins of variables that no table of the release holds; read, not made",
    "changes": "compares two releases; held against both by the tests of the diff",
    "harmonization_control": "says of the build that every check held; has no number",
    "cleaning_flow": "rows that were excluded before there were answers, to the nearest ten",
}
ANY_KEY = PseudonymKey(bytes(range(32)))


def rebuild(root: Path, folder: Path, plan: ReleasePlan, before: Path | None, nowhere: Path) -> Assembled:
    """The release in ``folder``, planned as ``plan``, made again. ``before`` is the folder of the release before it; ``nowhere`` a
    path where a work folder would be and is not."""
    declared = load_declarations(Places(root=root, work=nowhere))
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    edition = replace(edition_plan(declared, plan), disclosure=manifest["disclosure"])
    recoded = {study.id: _recoded(declared, study, manifest["recodings"][study.id], folder) for study in edition.studies}
    answers = duckdb.connect(":memory:")
    for study in edition.studies:
        read(answers, responses_table(study, recoded[study.id], edition.missing), folder)
    made = assemble(answers, edition, ANY_KEY, recoded=recoded, contributors=_contributors(declared, folder))
    return with_history(made, None, before)


def read(rows: duckdb.DuckDBPyConnection, table: Table, folder: Path) -> None:
    """Fills ``table`` from its CSV in the release."""
    create_empty(rows, table)
    path = literal(str(folder / "data" / "csv" / f"{table.name}.csv"))
    names = columns(table.field_names)
    rows.execute(f"INSERT INTO {quoted(table.name)} SELECT {names} FROM read_csv({path}, header = true, all_varchar = true)")


def _recoded(declared: Declarations, study: Study, levels: Mapping[str, Sequence[str]], folder: Path) -> tuple[Variable, ...]:
    """The variables of the released table in its order, keys with the codes of the levels that the manifest names."""
    keys = {key.variable: key for key in load_disclosure(*_disclosed(declared)).studies[study.id].keys}
    by_id = {variable.id: variable for variable in declared.variables}
    header = (folder / "data" / "csv" / f"{study.table}.csv").read_text(encoding="utf-8").splitlines()[0].split(",")
    found = []
    for name in (each for each in header if f"{each}__why" in header):
        known = [keys[name].level_index(level) for level in levels.get(name, [])]
        found.append(published_variable(by_id[name], keys[name], known) if known else by_id[name])
    return tuple(found)


def _disclosed(declared: Declarations) -> tuple[Any, ...]:
    return declared.places, declared.studies, declared.variables, declared.samples, declared.project.languages


def _contributors(declared: Declarations, folder: Path) -> tuple[Contributor, ...]:
    register = load_register(declared.places.estimates_file, declared)

    def aggregates(edition: Edition, rows: duckdb.DuckDBPyConnection) -> tuple[Table, ...]:
        read(rows, AGGREGATES, folder)
        return (AGGREGATES,)

    return (
        contribute_change,
        contribute_records(declared.places),
        *OPEN_TABLE_CONTRIBUTORS,
        contribute_views,
        aggregates,
        contribute_printed_numbers(register, declared),
        contribute_figures(load_figures(declared), declared, register),
    )
