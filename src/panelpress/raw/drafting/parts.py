"""The files of a wave that came in parts as one table: what ``panelpress init`` describes and drafts one contract from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import polars as pl

from panelpress.errors import UsageError
from panelpress.model.delivery import RawColumn, RawTable

# Called so in a contract; no file has it.
PART = "part_of_the_wave"


@dataclass(frozen=True, slots=True)
class Together:
    """All parts in one table. ``only`` names, for each column that not every file has, the parts whose files have it;
    ``differing`` the columns in which one code has several labels."""

    table: RawTable
    parts: tuple[str, ...] = ()
    only: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    differing: tuple[str, ...] = ()


def together(name: str, tables: Mapping[str, RawTable]) -> Together:
    """The ``tables`` of all parts of the wave ``name``. Raises UsageError where they come from several platforms."""
    first, *others = tables.values()
    if not others:
        return Together(first)
    platforms = sorted({each.platform for each in tables.values()})
    if len(platforms) > 1:
        what = f"holds exports of several platforms ({', '.join(platforms)}), which one contract cannot describe."
        raise UsageError(name, what, "Give each a folder of its own, or export all parts from the same platform.")
    having: dict[str, list[str]] = {}
    for part, table in tables.items():
        for column in table.columns:
            having.setdefault(column.name, []).append(part)
    labels = {column: _labels([tables[part].column(column) for part in parts]) for column, parts in having.items()}
    columns = [_column(labels[name], tables[having[name][0]].column(name)) for name in having]
    table = replace(
        first,
        columns=tuple(columns),
        data=pl.concat([each.data for each in tables.values()], how="diagonal").select(*having),
        rows_in=sum(each.rows_in for each in tables.values()),
        refused=dict(sum((Counter(each.refused) for each in tables.values()), Counter())),
        repairs=tuple(repair for each in tables.values() for repair in each.repairs),
        children={},
    )
    only = {column: tuple(parts) for column, parts in having.items() if len(parts) < len(tables)}
    differing = tuple(column for column, found in labels.items() if any(len(texts) > 1 for texts in found.values()))
    return Together(table, tuple(tables), only, differing)


def _labels(columns: list[RawColumn]) -> dict[str, list[str]]:
    """Every label of every code, the first part's first."""
    found: dict[str, list[str]] = {}
    for column in columns:
        for code, label in column.values.items():
            if label not in found.setdefault(code, []):
                found[code].append(label)
    return found


def _column(labels: Mapping[str, list[str]], first: RawColumn) -> RawColumn:
    return replace(first, values={code: texts[0] for code, texts in labels.items()})
