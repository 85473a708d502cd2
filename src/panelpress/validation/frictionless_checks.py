"""Holds CSV files against their Table Schema with frictionless, as an outsider would, and keeps counts only.

frictionless puts the whole row into every error (measured: every one of 6,096 errors carried the respondent's id), so no error
object, message or note leaves this module: an error becomes a kind, a column and a count. It never runs in parallel, because
its workers drop checks without a word. frictionless ignores ``uniqueKeys``, ``categories`` and partly blank keys; those belong to
DuckDB.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from panelpress.model.constraint import OWNERS, Subject
from panelpress.model.findings import Finding
from panelpress.validation.checks import finding

# A published file of up to this many cells is read in full; of a larger one only the first million cells, which take a second
# or two of CPU time, because DuckDB then reads all of it back.
MAX_CELLS = 5_000_000
FIRST_CELLS = 1_000_000
_MAX_ERRORS = 1_000_000
_HEADER = {"label-error", "blank-label", "duplicate-label", "missing-label", "extra-label", "incorrect-label", "header-error"}
_KINDS: Mapping[str, str] = {
    **dict.fromkeys((*_HEADER, "blank-header"), "header"),
    **dict.fromkeys(("missing-cell", "extra-cell", "blank-row", "row-error"), "row_shape"),
    **dict.fromkeys(("hash-count", "byte-count", "field-count", "row-count"), "integrity"),
    "encoding-error": "encoding",
    "type-error": "type",
    "primary-key": "key_unique",
    "foreign-key": "foreign_key",
}
_CONSTRAINTS = {"required": "required", "enum": "codes", "minimum": "range", "maximum": "range", "pattern": "pattern"}
_OWNED = frozenset(f"{subject}.{kind}" for (subject, kind), owner in OWNERS.items() if owner == "frictionless")
_NAMED = re.compile(r'constraint "(\w+)"')


def check_resource(path: Path, schema: Mapping[str, Any], subject: Subject, name: str) -> list[Finding]:
    """Checks one CSV file against ``schema``. ``subject`` decides which checks are reported (see ``OWNERS``)."""
    from frictionless import Resource

    described = {
        "name": name,
        "path": path.name,
        "format": "csv",
        "encoding": "utf-8",
        "dialect": {"delimiter": ","},
        "schema": dict(schema),
    }
    return _findings(Resource.from_descriptor(described, basepath=str(path.parent)), schema, subject, name)


def check_files(folder: Path, descriptor: Mapping[str, Any]) -> list[Finding]:
    """Checks every tabular resource of a package descriptor whose paths are relative to ``folder``."""
    from frictionless import FrictionlessException, Package

    resources = descriptor.get("resources") or []
    try:
        package = Package.from_descriptor(dict(descriptor), basepath=str(folder))
    except FrictionlessException as error:
        names = ", ".join(sorted({each.type for each in [error.error, *error.reasons]}))
        message = f"the descriptor cannot be used: {names}"
        return [finding("package.readable", "datapackage.json", failed=1, total=1, message=message)]
    found: list[Finding] = []
    for described in resources:
        if described.get("format", "csv") == "csv" and isinstance(described.get("schema"), dict):
            found += _findings(package.get_resource(described["name"]), described["schema"], "package", described["name"])
    return found


def _findings(resource: Any, schema: Mapping[str, Any], subject: Subject, name: str) -> list[Finding]:
    columns = len(schema.get("fields") or [1])
    limit = _limit(Path(resource.normpath or ""), columns) if subject == "package" else None
    report = resource.validate(limit_rows=limit, limit_errors=_MAX_ERRORS)
    task = report.tasks[0]
    rows = int(task.stats.get("rows") or 0)
    counts: Counter[tuple[str, str | None]] = Counter(_counted([*report.errors, *task.errors]))
    found = [
        finding(f"{subject}.{kind}", name, field, failed=counts.pop((kind, field), 0), total=rows)
        for kind, field in _expected(subject, schema)
    ]
    for (kind, field), failed in sorted(counts.items(), key=str):
        rule = kind if f"{subject}.{kind}" in _OWNED else "readable"
        found.append(finding(f"{subject}.{rule}", name, field, failed=failed, total=max(rows, failed)))
    if limit is not None and rows >= limit:
        message = f"frictionless read the first {rows:,} rows; DuckDB checked the table in full before it was written"
        found.append(finding("package.read_in_full", name, failed=1, total=1, message=message))
    return found


def _limit(path: Path, columns: int) -> int | None:
    """How many rows to read; None for all. Lines are counted, so that a file with line breaks in its texts counts as larger."""
    if not path.is_file():
        return None
    with path.open("rb") as stream:
        lines = sum(block.count(b"\n") for block in iter(lambda: stream.read(1 << 20), b""))
    return None if lines * columns <= MAX_CELLS else max(1, FIRST_CELLS // columns)


def _counted(errors: Sequence[Any]) -> Iterator[tuple[str, str | None]]:
    """Kind and column of each error. The note is read only for the name of a constraint and then dropped."""
    for error in errors:
        kind = _KINDS.get(error.type, "readable")
        column = getattr(error, "field_name", None) or None
        if error.type == "constraint-error":
            named = _NAMED.search(error.note or "")
            kind = _CONSTRAINTS.get(named.group(1) if named else "", "pattern")
        yield kind, None if kind in ("header", "row_shape", "key_unique") else column


def _expected(subject: Subject, schema: Mapping[str, Any]) -> Iterator[tuple[str, str | None]]:
    """What was checked, found wrong or not: the file as a whole, then each column's type and limits."""
    for kind in ("readable", "encoding", "header", "row_shape", "integrity", "key_unique", "foreign_key"):
        declared = {"key_unique": "primaryKey", "foreign_key": "foreignKeys"}.get(kind)
        if f"{subject}.{kind}" in _OWNED and (not declared or schema.get(declared)):
            yield kind, None
    for field in schema.get("fields") or []:
        if field.get("type") != "string":
            yield "type", field["name"]
        for kind in dict.fromkeys(_CONSTRAINTS[word] for word in field.get("constraints", {}) if word in _CONSTRAINTS):
            yield kind, field["name"]
