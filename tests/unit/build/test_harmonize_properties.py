"""Whatever crosswalk lints and whatever codes arrive: no row is lost, every cell has a value or a reason, and it is the right one."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest
from crosswalk_world import declare, put
from generated import Drawn, Outcome, Person, Row
from generated_derived import WAVES, crosswalks, plain, tables
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from panelpress.build.control import control
from panelpress.build.harmonize import harmonize
from panelpress.build.load import connect
from worlds import MISSING, STUDY

RATES = "key,start,end,factor\nRUB,2022-01-01,2022-12-31,0.012\nEUR,2022-01-01,2022-12-31,1.05\nUSD,2022-01-01,2022-12-31,1\n"
World = tuple[list[Drawn], list[dict[str, Row]]]


def meant(drawn: list[Drawn], persons: list[dict[str, Row]]) -> list[tuple[str, str, dict[str, Outcome]]]:
    """Person, wave and outcomes of every row, in the order of both, as the declarations mean them."""
    rows = []
    for number, waves in enumerate(persons):
        outcomes: dict[str, dict[str, Outcome]] = {wave: {} for wave in waves}
        for each in drawn:
            for name, means in each.means.items():
                told = {wave: means(row, Person(wave, outcomes)) for wave, row in waves.items()}
                for wave, outcome in told.items():
                    outcomes[wave][name] = outcome if wave == "a" or each.in_b else (None, "not_asked")
        rows += [(f"p{number:02}", wave, outcomes[wave]) for wave in sorted(waves)]
    return rows


def judge(drawn: list[Drawn], persons: list[dict[str, Row]]) -> None:
    """Harmonizes all drawn variables over the raw tables of two waves and holds every row and cell against the oracle."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "rates.csv").write_text(RATES, encoding="utf-8")
        declared, problems = declare(Path(folder), *(each.text for each in drawn))
    assert problems == []
    rows = connect(":memory:")
    columns = [name for each in drawn for name in each.columns]
    for wave in WAVES:
        raw = [
            {"person_id": f"p{n:02}", "record_id": f"r{n:02}", **waves[wave]} for n, waves in enumerate(persons) if wave in waves
        ]
        put(rows, f"tiny_{wave}", raw or [dict.fromkeys(("person_id", "record_id", *columns))], empty=not raw)
    harmonize(rows, STUDY, declared, MISSING)
    failed = {(each.rule, each.resource, each.field) for each in control(rows, STUDY, declared, WAVES, "r") if each.failed}
    expected = meant(drawn, persons)
    harmonized = rows.execute("SELECT * FROM tiny_responses ORDER BY person_id, wave")
    names = [str(column[0]) for column in harmonized.description or ()]
    came_out = [dict(zip(names, row, strict=True)) for row in harmonized.fetchall()]
    rows.close()
    assert [(row["person_id"], row["wave"]) for row in came_out] == [(person, wave) for person, wave, _ in expected]
    uncovered = set()
    for each in drawn:
        for name in each.means:
            cells = [outcomes[name] or (None, None) for _, _, outcomes in expected]
            assert [(plain(row[name]), row[f"{name}__why"]) for row in came_out] == cells, each.text
            assert each.codes is None or all(row[name] is None or row[name] in each.codes for row in came_out)
            uncovered |= {
                ("build.totality", f"tiny_responses/{wave}", name) for _, wave, outcomes in expected if outcomes[name] is None
            }
    assert failed == uncovered


@st.composite
def worlds(draw: st.DrawFn, size: int) -> World:
    drawn = draw(crosswalks(size))
    return drawn, draw(tables(drawn))


RELAXED = [HealthCheck.too_slow, HealthCheck.large_base_example, HealthCheck.data_too_large]


@settings(max_examples=40, deadline=None, suppress_health_check=RELAXED)
@given(worlds(6))
def test_every_cell_is_what_its_declaration_means(world: World) -> None:
    judge(*world)


@pytest.mark.slow
@settings(max_examples=int(os.environ.get("PANELPRESS_EXAMPLES", "500")), deadline=None, suppress_health_check=RELAXED)
@given(worlds(20))
def test_every_cell_of_ten_thousand_declarations_is_what_they_mean(world: World) -> None:
    judge(*world)
