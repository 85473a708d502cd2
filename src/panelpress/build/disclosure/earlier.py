"""What earlier releases (and other tiers) already say of the same persons, so that k can hold on what all of them say together.

Ids differ between releases, but unchanged answers link most people, so an intruder is taken to know which record of an earlier
release is whose here. Everything an earlier release shows of a person's history is then known; a new release may divide the
persons who shared it there only into groups of k or more. Persons of an earlier class of whom fewer than k are left (others
withdrew, or an older release knew less) get nothing new: no new wave, and no key at all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import duckdb

from panelpress.build.compiler.quote import name, text
from panelpress.build.disclosure.sql import PREFIX, person_column
from panelpress.model.missing import WHY_SUFFIX
from panelpress.model.study import Study

EARLIER = f"{PREFIX}earlier"
NEW, TOO_FEW = 0, 1  # classes of persons who are in no earlier release, or whose earlier class has shrunk below k


@dataclass(frozen=True, slots=True)
class Earlier:
    """One table published before: ``label`` (version and tier), ``table`` (SQL that can stand after FROM) with the persons'
    present internal ids, ``keys`` published in it, ``levels`` at which. ``demands`` is what its protection was asked (a digest),
    None where deliveries came since: then it is no model for a new release."""

    label: str
    table: str
    keys: tuple[str, ...]
    levels: Mapping[str, Sequence[str]] = field(default_factory=dict)
    demands: str | None = None


def note_earlier(rows: duckdb.DuckDBPyConnection, study: Study, source: str, earlier: Sequence[Earlier], k: int) -> None:
    """Creates ``pp_earlier`` (person, class, pattern): the joint class of each person of ``source`` over all ``earlier`` tables,
    and the waves that they show (bit mask)."""
    person = name(person_column(study))
    if not earlier:
        rows.execute(
            f"CREATE OR REPLACE TEMP TABLE {EARLIER} AS "
            f"SELECT DISTINCT {person} AS person, 0::BIGINT AS pattern, {NEW}::BIGINT AS class FROM {source} LIMIT 0"
        )
        return
    parts = [f"SELECT DISTINCT {person} AS person, -1 AS release, '' AS history, 0 AS pattern FROM {source}"]
    position = " ".join(f"WHEN {text(wave)} THEN {1 << place}" for place, wave in enumerate(study.wave_ids))
    shown_waves = f"bit_or(CASE wave {position} ELSE 0 END)" if "wave" in study.key else "1"
    for number, each in enumerate(earlier):
        listed = ["wave"] if "wave" in study.key else []
        listed += [f"coalesce(CAST({name(key)} AS VARCHAR), '?' || {name(key + WHY_SUFFIX)})" for key in each.keys]
        cells = " || ';' || ".join(listed) or "''"
        order = " ORDER BY wave" if "wave" in study.key else ""
        parts.append(
            f"SELECT {person}, {number}, group_concat({cells}, '|'{order}), {shown_waves} FROM {each.table} "
            f"SEMI JOIN {source} USING ({person}) GROUP BY {person}"
        )
    rows.execute(
        f"CREATE OR REPLACE TEMP TABLE {EARLIER} AS WITH shown AS ({' UNION ALL '.join(parts)}), "
        "joint AS (SELECT person, bit_or(pattern)::BIGINT AS pattern, "
        "group_concat(release || ':' || history, '||' ORDER BY release) AS history FROM shown GROUP BY person), "
        "sized AS (SELECT *, count(*) OVER (PARTITION BY history) AS n, dense_rank() OVER (ORDER BY history) AS number "
        "FROM joint) "
        f"SELECT person, pattern, CASE WHEN pattern = 0 THEN {NEW} WHEN n < {k} THEN {TOO_FEW} ELSE number + 1 END AS class "
        "FROM sized"
    )
