"""A wave that comes in several files, one a part (a country): each file gets the columns that it lacks, so that all are alike.

part_column: country                      in the contract: no file has it, every row gets the part it was registered as
- {name: vote_ge, role: plain, parts: [GE]}   only the file of this part has it; it is blank in the others
"""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from panelpress.errors import IntakeRefused
from panelpress.model.delivery import Contract, RawColumn, RawTable


def completed(raw: RawTable, contract: Contract, part: str, where: str) -> RawTable:
    """``raw`` with the columns that ``contract`` says its part lacks. Raises IntakeRefused where it has them after all, or was
    registered without the part that the contract asks for."""
    if contract.part_column is not None and not part:
        todo = "Register it again with --part."
        what = f"was registered without a part; {contract.declared_in} fills `{contract.part_column}` from it."
        raise IntakeRefused(where, what, todo)
    cells = filled_in(contract, part)
    present = [name for name in cells if name in raw.data.columns]
    if present:
        todo = f"Correct `part_column` or `parts` in {contract.declared_in}."
        raise IntakeRefused(where, f"has the column `{present[0]}`, which its part is declared to lack.", todo)
    data = raw.data.with_columns(pl.lit(value, dtype=pl.String).alias(name) for name, value in cells.items())
    if contract.row_column is not None:
        data = data.with_columns(pl.int_range(1, pl.len() + 1).cast(pl.String).alias(contract.row_column))
    return replace(raw, data=data, columns=(*raw.columns, *(RawColumn(name) for name in cells)))


def filled_in(contract: Contract, part: str) -> dict[str, str | None]:
    """What stands in each column that the file of ``part`` lacks: the part itself, or nothing (rows are numbered later)."""
    cells: dict[str, str | None] = {each.name: None for each in contract.columns if each.parts and part not in each.parts}
    if contract.part_column is not None:
        cells[contract.part_column] = part
    if contract.row_column is not None:
        cells[contract.row_column] = None
    return cells
