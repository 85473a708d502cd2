"""A panel large enough to compare releases of: one study, two waves, 60 persons a wave, k = 3. Written by rule, nothing drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import duckdb

from panelpress.model.release import Edition
from panelpress.publish.tables.assemble import Assembled, assemble
from releasing import KEY
from worlds import STUDY, VARIABLES, tiny_edition

K = 3
PERSONS = 60


def protected(change: Sequence[str] = ()) -> duckdb.DuckDBPyConnection:
    """Persons p000 to p059 in both waves; gender alternates, trust goes round, everyone is 30; then ``change`` in SQL."""
    rows = duckdb.connect(":memory:")
    rows.execute(
        "CREATE TABLE tiny_responses AS SELECT format('p{:03d}', n) AS person_id, wave, "
        "CAST(1 + n % 2 AS INTEGER) AS gender, CAST(NULL AS VARCHAR) AS gender__why, "
        "CAST(1 + n % 3 AS INTEGER) AS trust, CAST(NULL AS VARCHAR) AS trust__why, "
        "CASE WHEN wave = 'a' THEN CAST(30 AS BIGINT) END AS age, CASE WHEN wave = 'b' THEN 'not_asked' END AS age__why, "
        "CASE WHEN n % 4 = 0 THEN 'BBB' ELSE 'AAA' END AS country, CAST(NULL AS VARCHAR) AS country__why "
        f"FROM range({PERSONS}) AS t(n), (VALUES ('a'), ('b')) AS w(wave)"
    )
    for statement in change:
        rows.execute(statement)
    return rows


def plan(version: str, waves: Sequence[str] = ("a", "b")) -> Edition:
    """The edition of the tiny project, without tables, with the waves named and k = 3."""
    edition, _ = tiny_edition(version)
    study = replace(STUDY, waves=tuple(wave for wave in STUDY.waves if wave.id in waves))
    disclosure = {"k": K, "studies": {"tiny": {"k": K, "keys": ["gender", "country"]}}}
    return replace(edition, tables=(), studies=(study,), variables=VARIABLES, disclosure=disclosure)


def made(version: str, change: Sequence[str] = (), edition: Edition | None = None) -> Assembled:
    """An assembled release of the panel."""
    return assemble(protected(change), edition or plan(version), KEY)
