"""Who is in two releases: persons added and gone, and the pairs of rows that belong to the same person and wave.

Ids are drawn anew for every release, so persons are joined through the private maps of both. A row whose id the map does not
know (its person withdrew and was purged) belongs to nobody in the other release.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np
from numpy.typing import NDArray

from panelpress.model.changes import PeopleChange
from panelpress.publish.compare.side import Responses, Side
from panelpress.publish.tables.sql import columns, literal, quoted

Indexes = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Pairs:
    """``after[i]`` is the position, in canonical order, of the row of the newer release that is the same person and wave as row
    ``i`` of the older one; -1 where there is none. ``people`` says who was added or gone."""

    after: Indexes
    people: tuple[PeopleChange, ...]

    @property
    def moved(self) -> frozenset[str]:
        """Waves in which responses were added or are gone."""
        return frozenset(each.wave for each in self.people if each.wave is not None and (each.added or each.gone))


def pair(before: Side, after: Side, old: Responses, new: Responses) -> Pairs:
    """Join one study's rows of two releases."""
    assert before.identities is not None and after.identities is not None
    rows = before.rows
    _numbered(rows, before, old, before.identities, "pairs_before")
    _numbered(rows, after, new, after.identities, "pairs_after")
    found = rows.execute(
        "SELECT coalesce(a.place, -1) AS after FROM pairs_before AS b LEFT JOIN pairs_after AS a "
        "ON b.person = a.person AND b.wave = a.wave ORDER BY b.place"
    ).fetchnumpy()
    people = (_persons(rows, old.study), *_waves(rows, old.study)) if old.has_waves else (_persons(rows, old.study),)
    for name in ("pairs_before", "pairs_after"):
        rows.execute(f"DROP TABLE {name}")
    return Pairs(np.asarray(found["after"], dtype=np.int64), people)


def _numbered(rows: duckdb.DuckDBPyConnection, side: Side, table: Responses, identities: Path, name: str) -> None:
    """Position, secure id (an id nobody shares where the map has none) and wave of every row."""
    wave = quoted("wave") if table.has_waves else literal("")
    person = quoted(table.person)
    options = "header = true, all_varchar = true, delim = ',', quote = '\"'"
    rows.execute(
        f"CREATE TEMP TABLE {name} AS "
        f"SELECT t.place, coalesce(m.secure_id, {literal(side.schema + ':')} || t.released) AS person, t.wave FROM "
        f"(SELECT row_number() OVER (ORDER BY {columns(table.key)}) - 1 AS place, {person} AS released, {wave} AS wave "
        f"FROM {side.relation(table.table)}) AS t "
        f"LEFT JOIN (SELECT * FROM read_csv({literal(str(identities))}, {options}) WHERE study = {literal(table.study)}) AS m "
        f"ON m.released_id = t.released"
    )


def _persons(rows: duckdb.DuckDBPyConnection, study: str) -> PeopleChange:
    ((added, gone, kept),) = rows.execute(
        "SELECT count(*) FILTER (WHERE b.person IS NULL), count(*) FILTER (WHERE a.person IS NULL), "
        "count(*) FILTER (WHERE a.person IS NOT NULL AND b.person IS NOT NULL) "
        "FROM (SELECT DISTINCT person FROM pairs_before) AS b FULL JOIN (SELECT DISTINCT person FROM pairs_after) AS a "
        "ON a.person = b.person"
    ).fetchall()
    return PeopleChange(study, None, added, gone, kept)


def _waves(rows: duckdb.DuckDBPyConnection, study: str) -> list[PeopleChange]:
    found = rows.execute(
        "SELECT coalesce(a.wave, b.wave) AS of_wave, count(*) FILTER (WHERE b.person IS NULL), "
        "count(*) FILTER (WHERE a.person IS NULL), count(*) FILTER (WHERE a.person IS NOT NULL AND b.person IS NOT NULL) "
        "FROM pairs_before AS b FULL JOIN pairs_after AS a ON a.person = b.person AND a.wave = b.wave GROUP BY of_wave "
        "ORDER BY of_wave"
    ).fetchall()
    return [PeopleChange(study, wave, added, gone, kept) for wave, added, gone, kept in found]
