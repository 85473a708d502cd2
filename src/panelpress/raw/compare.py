"""Two versions of one table, row by row and cell by cell: what came, what went, what changed. Counts; the list is private.

Rows are matched by a column ``record`` that holds pseudonyms or ids. A record that stands more than once in a version cannot be
matched; such rows are counted apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

RECORD = "record"
# A column tells responses apart (a response id, a starting time) where nearly every row has a value of its own.
STAMP_SHARE = 0.9
FEWEST_CHANGED = 3


@dataclass(frozen=True, slots=True)
class Comparison:
    """``added`` and ``gone`` rows, rows of records that stand more than once (``repeated``), ``changed`` rows, of which
    ``retaken`` are another response under the same id, and changed cells by column."""

    rows_old: int
    rows_new: int
    added: int
    gone: int
    repeated: int
    changed: int
    retaken: int
    cells: Mapping[str, int]
    columns_added: tuple[str, ...]
    columns_gone: tuple[str, ...]

    @property
    def same(self) -> bool:
        """Whether both versions hold the same rows, cells and columns."""
        counted = (self.added, self.gone, self.repeated, self.changed, len(self.columns_added), len(self.columns_gone))
        return not any(counted)


def compare(old: pl.DataFrame, new: pl.DataFrame, stamps: Iterable[str] = ()) -> Comparison:
    """Compare two versions. ``stamps``: columns that might tell a retaken response from a corrected one; without one that does,
    a response counts as retaken where more than half of its answers are others."""
    once_old, once_new = (each.unique(RECORD, keep="none") for each in (old, new))
    changes = differences(once_old, once_new)
    counts = changes.group_by("column").len("n").sort("column")
    by_row = changes.group_by(RECORD).agg(pl.len().alias("n"), pl.col("column"))
    return Comparison(
        rows_old=old.height,
        rows_new=new.height,
        added=new.join(old, on=RECORD, how="anti").height,
        gone=old.join(new, on=RECORD, how="anti").height,
        repeated=old.height - once_old.height + new.height - once_new.height,
        changed=by_row.height,
        retaken=_retaken(once_old, once_new, by_row, list(stamps)),
        cells=dict(counts.rows()),
        columns_added=tuple(name for name in new.columns if name not in old.columns),
        columns_gone=tuple(name for name in old.columns if name not in new.columns),
    )


def differences(old: pl.DataFrame, new: pl.DataFrame) -> pl.DataFrame:
    """Every changed cell of the rows and columns that both have: record, column, old, new. Private: it holds answers."""
    columns = [name for name in old.columns if name in new.columns and name != RECORD]
    both = old.join(new.select(RECORD, *columns), on=RECORD, suffix="\x00new")
    parts = [pl.DataFrame(schema={RECORD: pl.String, "column": pl.String, "old": pl.String, "new": pl.String})]
    for name in columns:
        before, after = pl.col(name).cast(pl.String), pl.col(f"{name}\x00new").cast(pl.String)
        changed = both.filter(before.ne_missing(after))
        parts.append(changed.select(RECORD, pl.lit(name).alias("column"), before.alias("old"), after.alias("new")))
    return pl.concat(parts)


def _retaken(old: pl.DataFrame, new: pl.DataFrame, by_row: pl.DataFrame, stamps: Sequence[str]) -> int:
    telling = [name for name in stamps if all(_tells_apart(frame, name) for frame in (old, new))]
    if telling:
        return by_row.filter(pl.col("column").list.eval(pl.element().is_in(telling)).list.any()).height
    answers = [pl.col(name).is_not_null().cast(pl.Int32) for name in old.columns if name != RECORD]
    if not answers:
        return 0
    answered = old.select(RECORD, pl.sum_horizontal(answers).alias("answers"))
    mostly = (pl.col("n") * 2 > pl.col("answers")) & (pl.col("n") >= FEWEST_CHANGED)
    return by_row.join(answered, on=RECORD).filter(mostly).height


def _tells_apart(frame: pl.DataFrame, name: str) -> bool:
    if name not in frame.columns or frame.height == 0:
        return False
    return frame.get_column(name).drop_nulls().n_unique() >= STAMP_SHARE * frame.height
