"""Measures, on the published table and from its own cells, how answers to sensitive variables spread over the classes of k.

Distinct l-diversity is enforced where a tier asks for it and verified here; t-closeness (Li et al., ICDE 2007) is a measure only,
because enforcing it takes nearly all that keys say. Its distance is the equal distance, which no ordered distance exceeds.
"""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from panelpress.build.compiler.quote import name, text
from panelpress.build.disclosure.check import history_sql
from panelpress.build.disclosure.sql import first_row, person_column
from panelpress.model.missing import NOT_ASKED, SUPPRESSED
from panelpress.model.protection import AnswerSpread
from panelpress.model.study import Study
from panelpress.model.variable import Variable


def answer_spread(
    rows: duckdb.DuckDBPyConnection, study: Study, keys: Sequence[str], variable: Variable, table: str
) -> AnswerSpread:
    """The spread of ``variable`` over the classes of ``keys`` in ``table``. A class in which all answers of a wave are starred,
    or nobody was asked, shows nothing and is not counted."""
    person, why = name(person_column(study)), name(variable.why)
    wave = "r.wave" if "wave" in study.key else "''"
    hidden = f"r.{why} IN ({text(SUPPRESSED)}, {text(NOT_ASKED)})"
    found = first_row(
        rows,
        f"WITH histories AS ({history_sql(study, keys, table)}), "
        f"cells AS (SELECT h.history AS class, {wave} AS wave, coalesce('=' || r.{name(variable.id)}, '') AS answer, "
        f"count(*) AS n, count(*) FILTER ({hidden}) AS hidden "
        f"FROM {table} AS r JOIN histories AS h USING ({person}) GROUP BY ALL), "
        "shown AS (SELECT *, sum(n) OVER c AS size, sum(n) OVER (PARTITION BY wave) AS everyone, "
        "sum(n) OVER (PARTITION BY wave, answer) AS alike, sum(hidden) OVER c AS silent FROM cells "
        "WINDOW c AS (PARTITION BY class, wave)), "
        "spread AS (SELECT count(*) AS answers, "
        "(sum(abs(n / size - alike / everyone)) + 1 - sum(alike / everyone)) / 2 AS distance "
        "FROM shown WHERE silent < size GROUP BY class, wave) "
        "SELECT min(answers), max(distance) FROM spread",
    )
    return AnswerSpread(variable.id, None if found[0] is None else int(found[0]), float(found[1] or 0.0))
