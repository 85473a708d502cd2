"""Protecting a real panel of 15 waves: the nlswork data, 4,711 women, k = 5 on the whole linked history (``examples/nlswork``).

Prints what it cost and what estimates became: mean log wages by key, and a regression of log wages, before and after. Rows with a
star in a key are left out of the estimates that need the key, as a reader would do. Everything is counted in the published table.
``cells`` stars single waves of a key instead of its whole history, and is asked how often a starred wave is guessed from the others.
"""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

import duckdb
import numpy as np

from disclosure_world import DATA
from measure import begin, contenders
from panelpress.build.disclosure.protect import protect
from panelpress.build.harmonize import harmonize
from panelpress.build.load import connect
from panelpress.model.disclosure import Starring
from panelpress.model.study import Study
from panelpress.paths import Places
from panelpress.schemas.declarations import Declarations, load_declarations
from panelpress.schemas.disclosure import load_disclosure

EXAMPLE = Path(__file__).resolve().parents[1] / "examples" / "nlswork"
GROUPS = ("race", "college_graduate", "south", "married_present", "union_member")
PREDICTORS = "experience, tenure, college_graduate, (race = 2)::INTEGER, south"


def harmonized() -> tuple[Declarations, Study, duckdb.DuckDBPyConnection]:
    declared = load_declarations(Places(EXAMPLE, Path(tempfile.mkdtemp())))
    (study,) = declared.studies
    rows = connect(":memory:")
    given = f"read_csv('{DATA / 'nlswork' / 'nlswork.csv'}', header = true, all_varchar = true)"
    for wave in study.wave_ids:  # y68 holds the rows of year 68
        rows.execute(
            f"CREATE TABLE raw.nlswork_{wave} AS SELECT idcode AS person_id, idcode AS record_id, "
            f"NULLIF(COLUMNS(* EXCLUDE (rownames, idcode, year)), '') FROM {given} WHERE year = '{wave[1:]}'"
        )
    harmonize(rows, study, declared.variables, declared.missing)
    return declared, study, rows


def means(rows: duckdb.DuckDBPyConnection, table: str) -> dict[tuple[str, object], float]:
    """Mean log wage by group."""
    found = {}
    for group in GROUPS:
        query = f"SELECT {group}, avg(log_wage) FROM {table} WHERE {group} IS NOT NULL GROUP BY ALL"
        found |= {(group, code): float(mean) for code, mean in rows.execute(query).fetchall()}
    return found


def coefficients(rows: duckdb.DuckDBPyConnection, table: str) -> list[float]:
    """Ordinary least squares of log wages on experience, tenure, college, being Black, living in the South; constant last."""
    found = rows.execute(f"SELECT log_wage, {PREDICTORS}, 1 FROM {table}").fetchall()
    cells = np.array([row for row in found if None not in row], dtype=np.float64)
    return [float(each) for each in np.linalg.lstsq(cells[:, 1:], cells[:, 0], rcond=None)[0]]


def guessed(rows: duckdb.DuckDBPyConnection, study: Study, table: str) -> dict[str, object]:
    """Starred answers to where somebody lives: how many are right if taken from the same person's nearest published wave, or from
    what is most common."""
    asked = f"SELECT person_id, wave, south FROM {table} WHERE south IS NOT NULL"
    hidden = (
        f"SELECT p.person_id, p.wave, t.south FROM {table} AS p JOIN {study.table} AS t USING (person_id, wave) "
        "WHERE p.south__why = 'suppressed' AND t.south IS NOT NULL"
    )
    found = rows.execute(
        f"WITH near AS (SELECT h.south AS fact, first(a.south ORDER BY abs(h.wave[2:]::INTEGER - a.wave[2:]::INTEGER), a.wave) AS guess "
        f"FROM ({hidden}) AS h JOIN ({asked}) AS a USING (person_id) GROUP BY h.person_id, h.wave, h.south) "
        "SELECT count(*), avg((fact = guess)::INTEGER), max(common) FROM near, "
        "(SELECT max(share) AS common FROM (SELECT count(*) / sum(count(*)) OVER () AS share FROM near GROUP BY fact))"
    ).fetchall()[0]
    return {
        "starred, other waves shown": found[0],
        "guessed right": found[1] and round(found[1], 3),
        "most common": found[2] and round(found[2], 3),
    }


def history(star: Starring = "history") -> dict[str, object]:
    declared, study, rows = harmonized()
    declaration = load_disclosure(declared.places, declared.studies, declared.variables, declared.samples)
    own = declaration.studies[study.id]
    keys = tuple(replace(key, star=star) for key in own.keys)
    declaration = replace(declaration, studies={study.id: replace(own, keys=keys)})
    # estimates are of wages, whose exact numbers the open tier does not hold: here it does, so that their distance can be told
    variables = [
        replace(each, tier="open") if each.tier == "scientific_use" else each for each in declared.crosswalk.of_study(study.id)
    ]
    begin()
    result = protect(rows, study, variables, declaration, "open", declared.missing, declared.samples)
    cost = next(each for each in result.costs if each.sample == "everyone")
    before, after = means(rows, study.table), means(rows, result.table)
    off = sorted(abs(after[group] - before[group]) for group in before if group in after)
    return {
        "persons": result.persons,
        "smallest class": result.smallest_class,
        "persons left out": result.persons_left_out,
        "responses": result.responses,
        "responses withheld": result.responses_withheld,
        "ncp": round(cost.ncp, 3),
        "starred": round(cost.starred, 3),
        "lost by key": {key.variable: round(key.lost, 3) for key in cost.keys},
        "means carried": f"{len(off)} of {len(before)}",
        "off, median": round(float(np.median(off)), 4),
        "off, greatest": round(off[-1], 4),
        "coefficients before": [round(each, 4) for each in coefficients(rows, study.table)],
        "coefficients after": [round(each, 4) for each in coefficients(rows, result.table)],
        **guessed(rows, study, result.table),
    }


def cells() -> dict[str, object]:
    return history("cell")


if __name__ == "__main__":
    contenders(__file__, rounds=1, history=history, cells=cells)
