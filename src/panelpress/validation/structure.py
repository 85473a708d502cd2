"""What rooms after this one call: each function checks one thing at one point of the data's way and returns findings.

``check_wave`` is for a de-identified wave file before it is loaded, ``check_tables`` for tables of a database before they are
written to files, ``check_package`` for a published folder, as an outsider would check it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path

import duckdb

from panelpress.model.constraint import Constraint
from panelpress.model.delivery import Contract
from panelpress.model.findings import Finding
from panelpress.model.table import Table
from panelpress.schemas.constraints import of_table, of_wave
from panelpress.schemas.table_schema import wave_schema
from panelpress.validation import duckdb_checks, frictionless_checks, pandera_checks
from panelpress.validation.checks import finding
from panelpress.validation.descriptor import check_descriptor
from panelpress.validation.large_files import read_back
from panelpress.validation.quote import name

DESCRIPTOR = "datapackage.json"


def check_wave(path: Path, contract: Contract, person_key: bool = True) -> list[Finding]:
    """A de-identified wave file against its contract: frictionless for the file and its types, pandera for codes and ranges,
    DuckDB for keys. Where the file cannot be read as a table, the later two have nothing to say."""
    constraints = of_wave(contract, person_key)
    resource = f"{contract.study}_{contract.wave}"
    found = frictionless_checks.check_resource(path, wave_schema(contract, person_key), "wave", resource)
    if any(each.failed for each in found if each.rule in ("wave.readable", "wave.encoding", "wave.header", "wave.row_shape")):
        return found
    rows = duckdb.connect(":memory:")
    try:
        rows.read_csv(str(path), all_varchar=True, header=True, delimiter=",", quotechar='"').create_view("wave_file")
        found += duckdb_checks.count(rows, "wave_file", constraints)
    finally:
        rows.close()
    return found + pandera_checks.check_wave_file(path, constraints)


def check_tables(rows: duckdb.DuckDBPyConnection, tables: Sequence[Table]) -> list[Finding]:
    """Tables of ``rows`` against their declarations: pandera for columns and types, then, where the columns are as declared,
    DuckDB for everything else. A table that is absent is one finding."""
    present = {row[0] for row in rows.execute("SELECT table_name FROM duckdb_tables() UNION ALL FROM (SELECT view_name FROM "
                                              "duckdb_views())").fetchall()}  # fmt: skip
    found: list[Finding] = []
    for table in tables:
        if table.name not in present:
            found.append(finding("table.columns", table.name, failed=1, total=1, message="the table does not exist"))
            continue
        constraints = of_table(table)
        found += pandera_checks.check_table(rows, constraints)
        found += duckdb_checks.count(rows, name(table.name), _possible(rows, table, constraints, present))
    return found


def _possible(
    rows: duckdb.DuckDBPyConnection, table: Table, constraints: Iterable[Constraint], present: set[str]
) -> list[Constraint]:
    """Constraints whose columns and referenced tables exist with the declared types, so that DuckDB can count them."""
    kinds = {row[0]: row[1] for row in rows.execute(f"DESCRIBE SELECT * FROM {name(table.name)}").fetchall()}
    wrong = {field.name for field in table.fields if not _fits(kinds.get(field.name), field.type)}
    return [
        each
        for each in constraints
        if not wrong.intersection(each.fields) and (each.reference is None or each.reference.table in present)
    ]


def _fits(kind: str | None, declared: str) -> bool:
    if kind is None:
        return False
    families = {
        "string": ("VARCHAR",),
        "integer": ("INTEGER", "BIGINT", "SMALLINT", "TINYINT", "UINTEGER", "UBIGINT", "USMALLINT", "UTINYINT", "HUGEINT"),
        "number": ("DECIMAL", "DOUBLE", "FLOAT", "INTEGER", "BIGINT"),
        "date": ("DATE",),
        "boolean": ("BOOLEAN",),
    }
    return kind.startswith(families[declared])


def check_package(descriptor: Path) -> list[Finding]:
    """A published folder: its descriptor by profile and linter, its files by frictionless, what that leaves unread of
    large files by DuckDB."""
    try:
        content = json.loads(descriptor.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as error:
        message = f"{type(error).__name__}: {DESCRIPTOR} cannot be read as JSON"
        return [finding("descriptor.profile", descriptor.name, failed=1, total=1, message=message)]
    found = check_descriptor(content)
    if any(each.failed for each in found):
        return found
    found += frictionless_checks.check_files(descriptor.parent, content)
    partly = {each.resource for each in found if each.rule == "package.read_in_full"}
    return found + [read_back(descriptor.parent, each) for each in content["resources"] if each["name"] in partly]
