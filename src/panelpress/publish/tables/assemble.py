"""Makes an edition out of a protected tier: persons under ids of this release alone, catalogue tables, nothing else.

Reads a DuckDB connection that holds the protected ``<study>_responses`` (and records) tables under *secure* ids. Columns are
taken by name from the declarations, so that a column nobody declared cannot slip through. Every table is created empty and
filled by one SELECT, ordered by the new ids: neither the order of rows nor a byte left over tells where they came from.

Not here: protection itself (``panelpress.build.disclosure``) and writing files (``staging``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb
import pyarrow as pa

from panelpress.errors import ReleaseRefused
from panelpress.model.release import Edition
from panelpress.model.study import Study
from panelpress.model.table import Table
from panelpress.model.variable import Tier, Variable
from panelpress.publish.tables.catalogue import fill_catalogue
from panelpress.publish.tables.sql import columns, create_empty, literal, quoted
from panelpress.raw.identity import release_ids
from panelpress.raw.key import PseudonymKey
from panelpress.schemas.catalogue import catalogue_tables
from panelpress.schemas.tables import of_study, persons_table, responses_table

TIERS: Mapping[Tier, frozenset[str]] = {
    "open": frozenset({"open"}),
    "scientific_use": frozenset({"open", "scientific_use"}),
    "never": frozenset(),
}
BATCH = 100_000
Contributor = Callable[[Edition, duckdb.DuckDBPyConnection], tuple[Table, ...]]
"""Adds tables that are functions of the open tables: creates and fills them in the connection and returns their declarations."""


@dataclass(frozen=True, slots=True)
class Assembled:
    """An edition, the database of its rows, and the private map: study -> secure id -> id in this release."""

    edition: Edition
    rows: duckdb.DuckDBPyConnection
    identities: Mapping[str, Mapping[str, str]]


def assemble(
    protected: duckdb.DuckDBPyConnection,
    plan: Edition,
    key: PseudonymKey,
    *,
    schema: str = "main",
    recoded: Mapping[str, Sequence[Variable]] | None = None,
    contributors: Sequence[Contributor] = (),
    spill: Path | None = None,
) -> Assembled:
    """The edition that ``plan`` describes (its ``tables`` are made here), filled from ``protected``.

    ``schema`` is where the protected tables stand. ``recoded`` gives, by study, the variables as disclosure control left them
    (their code lists may be coarser); a study not named there is published as declared. ``spill`` is DuckDB's temporary folder.
    Raises ReleaseRefused where a declared table or column is absent or a row lacks its key.
    """
    rows = duckdb.connect(":memory:", config={"temp_directory": str(spill)} if spill else {})
    listed = tuple(each for each in plan.variables if each.tier != "never")
    published = {study.id: _published(study, plan, (recoded or {}).get(study.id)) for study in plan.studies}
    tables: list[Table] = []
    identities: dict[str, Mapping[str, str]] = {}
    for study in plan.studies:
        table = responses_table(study, published[study.id], plan.missing)
        identities[study.id] = _take_responses(protected, rows, study, table, plan, key, schema)
        tables.append(table)
        if study.kind == "panel":
            tables.append(_make_persons(rows, study))
    names = {variable.id for each in published.values() for variable in each}
    kept = tuple(each for each in plan.variables if each.id in names)
    edition = replace(plan, variables=kept, tables=tuple(tables))
    described = catalogue_tables(plan.project.languages)
    fill_catalogue(rows, edition, listed, described)
    edition = replace(edition, tables=(*edition.tables, *described))
    for contribute in contributors:
        edition = replace(edition, tables=(*edition.tables, *contribute(edition, rows)))
    return Assembled(edition, rows, identities)


def _published(study: Study, plan: Edition, recoded: Sequence[Variable] | None) -> tuple[Variable, ...]:
    """The variables of ``study`` that the tier of ``plan`` may hold."""
    variables = of_study(study, plan.variables) if recoded is None else tuple(recoded)
    return tuple(each for each in variables if each.tier in TIERS[plan.tier])


def _take_responses(
    protected: duckdb.DuckDBPyConnection,
    rows: duckdb.DuckDBPyConnection,
    study: Study,
    table: Table,
    plan: Edition,
    key: PseudonymKey,
    schema: str,
) -> Mapping[str, str]:
    """Move one table of responses over, re-keyed. Returns secure id -> id in this release."""
    own = study.key[0]
    source = f"{quoted(schema)}.{quoted(table.name)}"
    _refuse_missing_columns(protected, source, table)
    keep = ""
    if study.kind == "panel":
        keep = f" WHERE wave IN ({', '.join(literal(wave) for wave in study.wave_ids)})"
    secure = [each for (each,) in protected.execute(f"SELECT DISTINCT {quoted(own)} FROM {source}{keep}").fetchall()]
    if None in secure:
        raise ReleaseRefused(f"table {table.name}", f"a row has no {own}.", "Run `panelpress build` again.")
    identities = release_ids(key, plan.version, plan.tier, secure)
    if len(set(identities.values())) != len(identities):
        raise ReleaseRefused(f"table {table.name}", "two persons got the same id.", "Release under another version.")
    rows.register("new_ids", pa.table({"secure": list(identities), "released": list(identities.values())}))
    create_empty(rows, table, _decimals(protected, source, table))
    reader = protected.sql(f"SELECT {columns(table.field_names)} FROM {source}{keep}").to_arrow_reader(BATCH)
    rows.register("incoming_rows", reader)
    taken = ", ".join("new_ids.released" if name == own else f"incoming_rows.{quoted(name)}" for name in table.field_names)
    rows.execute(
        f"INSERT INTO {quoted(table.name)} SELECT {taken} FROM incoming_rows "
        f"JOIN new_ids ON incoming_rows.{quoted(own)} = new_ids.secure "
        f"ORDER BY {', '.join('new_ids.released' if name == own else quoted(name) for name in table.primary_key)}"
    )
    rows.unregister("incoming_rows")
    rows.unregister("new_ids")
    return identities


def _refuse_missing_columns(protected: duckdb.DuckDBPyConnection, source: str, table: Table) -> None:
    try:
        present = {name for name, *_ in protected.execute(f"DESCRIBE {source}").fetchall()}
    except duckdb.CatalogException:
        todo = "Run `panelpress build`; if it was built, its study may have no rows in this tier."
        raise ReleaseRefused(f"table {table.name}", "the protected database does not have it.", todo) from None
    absent = [name for name in table.field_names if name not in present]
    if absent:
        raise ReleaseRefused(f"table {table.name}", f"lacks the declared column `{absent[0]}`.", "Run `panelpress build` again.")


def _decimals(protected: duckdb.DuckDBPyConnection, source: str, table: Table) -> dict[str, str]:
    """Decimal columns keep the precision that the build gave them; all other types follow from the declaration."""
    present = {name: type_ for name, type_, *_ in protected.execute(f"DESCRIBE {source}").fetchall()}
    return {field.name: present[field.name] for field in table.fields if field.type == "number"}


def _make_persons(rows: duckdb.DuckDBPyConnection, study: Study) -> Table:
    """Participation of each person, computed from the released responses."""
    table = persons_table(study)
    create_empty(rows, table)
    waves = "[" + ", ".join(literal(wave) for wave in study.wave_ids) + "]"
    rows.execute(
        f"INSERT INTO {quoted(table.name)} SELECT person_id, "
        f"string_agg(wave, ' ' ORDER BY list_position({waves}, wave)), count(*), arg_min(wave, list_position({waves}, wave)) "
        f"FROM {quoted(study.table)} GROUP BY person_id ORDER BY person_id"
    )
    return table
