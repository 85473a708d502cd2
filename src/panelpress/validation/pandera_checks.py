"""Types, columns and required cells of data in memory, with pandera on eager polars frames.

Eager on purpose: given a LazyFrame, pandera runs no check on data and says nothing (measured). Data comes in batches, so memory
does not grow with the table. pandera's failure cases hold cell values and are dropped here: what leaves is rule, column, count.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import polars as pl

from panelpress.model.constraint import Constraint
from panelpress.model.findings import Finding
from panelpress.model.table import FieldType
from panelpress.validation.checks import finding

if TYPE_CHECKING:
    import pandera.polars as pa

BATCH_CELLS = 20_000_000
_TYPES: dict[FieldType, pl.DataType] = {
    "string": pl.String(),
    "integer": pl.Int64(),
    "number": pl.Float64(),
    "date": pl.Date(),
    "boolean": pl.Boolean(),
}


def table_contract(constraints: Iterable[Constraint]) -> pa.DataFrameSchema:
    """The pandera schema of a table: its columns in order, their types, which may be NULL, which texts have a form."""
    import pandera.polars as pa

    owned = [each for each in constraints if each.owner == "pandera"]
    required = {each.fields[0] for each in owned if each.kind == "required"}
    patterns = {each.fields[0]: each.pattern for each in owned if each.kind == "pattern" and each.pattern}
    columns = {
        each.fields[0]: pa.Column(
            _TYPES[each.type],
            [pa.Check.str_matches(f"^(?:{patterns[each.fields[0]]})$", name="pattern")] if each.fields[0] in patterns else [],
            nullable=each.fields[0] not in required,
        )
        for each in owned
        if each.kind == "type" and each.type
    }
    return pa.DataFrameSchema(columns, strict=True, ordered=True)


def wave_contract(constraints: Iterable[Constraint]) -> pa.DataFrameSchema:
    """The pandera schema of a de-identified wave read as text: code lists and ranges of raw codes."""
    import pandera.polars as pa

    checks: dict[str, list[pa.Check]] = {}
    for each in constraints:
        if each.owner == "pandera":
            test = _in_range(each) if each.kind == "range" else _on_list(each)
            checks.setdefault(each.fields[0], []).append(pa.Check(test, name=each.kind))
    return pa.DataFrameSchema({name: pa.Column(pl.String(), own, nullable=True) for name, own in checks.items()})


def _on_list(constraint: Constraint) -> Any:
    codes = [str(code) for code in constraint.values]

    def test(data: Any) -> pl.LazyFrame:
        frame: pl.LazyFrame = data.lazyframe.select(pl.col(data.key).is_in(codes))
        return frame

    return test


def _in_range(constraint: Constraint) -> Any:
    """True where a raw text is a declared code, or no number at all (frictionless owns the type), or lies in the range."""
    codes = [str(code) for code in constraint.values]
    date = constraint.type == "date"

    def test(data: Any) -> pl.LazyFrame:
        text = pl.col(data.key)
        value = text if date else text.cast(pl.Float64, strict=False)
        wrong = pl.lit(False)
        if constraint.minimum is not None:
            wrong = wrong | (value < (constraint.minimum if date else float(constraint.minimum)))
        if constraint.maximum is not None:
            wrong = wrong | (value > (constraint.maximum if date else float(constraint.maximum)))
        frame: pl.LazyFrame = data.lazyframe.select(text.is_in(codes) | ~wrong.fill_null(False))
        return frame

    return test


def counts(schema: pa.DataFrameSchema, frame: pl.DataFrame) -> Counter[tuple[str, str | None]]:
    """How often ``frame`` breaks ``schema``: (kind, column) -> cells; ``columns`` counts columns."""
    import pandera.polars as pa

    found: Counter[tuple[str, str | None]] = Counter()
    try:
        schema.validate(frame, lazy=True)
    except pa.errors.SchemaErrors as errors:
        for error in errors.schema_errors:
            kind, column, failed = _read(error, frame.height)
            if kind:
                found[(kind, column)] += failed
    return found


def _read(error: Any, rows: int) -> tuple[str | None, str | None, int]:
    """Kind, column and number of failures of one pandera error; its failure cases are looked at for their height only."""
    reason = error.reason_code.name
    if reason in ("COLUMN_NOT_IN_DATAFRAME", "COLUMN_NOT_IN_SCHEMA", "COLUMN_NOT_ORDERED"):
        return "columns", None, 1
    column = error.schema.name
    if reason == "WRONG_DATATYPE":
        return "type", column, max(rows, 1)
    cases = error.failure_cases
    failed = cases.height if isinstance(cases, pl.DataFrame) else max(rows, 1)
    if reason == "SERIES_CONTAINS_NULLS":
        return "required", column, failed
    if reason == "CHECK_ERROR":  # the check could not run on this type, which is reported as a type already
        return None, column, 0
    return error.check.name, column, failed


def check_table(rows: duckdb.DuckDBPyConnection, constraints: Sequence[Constraint]) -> list[Finding]:
    """Every constraint that pandera owns on one table of ``rows``, read in batches."""
    table = constraints[0].resource
    width = max(1, sum(each.kind == "type" for each in constraints))
    found: Counter[tuple[str, str | None]] = Counter()
    schema, total = table_contract(constraints), 0
    for frame in batches(rows, table, max(1, BATCH_CELLS // width)):
        batch = counts(schema, frame)
        for key, failed in batch.items():
            found[key] = max(found[key], failed) if key[0] == "columns" else found[key] + failed
        total += frame.height
    return _listed(constraints, found, total)


def batches(rows: duckdb.DuckDBPyConnection, table: str, size: int) -> Iterator[pl.DataFrame]:
    """``table`` in frames of about ``size`` rows; an empty table gives one empty frame, so that its columns are checked too."""
    reader = rows.sql(f'SELECT * FROM "{table}"').to_arrow_reader(size)
    empty = True
    for batch in reader:
        empty = False
        yield _widened(pl.DataFrame(batch))
    if empty:
        yield _widened(pl.DataFrame(reader.schema.empty_table()))


def _widened(frame: pl.DataFrame) -> pl.DataFrame:
    """Whole numbers of any width are ``integer``, decimals and floats ``number``: width is storage, not contract."""
    wide = [
        pl.col(name).cast(pl.Int64() if kind.is_integer() else pl.Float64())
        for name, kind in frame.schema.items()
        if kind.is_integer() or kind.is_decimal() or kind.is_float()
    ]
    return frame.with_columns(wide)


def check_wave_file(path: Path, constraints: Sequence[Constraint]) -> list[Finding]:
    """Code lists and ranges of a de-identified wave file. Columns that the file lacks are frictionless's to report."""
    frame = pl.read_csv(path, infer_schema=False)
    present = [each for each in constraints if each.owner == "pandera" and each.fields[0] in frame.columns]
    if not present:
        return []
    return _listed(present, counts(wave_contract(present), frame), frame.height)


def _listed(constraints: Iterable[Constraint], found: Counter[tuple[str, str | None]], total: int) -> list[Finding]:
    """One finding a constraint, held or not."""
    listed = []
    for each in constraints:
        if each.owner == "pandera":
            field = None if each.kind == "columns" else each.fields[0]
            units = len(each.fields) if each.kind == "columns" else total
            failed = found[(each.kind, field)]
            listed.append(finding(each.rule, each.resource, field, failed=failed, total=max(units, failed)))
    return listed
