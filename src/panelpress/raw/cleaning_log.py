"""Replays a cleaning log over a raw export and names every difference to the cleaned file that the log does not document.

    id,column,old,new,reason
    R17,age,199,19,typed twice
    R20,,,,withdrew

A row with a column sets one cell; a row without one takes the whole response out. ``old`` is what the export must hold, blank
for a blank cell. The log names people and holds their answers: it is kept with the deliveries and never committed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from panelpress.errors import DeliveryError
from panelpress.raw.compare import RECORD, Comparison, compare, differences

COLUMNS = ("id", "column", "old", "new", "reason")


@dataclass(frozen=True, slots=True)
class Replay:
    """What a log explains. ``applied``: steps that fitted; ``unfit``: steps whose row, column or old value is not in the export;
    ``unexplained``: steps without a reason; ``left``: what still differs after the replay. ``cells`` lists the undocumented
    cells (record, column), without answers."""

    applied: int
    unfit: int
    unexplained: int
    left: Comparison
    cells: pl.DataFrame

    @property
    def documented(self) -> bool:
        """Whether the log, and nothing else, leads from the export to the cleaned file."""
        return self.left.same and self.unfit == 0 and self.unexplained == 0


def replay(raw: pl.DataFrame, log: pl.DataFrame, cleaned: pl.DataFrame, id_column: str) -> Replay:
    """Apply ``log`` to ``raw`` and compare the outcome with ``cleaned``. All text; rows are matched by ``id_column``.

    Raises DeliveryError where the log has other columns, or a table lacks the id column.
    """
    if tuple(log.columns) != COLUMNS:
        raise DeliveryError("cleaning log", "has other columns.", f"Its header must be {','.join(COLUMNS)}.")
    for label, table in (("raw export", raw), ("cleaned file", cleaned)):
        if id_column not in table.columns:
            raise DeliveryError(label, f"lacks the id column `{id_column}`.", "Both files need it.")
    before = raw.rename({id_column: RECORD})
    steps = log.with_columns(pl.col("column").fill_null(""))
    after, applied = _apply(before, steps)
    wanted = cleaned.rename({id_column: RECORD})
    reasons = steps.get_column("reason").fill_null("").str.strip_chars()
    return Replay(
        applied=applied,
        unfit=steps.height - applied,
        unexplained=int((reasons == "").sum()),
        left=compare(after, wanted),
        cells=differences(after.unique(RECORD, keep="none"), wanted.unique(RECORD, keep="none")).select(RECORD, "column"),
    )


def _apply(before: pl.DataFrame, steps: pl.DataFrame) -> tuple[pl.DataFrame, int]:
    rows: Mapping[str, int] = {each: number for number, each in enumerate(before.get_column(RECORD).to_list()) if each}
    cells = {name: before.get_column(name).cast(pl.String).to_list() for name in before.columns}
    gone: set[int] = set()
    applied = 0
    for record, column, old, new, _ in steps.rows():
        number = rows.get(record)
        if number is None or number in gone or (column and column not in cells) or column == RECORD:
            continue
        if not column:
            gone.add(number)
        elif (cells[column][number] or "") != (old or ""):
            continue
        else:
            cells[column][number] = new or None
        applied += 1
    after = pl.DataFrame(cells, schema=dict.fromkeys(cells, pl.String))
    return after.filter(~pl.Series([number in gone for number in range(after.height)], dtype=pl.Boolean)), applied
