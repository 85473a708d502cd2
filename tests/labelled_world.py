"""The tiny world with the kinds of variables that labelled formats find hard: decimals below and above zero, days, whole numbers
without limits, codes of text longer than eight bytes. Written by hand, as the tiny world is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

import duckdb

from panelpress.model.missing import WHY_SUFFIX
from panelpress.model.release import Edition
from panelpress.model.table import Table
from panelpress.model.variable import Category, Variable, VariableType, WaveRule
from panelpress.publish.codebook.distributions import contribute
from panelpress.publish.tables.assemble import assemble
from panelpress.publish.tables.sql import in_order
from panelpress.schemas.tables import persons_table, responses_table
from releasing import KEY
from worlds import STUDY, VARIABLES, both, tiny_edition


def numeric(id: str, type: VariableType, **facts: Any) -> Variable:
    rules = {wave: WaveRule(wave, "complete", source=(id,), copy=True) for wave in ("a", "b")}
    return Variable(id, both(f"Variable {id}", f"Переменная {id}"), "hard", type, "open", rules, **facts)


HARD = (
    numeric("income", "decimal", minimum="0"),
    numeric("change", "decimal"),
    numeric("visits", "integer"),
    numeric("born", "date"),
    replace(
        VARIABLES[3],
        id="town",
        categories=(Category("north-eastern", both("North-east", "Северо-восток")), Category("south", both("South", "Юг"))),
    ),
)
COLUMNS = "income DECIMAL(18,2), change DECIMAL(9,1), visits BIGINT, born DATE, town VARCHAR"
CELLS: list[tuple[Any, ...]] = [
    (Decimal("1200.50"), None, Decimal("-3.5"), None, 3_000_000_000, None, date(1899, 3, 1), None, "north-eastern", None),
    (Decimal("0.00"), None, Decimal("-1.0"), None, -5, None, date(2022, 2, 24), None, "south", None),
    (None, "refused", None, "skipped", None, "dont_know", None, "refused", None, "suppressed"),
    (Decimal("7.25"), None, Decimal("12.0"), None, 0, None, date(2100, 12, 31), None, "south", None),
    (None, "suppressed", None, "suppressed", None, "suppressed", None, "suppressed", None, "not_asked"),
    (Decimal("99999999.99"), None, Decimal("0.0"), None, 2**53, None, date(2000, 1, 1), None, "south", None),
    (None, "not_applicable", None, "not_applicable", -12, None, None, "not_applicable", "south", None),
]


def hard_edition() -> tuple[Edition, duckdb.DuckDBPyConnection]:
    """The tiny edition with the hard variables, and its rows."""
    edition, rows = tiny_edition()
    names = [name for column in COLUMNS.split(", ") for name in (column, f"{column.split()[0]}{WHY_SUFFIX} VARCHAR")]
    rows.execute(f"CREATE TABLE cells (nr INTEGER, {', '.join(names)})")
    slots = ", ".join("?" * (len(names) + 1))
    rows.executemany(f"INSERT INTO cells VALUES ({slots})", [(nr, *cells) for nr, cells in enumerate(CELLS, start=1)])
    rows.execute(
        "CREATE TABLE both_parts AS SELECT r.*, c.* EXCLUDE (nr) FROM "
        "(SELECT *, row_number() OVER (ORDER BY person_id, wave) AS nr FROM tiny_responses) r JOIN cells c USING (nr)"
    )
    rows.execute("DROP TABLE tiny_responses")
    rows.execute("CREATE TABLE tiny_responses AS SELECT * EXCLUDE (nr) FROM both_parts ORDER BY person_id, wave")
    rows.execute("DROP TABLE both_parts")
    rows.execute("DROP TABLE cells")
    variables = (*VARIABLES, *HARD)
    tables = (responses_table(STUDY, variables, edition.missing), persons_table(STUDY), edition.table("waves"))
    return replace(edition, variables=variables, tables=tables), rows


@dataclass(frozen=True)
class Cell:
    """What a reader should find: a value, or the reason why there is none."""

    value: Any
    reason: str | None


def cells_of(rows: duckdb.DuckDBPyConnection, table: Table) -> list[dict[str, Cell]]:
    """Every row of ``table`` as the two channels say it."""
    names = table.field_names
    found = []
    for row in rows.execute(in_order(table)).fetchall():
        record = dict(zip(names, row, strict=True))
        found.append(
            {name: Cell(value, record.get(name + WHY_SUFFIX)) for name, value in record.items() if not name.endswith(WHY_SUFFIX)}
        )
    return found


def whole() -> tuple[Edition, duckdb.DuckDBPyConnection]:
    """The hard world as a release has it: catalogue, distributions, ids of the release."""
    edition, rows = hard_edition()
    made = assemble(rows, replace(edition, tables=()), KEY, contributors=(contribute,))
    return made.edition, made.rows
