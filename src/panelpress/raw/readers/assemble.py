"""From a grid with known header rows to a ``RawTable``: names, texts, cleaned cells.

Also takes out rows that the platform itself marks as no responses, and adds value labels found elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import polars as pl

from panelpress.model.delivery import RawColumn, RawTable, Repair
from panelpress.raw.readers.cells import clean_cells
from panelpress.raw.readers.grid import Grid
from panelpress.raw.readers.header import column_names, tidy
from panelpress.raw.readers.ragged import REASONS
from panelpress.raw.readers.summary_rows import summary_rows


def assemble(platform: str, grid: Grid, headers: Sequence[str], texts: Sequence[str] = (), label: str = "") -> RawTable:
    """Name the columns of ``grid`` by ``headers``, describe them by ``texts`` (default: the headers), clean the cells; rows of
    totals below the responses are refused."""
    names, header_repairs = column_names(headers)
    data, cell_repairs = clean_cells(grid.body, names)
    worded = [tidy(text) for text in texts] if texts else list(names)
    columns = tuple(RawColumn(name, text) for name, text in zip(names, worded, strict=True))
    table = RawTable(
        platform,
        columns,
        data,
        grid.encoding,
        grid.rows_in,
        dict(grid.refused),
        (*grid.repairs, *header_repairs, *cell_repairs),
        label=label,
    )
    return refuse_rows(table, "summary_row", summary_rows(data), grid.lines)


def refuse_rows(table: RawTable, reason: str, marked: pl.Series, lines: Sequence[int] = ()) -> RawTable:
    """``table`` without the rows that ``marked`` (boolean, NULL means no) points at, counted under ``reason``."""
    flags = marked.fill_null(False)
    n = int(flags.sum())
    if n == 0:
        return table
    first = next((line for line, flag in zip(lines, flags, strict=False) if flag), None)
    told = Repair(reason, f"rows refused: {REASONS[reason]}", n, first, repaired=False)
    refused = {**table.refused, reason: table.refused.get(reason, 0) + n}
    return replace(table, data=table.data.filter(~flags), refused=refused, repairs=(*table.repairs, told))


def labels_of(cells: pl.Series, choices: Mapping[str, str]) -> Mapping[str, str]:
    """Labels of the values in ``cells`` where a questionnaire knows ``choices`` (label by code): they hold the codes, or the
    labels themselves where the export was made with full answers."""
    values = cells.unique().drop_nulls()
    worded = int(values.is_in(list(choices.values())).sum())
    coded = int(values.is_in(list(choices)).sum())
    return {label: label for label in choices.values()} if worded > coded else choices
