"""A release without new answers shows what the last one showed, and hides no more than k asks for once people are gone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import duckdb
import pytest
from panels import MISSING, declare, fill, grouped, study, variable

from panelpress.build.disclosure.earlier import Earlier
from panelpress.build.disclosure.protect import protect
from panelpress.model.disclosure import DisclosureDeclaration, Key
from panelpress.model.protection import ProtectionResult

GENDER = variable("gender", [1, 2])
REGION = variable("region", [1, 2, 3, 4])
MOOD = variable("mood", [1, 2])
VARIABLES = [GENDER, REGION, MOOD]
TWO = grouped("two", {1: 10, 2: 10, 3: 20, 4: 20})
DECLARED = declare([Key("gender", "static"), Key("region", "varying", TWO, local=True)], 4)
People = Mapping[str, Mapping[str, Sequence[int]]]


@pytest.fixture
def rows() -> duckdb.DuckDBPyConnection:
    return duckdb.connect()


def people() -> dict[str, dict[str, list[int]]]:
    """Sizes of groups by gender and region differ, so that some keep fine codes, some are coarsened, some starred."""
    found: dict[str, dict[str, list[int]]] = {}
    for place, (gender, region, n) in enumerate([(1, 1, 9), (1, 2, 4), (1, 3, 5), (1, 4, 1), (2, 1, 6), (2, 3, 4), (2, 4, 2)]):
        for number in range(n):
            waves = {"a": [gender, region, 1 + number % 2]}
            if region < 3:
                waves["b"] = [gender, region, 1]
            found[f"p{place}{number}"] = waves
    return found


def release(
    rows: duckdb.DuckDBPyConnection,
    number: int,
    given: People,
    last: ProtectionResult | None,
    asked: DisclosureDeclaration = DECLARED,
) -> ProtectionResult:
    fill(rows, study(), VARIABLES, given)
    earlier = [Earlier(f"{last.table} open", last.table, last.keys, last.levels, last.demands)] if last else []
    return protect(rows, study(), VARIABLES, asked, "open", MISSING, target=f"r{number}", earlier=earlier)


def differing(rows: duckdb.DuckDBPyConnection, variable: str) -> int:
    """Cells that the second release shows otherwise than the first, of those whom both have."""
    query = (
        f"SELECT count(*) FROM r1 AS o JOIN r2 AS n USING (person_id, wave) WHERE o.{variable} IS DISTINCT FROM n.{variable} "
        f"OR o.{variable}__why IS DISTINCT FROM n.{variable}__why"
    )
    return int(rows.execute(query).fetchall()[0][0])


def test_a_correction_of_something_else_changes_no_key(rows: duckdb.DuckDBPyConnection) -> None:
    first = release(rows, 1, people(), None)
    corrected = {person: {wave: [*cells[:2], 2] for wave, cells in waves.items()} for person, waves in people().items()}
    second = release(rows, 2, corrected, first)
    assert (first.carried, second.carried) == (None, "r1 open")
    assert (differing(rows, "gender"), differing(rows, "region")) == (0, 0)
    assert differing(rows, "mood") > 0
    assert (second.levels, second.persons_left_out) == (first.levels, first.persons_left_out)


def test_only_classes_that_shrank_below_k_are_hidden(rows: duckdb.DuckDBPyConnection) -> None:
    first = release(rows, 1, people(), None)
    classes = rows.execute(
        "SELECT list(person_id) FROM (SELECT person_id, string_agg(wave || gender || coalesce(region::VARCHAR, '*'), ' ' ORDER BY wave) "
        "AS history FROM r1 GROUP BY person_id) GROUP BY history ORDER BY count(*), history"
    ).fetchall()
    smallest = sorted(classes[0][0])
    assert len(smallest) == 4, "the world holds a class of exactly k"
    left = {person: waves for person, waves in people().items() if person != smallest[0]}
    second = release(rows, 2, left, first)
    assert second.carried == "r1 open"
    assert (second.smallest_class or 4) >= 4 and (second.smallest_joint_class or 4) >= 4
    gone = rows.execute("SELECT count(DISTINCT person_id) FROM r1 WHERE person_id NOT IN (SELECT person_id FROM r2)").fetchall()[
        0
    ][0]
    assert gone == 4, "who left, and the three who were alike"
    assert (differing(rows, "gender"), differing(rows, "region")) == (0, 0)


def test_every_count_of_hidden_cells_is_none_or_k(rows: duckdb.DuckDBPyConnection) -> None:
    first = release(rows, 1, people(), None)
    for leaving in range(1, 12):
        left = {
            person: waves for place, (person, waves) in enumerate(sorted(people().items())) if place % 12 >= leaving or place > 23
        }
        second = release(rows, 2, left, first)
        assert second.carried == "r1 open"
        for name in ("gender", "region", "mood"):
            n = differing(rows, name)
            assert n == 0 or n >= 4


def test_new_people_other_demands_or_a_corrected_key_are_planned_anew(rows: duckdb.DuckDBPyConnection) -> None:
    first = release(rows, 1, people(), None)
    other = declare([Key("gender", "static"), Key("region", "varying", TWO)], 4)
    assert release(rows, 2, people(), first, other).carried is None
    moved = {**people(), "p00": {"a": [2, 4, 1], "b": [2, 2, 1]}}
    assert release(rows, 2, moved, first).carried is None
    fill(rows, study(), VARIABLES, people())
    unknown = [Earlier("r1 open", "r1", first.keys, first.levels, None)]
    assert protect(rows, study(), VARIABLES, DECLARED, "open", MISSING, target="r2", earlier=unknown).carried is None
