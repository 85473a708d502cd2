"""Stars cells of multi-selects so that no combination of chosen options is rare in its wave.

Which options somebody ticks together finds a person as surely as a rare occupation, though each option alone is common. Options
of the multi-selects that a study lists under ``patterns`` are starred, the fewest cells found, until every published combination
(reasons included, a star being a value of its own) is shared by k responses of the wave. What is made of a starred option is
starred with it. Combinations are counted by wave, not over linked waves, and apart from the keys.

Works on the table that is otherwise finished, because withheld responses make combinations rarer.
"""

from __future__ import annotations

from collections.abc import Sequence

import duckdb
import numpy as np
import pyarrow as pa

from panelpress.build.compiler.quote import name, text
from panelpress.build.disclosure.columns import Column, Ints, Tuples
from panelpress.build.disclosure.demand import Demand
from panelpress.build.disclosure.relatives import Relatives
from panelpress.build.disclosure.specialise import Lots
from panelpress.build.disclosure.sql import PREFIX, first_row, person_column
from panelpress.build.disclosure.starring import star
from panelpress.errors import DisclosureRefused
from panelpress.model.missing import NOT_ASKED, SUPPRESSED
from panelpress.model.protection import PatternFacts
from panelpress.model.study import Study
from panelpress.model.variable import Variable

HIDDEN = f"{PREFIX}hidden"
_RECORDS = ""  # the only "wave" of a list of records


def options_of(multi: str, variables: Sequence[Variable]) -> list[Variable]:
    return [variable for variable in variables if variable.multi_of == multi]


def refuse_entangled(multis: Sequence[str], variables: Sequence[Variable], relatives: Relatives, fixed: Sequence[str]) -> None:
    """Raises DisclosureRefused where starring an option would star a key or a sensitive variable (``fixed``), whose classes are
    counted before."""
    for multi in multis:
        for option in options_of(multi, variables):
            reached = {cell[0] for (starred, _), cells in relatives.closure.items() if starred == option.id for cell in cells}
            if found := sorted(reached & set(fixed)):
                raise DisclosureRefused(
                    f"build/disclosure.yaml, pattern `{multi}`",
                    f"starring `{option.id}` would star `{found[0]}`, which is a key or sensitive.",
                    f"Take `{multi}` out of `patterns`, or give `{found[0]}` another source.",
                )


def star_patterns(
    rows: duckdb.DuckDBPyConnection,
    study: Study,
    table: str,
    multis: Sequence[str],
    released: Sequence[Variable],
    relatives: Relatives,
    k: int,
) -> tuple[PatternFacts, ...]:
    """Rewrites ``table`` (SQL name), which holds ``released`` variables, so that no combination of the options of each of
    ``multis`` is rarer than ``k`` in any wave; says how rare the rarest is and what it cost."""
    there = [(multi, options) for multi in multis if (options := options_of(multi, released))]
    if not there:
        return ()
    person = name(person_column(study))
    rows.execute(
        f"CREATE OR REPLACE TEMP TABLE {HIDDEN} AS SELECT {person} AS person, '' AS wave, '' AS variable FROM {table} LIMIT 0"
    )
    waves = study.wave_ids if "wave" in study.key else (_RECORDS,)
    for _, options in there:
        for wave in waves:
            _hide_rare(rows, study, table, options, wave, relatives, k)
    _rewrite(rows, study, table, released)
    rows.execute(f"DROP TABLE {HIDDEN}")
    return tuple(_facts(rows, study, table, multi, options) for multi, options in there)


def _hide_rare(
    rows: duckdb.DuckDBPyConnection,
    study: Study,
    table: str,
    options: Sequence[Variable],
    wave: str,
    relatives: Relatives,
    k: int,
) -> None:
    """Notes, in the table of hidden cells, what has to be starred in one wave."""
    person = name(person_column(study))
    cells = ", ".join(
        f"coalesce(CAST({name(each.id)} AS VARCHAR), '?' || {name(each.why)}) AS o{n}" for n, each in enumerate(options)
    )
    names = ", ".join(f"o{n}" for n in range(len(options)))
    where = f"WHERE wave = {text(wave)}" if wave else ""
    shown = f"SELECT {person} AS person, {cells} FROM {table} {where}"
    found = rows.execute(f"SELECT {names}, count(*) AS n FROM ({shown}) GROUP BY ALL ORDER BY ALL").fetchall()
    if not found:
        return
    tuples = _tuples(found)
    lots = star(tuples, Demand(k))
    starred = np.flatnonzero(lots.levels.any(axis=1))
    if not len(starred):
        return
    starts = _ranks(lots)
    columns: dict[str, object] = {f"o{n}": [found[row][n] for row in lots.rows[starred]] for n in range(len(options))}
    columns |= {"first": starts[starred], "past": (starts + lots.amounts)[starred]}
    at = wave or study.wave_ids[0]
    closures = [[f"{there}\n{cell}" for cell, there in sorted(relatives.closure[(option.id, at)])] for option in options]
    columns["cells"] = [
        [cell for option, level in zip(closures, lots.levels[lot], strict=True) if level for cell in option] for lot in starred
    ]
    rows.register("pp_lots", pa.table(columns))
    rows.execute(
        f"INSERT INTO {HIDDEN} SELECT person, split_part(cell, chr(10), 1), split_part(cell, chr(10), 2) FROM ("
        f"WITH ranked AS (SELECT *, row_number() OVER (PARTITION BY {names} ORDER BY person) - 1 AS rank FROM ({shown})) "
        f"SELECT r.person, unnest(l.cells) AS cell FROM ranked AS r JOIN pp_lots AS l USING ({names}) "
        "WHERE r.rank >= l.first AND r.rank < l.past)"
    )
    rows.unregister("pp_lots")


def _ranks(lots: Lots) -> Ints:
    """Where each lot begins among those who ticked the same."""
    order = np.argsort(lots.rows, kind="stable")
    before = np.cumsum(lots.amounts[order]) - lots.amounts[order]
    ranks = np.empty_like(before)
    ranks[order] = before - before[np.searchsorted(lots.rows[order], lots.rows[order])]
    return ranks


def _tuples(found: Sequence[tuple[object, ...]]) -> Tuples:
    """Combinations as tuples of columns that are either shown or starred. An option that was not asked costs nothing."""
    columns, cells = [], []
    for place in range(len(found[0]) - 1):
        looks = list(dict.fromkeys(row[place] for row in found))
        numbers = {look: number for number, look in enumerate(looks)}
        cells.append([numbers[row[place]] for row in found])
        n = len(looks)
        columns.append(
            Column(
                name=f"o{place}",
                dimension=place,
                maps=(np.arange(n, dtype=np.int32), np.zeros(n, dtype=np.int32)),
                losses=(np.zeros(n), np.ones(n)),
                starred=np.ones(n),
                weights=np.array([float(look != f"?{NOT_ASKED}") for look in looks]),
            )
        )
    return Tuples(
        tuple(columns),
        np.array(cells, dtype=np.int32).T,
        np.array([row[-1] for row in found], dtype=np.int64),
        np.zeros(len(found), dtype=np.int32),
        np.zeros((len(found), 0), dtype=np.uint64),
    )


def _rewrite(rows: duckdb.DuckDBPyConnection, study: Study, table: str, released: Sequence[Variable]) -> None:
    """The table with all hidden cells starred, by one SELECT."""
    person = person_column(study)
    reached = {variable for (variable,) in rows.execute(f"SELECT DISTINCT variable FROM {HIDDEN}").fetchall()}
    touched = [variable for variable in released if variable.id in reached]
    if not touched:
        return
    changes = []
    for variable in touched:
        hidden = f"coalesce(list_contains(h.variables, {text(variable.id)}), FALSE)"
        changes.append(f"CASE WHEN {hidden} THEN NULL ELSE r.{name(variable.id)} END AS {name(variable.id)}")
        changes.append(f"CASE WHEN {hidden} THEN {text(SUPPRESSED)} ELSE r.{name(variable.why)} END AS {name(variable.why)}")
    by_wave = "AND h.wave = r.wave" if "wave" in study.key else ""
    rows.execute(
        f"CREATE OR REPLACE TABLE {table} AS SELECT r.* REPLACE ({', '.join(changes)}) FROM {table} AS r LEFT JOIN "
        f"(SELECT person, {'wave, ' if by_wave else ''}list(DISTINCT variable) AS variables FROM {HIDDEN} GROUP BY ALL) AS h "
        f"ON h.person = r.{name(person)} {by_wave}"
    )


def _facts(rows: duckdb.DuckDBPyConnection, study: Study, table: str, multi: str, options: Sequence[Variable]) -> PatternFacts:
    """Counted in the finished table, from its own cells."""
    cells = ", ".join(f"{name(each.id)}, {name(each.why)}" for each in options)
    grouped = ", ".join(["wave"] * ("wave" in study.key) + [cells])
    starred = " + ".join(f"count(*) FILTER ({name(each.why)} = {text(SUPPRESSED)})" for each in options)
    asked = " + ".join(f"count(*) FILTER ({name(each.why)} IS DISTINCT FROM {text(NOT_ASKED)})" for each in options)
    smallest = first_row(rows, f"SELECT min(n) FROM (SELECT count(*) AS n FROM {table} GROUP BY {grouped})")[0]
    cells_had, cells_starred = first_row(rows, f"SELECT {asked}, {starred} FROM {table}")
    return PatternFacts(multi, None if smallest is None else int(smallest), int(cells_had), int(cells_starred))
