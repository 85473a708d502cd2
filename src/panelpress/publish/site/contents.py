"""What a release says about itself, read once from its SQLite catalogue tables when the server starts.

Codebook pages and labels come from here, so that no request asks the database what a code means. Tables that a release lacks
are empty: an old release keeps its pages when newer ones learn more.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

Row = Mapping[str, Any]
CATALOGUE = (
    "variables",
    "value_labels",
    "missing_reasons",
    "waves",
    "availability",
    "crosswalk",
    "distributions",
    "variable_history",
    "samples",
    "views",
    "changes",
    "figures",
    "figure_cells",
)


@dataclass(frozen=True)
class Contents:
    """Catalogue rows by table name."""

    tables: Mapping[str, Sequence[Row]]

    def rows(self, table: str) -> Sequence[Row]:
        return self.tables.get(table, ())

    @cached_property
    def variables(self) -> Mapping[str, Row]:
        return {str(row["variable"]): row for row in self.rows("variables")}

    @cached_property
    def waves(self) -> Mapping[str, Row]:
        return {str(row["wave"]): row for row in self.rows("waves")}

    @cached_property
    def studies(self) -> Mapping[str, Sequence[Row]]:
        """Waves by study, both in the order of the catalogue."""
        grouped: dict[str, list[Row]] = {}
        for row in self.rows("waves"):
            grouped.setdefault(str(row["study"]), []).append(row)
        return grouped

    @cached_property
    def languages(self) -> Sequence[str]:
        """Languages in which the release names its variables."""
        row = next(iter(self.rows("variables")), {})
        return tuple(name.removeprefix("label_") for name in row if name.startswith("label_"))

    @cached_property
    def concepts(self) -> Mapping[str, Sequence[Row]]:
        """Variables by concept, in the order of the catalogue."""
        grouped: dict[str, list[Row]] = {}
        for row in self.rows("variables"):
            grouped.setdefault(str(row.get("concept") or ""), []).append(row)
        return dict(sorted(grouped.items()))

    def of_variable(self, table: str, variable: str) -> Sequence[Row]:
        """Rows of ``table`` about ``variable``."""
        return self._by_variable.get(table, {}).get(variable, ())

    @cached_property
    def _by_variable(self) -> Mapping[str, Mapping[str, Sequence[Row]]]:
        found: dict[str, dict[str, list[Row]]] = {}
        for table, rows in self.tables.items():
            grouped = found.setdefault(table, {})
            for row in rows:
                if row.get("variable") is not None:
                    grouped.setdefault(str(row["variable"]), []).append(row)
        return found


def read_contents(database: Path) -> Contents:
    """The catalogue of one release. Raises sqlite3.DatabaseError where the file is no database."""
    connection = sqlite3.connect(f"file:{database}?immutable=1", uri=True)
    connection.row_factory = sqlite3.Row
    try:
        present = {str(row[0]) for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        return Contents({name: _rows(connection, name) for name in CATALOGUE if name in present})
    finally:
        connection.close()


def _rows(connection: sqlite3.Connection, table: str) -> tuple[Row, ...]:
    return tuple(dict(row) for row in connection.execute(f'SELECT * FROM "{table}"'))


def text(row: Row, name: str, language: str) -> str:
    """``name`` of ``row`` in ``language``, else in English, else in the first language that has it, else empty."""
    found = row.get(f"{name}_{language}") or row.get(f"{name}_en")
    return str(found or next((value for key, value in row.items() if value and re.fullmatch(rf"{name}_[a-z]{{2,3}}", key)), ""))
