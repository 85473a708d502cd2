"""Tables about the same people over time, computed from the released responses: transitions, response rates, retention.

``transitions`` counts, for each categorical variable and each two waves in which both its levels may be compared, how many
persons with an answer in both went from one answer to another. ``response_rates`` divides those who answered a later wave by a
stated base: all who had answered the earlier one. ``retention`` counts the patterns of participation. No weights.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import duckdb

from panelpress.model.release import Edition
from panelpress.model.study import Study
from panelpress.model.table import Table
from panelpress.model.variable import Variable
from panelpress.publish.tables.catalogue import Row, fill
from panelpress.publish.tables.sql import literal, quoted
from panelpress.schemas.catalogue import catalogue, column

TRANSITIONS = catalogue(
    "transitions",
    "Change within persons",
    "Persons with a valid answer in both waves, by answer before and after. Pairs of waves that a declared break separates are"
    " left out.",
    [
        column("study", "Study", required=True),
        column("variable", "Variable", required=True),
        column("from_wave", "Earlier wave", required=True),
        column("to_wave", "Later wave", required=True),
        column("from_code", "Answer in the earlier wave", required=True),
        column("to_code", "Answer in the later wave", required=True),
        column("n", "Persons", "integer", required=True),
        column("n_from", "Persons with the earlier answer", "integer", required=True),
        column("share", "Percent of those with the earlier answer", "number", required=True),
    ],
    ["study", "variable", "from_wave", "to_wave", "from_code", "to_code"],
)
RESPONSE_RATES = catalogue(
    "response_rates",
    "Response rates",
    "Of all persons who answered the earlier wave, those who also answered the later one.",
    [
        column("study", "Study", required=True),
        column("from_wave", "Earlier wave", required=True),
        column("to_wave", "Later wave", required=True),
        column("base", "Persons who answered the earlier wave", "integer", required=True),
        column("again", "Of them, persons who answered the later wave", "integer", required=True),
        column("rate", "Percent", "number", required=True),
    ],
    ["study", "from_wave", "to_wave"],
)
RETENTION = catalogue(
    "retention",
    "Patterns of participation",
    "Persons by the waves that they answered.",
    [
        column("study", "Study", required=True),
        column("participation", "Waves answered, in order", required=True),
        column("n_waves", "Number of waves", "integer", required=True),
        column("n", "Persons", "integer", required=True),
        column("share", "Percent of all persons of the study", "number", required=True),
    ],
    ["study", "participation"],
)


def contribute_change(edition: Edition, rows: duckdb.DuckDBPyConnection) -> tuple[Table, ...]:
    """Adds the three tables for every panel study with more than one wave."""
    panels = [study for study in edition.studies if study.kind == "panel" and len(study.waves) > 1]
    fill(rows, TRANSITIONS, [row for study in panels for row in _transitions(edition, study, rows)])
    fill(rows, RESPONSE_RATES, [row for study in panels for row in _rates(study, rows)])
    fill(rows, RETENTION, [row for study in panels for row in _patterns(study, rows)])
    return (TRANSITIONS, RESPONSE_RATES, RETENTION)


def _transitions(edition: Edition, study: Study, rows: duckdb.DuckDBPyConnection) -> Iterator[Row]:
    present = set(edition.table(study.table).field_names)
    for variable in edition.variables:
        if variable.id not in present or not variable.is_categorical or variable.person_level:
            continue
        for earlier, later in combinations(study.wave_ids, 2):
            if comparable(variable, earlier, later):
                yield from _pairs(study, variable, earlier, later, rows)


def comparable(variable: Variable, earlier: str, later: str) -> bool:
    """True where both waves asked the variable and no declared break stands between them."""
    one, other = variable.waves.get(earlier), variable.waves.get(later)
    if one is None or other is None or "impossible" in (one.status, other.status):
        return False
    return later not in one.breaks_with and earlier not in other.breaks_with


def _pairs(study: Study, variable: Variable, earlier: str, later: str, rows: duckdb.DuckDBPyConnection) -> Iterator[Row]:
    table, value = quoted(study.table), quoted(variable.id)
    found = rows.execute(
        f"SELECT CAST(a.{value} AS VARCHAR), CAST(b.{value} AS VARCHAR), count(*) FROM {table} a JOIN {table} b "
        f"USING (person_id) WHERE a.wave = {literal(earlier)} AND b.wave = {literal(later)} "
        f"AND a.{value} IS NOT NULL AND b.{value} IS NOT NULL GROUP BY 1, 2 ORDER BY 1, 2"
    ).fetchall()
    base: dict[str, int] = {}
    for before, _, n in found:
        base[before] = base.get(before, 0) + n
    for before, after, n in found:
        yield {
            "study": study.id,
            "variable": variable.id,
            "from_wave": earlier,
            "to_wave": later,
            "from_code": before,
            "to_code": after,
            "n": n,
            "n_from": base[before],
            "share": round(100 * n / base[before], 1),
        }


def _rates(study: Study, rows: duckdb.DuckDBPyConnection) -> Iterator[Row]:
    table = quoted(study.table)
    for earlier, later in combinations(study.wave_ids, 2):
        base, again = rows.execute(
            f"SELECT count(*), count(b.person_id) FROM {table} a LEFT JOIN {table} b "
            f"ON a.person_id = b.person_id AND b.wave = {literal(later)} WHERE a.wave = {literal(earlier)}"
        ).fetchall()[0]
        if base:
            rate = round(100 * again / base, 1)
            yield {"study": study.id, "from_wave": earlier, "to_wave": later, "base": base, "again": again, "rate": rate}


def _patterns(study: Study, rows: duckdb.DuckDBPyConnection) -> Iterator[Row]:
    found = rows.execute(
        f"SELECT participation, n_waves, count(*) FROM {quoted(study.persons_table)} GROUP BY ALL ORDER BY 1"
    ).fetchall()
    total = sum(n for *_, n in found)
    for participation, n_waves, n in found:
        share = round(100 * n / total, 1)
        yield {"study": study.id, "participation": participation, "n_waves": n_waves, "n": n, "share": share}
