"""How a comparison of two versions of a table is shown to a person: columns and counts, no answers."""

from __future__ import annotations

from rich.markup import escape
from rich.table import Table

from panelpress.raw.compare import Comparison
from panelpress.raw.few import few


def changes(comparison: Comparison) -> Table:
    """A table of what differs, one line a kind of row or a column."""
    table = Table("what", "how many", title=f"{comparison.rows_old} rows before, {comparison.rows_new} now")
    for name in ("added", "gone", "repeated", "changed", "retaken"):
        table.add_row(f"rows {name}", str(getattr(comparison, name)))
    for column in comparison.columns_added:
        table.add_row(f"column {escape(column)}", "added")
    for column in comparison.columns_gone:
        table.add_row(f"column {escape(column)}", "gone")
    for column, n in comparison.cells.items():
        table.add_row(f"cells of {escape(column)}", few(n))
    return table
