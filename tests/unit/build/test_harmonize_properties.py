"""Whatever crosswalk lints and whatever codes arrive: no row is lost, every cell has a value or a reason, and it is the right one."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest
from crosswalk_world import declare, put
from generated import Drawn, Outcome, crosswalks, plain, tables
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from panelpress.build.control import control
from panelpress.build.harmonize import harmonize
from panelpress.build.load import connect
from worlds import MISSING, STUDY

RATES = "key,start,end,factor\nRUB,2022-01-01,2022-12-31,0.012\nEUR,2022-01-01,2022-12-31,1.05\nUSD,2022-01-01,2022-12-31,1\n"


def judge(drawn: list[Drawn], given_rows: list[dict[str, str | None]]) -> None:
    """Harmonizes all drawn variables over one raw table and holds every cell against the oracle."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "rates.csv").write_text(RATES, encoding="utf-8")
        declared, problems = declare(Path(folder), *(each.text for each in drawn))
    assert problems == []
    rows = connect(":memory:")
    raw = [{"person_id": f"p{n:02}", "record_id": f"r{n:02}", **row} for n, row in enumerate(given_rows)]
    put(rows, "tiny_a", raw)
    put(rows, "tiny_b", [{"person_id": None, "record_id": None}], empty=True)
    harmonize(rows, STUDY, declared, MISSING)
    findings = control(rows, STUDY, declared, ["a", "b"], "r")
    expected: list[dict[str, Outcome]] = []
    for row in raw:
        so_far: dict[str, Outcome] = {}
        for each in drawn:
            so_far |= {name: means(row, so_far) for name, means in each.means.items()}
        expected.append(so_far)
    harmonized = rows.execute("SELECT * FROM tiny_responses ORDER BY person_id")
    columns = [str(column[0]) for column in harmonized.description or ()]
    came_out = [dict(zip(columns, row, strict=True)) for row in harmonized.fetchall()]
    for each in drawn:
        for name in each.means:
            found = [(row[name], row[f"{name}__why"]) for row in came_out]
            cells = [outcomes[name] for outcomes in expected]
            assert [(plain(value), why) for value, why in found] == [cell or (None, None) for cell in cells], each.text
            assert each.codes is None or all(value is None or value in each.codes for value, _ in found)
            failed = {finding.rule for finding in findings if finding.failed and finding.field == name}
            assert failed == ({"build.totality"} if None in cells else set()), each.text
    rows.close()


@st.composite
def worlds(draw: st.DrawFn, size: int) -> tuple[list[Drawn], list[dict[str, str | None]]]:
    drawn = draw(crosswalks(size))
    return drawn, draw(tables(drawn))


RELAXED = [HealthCheck.too_slow, HealthCheck.large_base_example, HealthCheck.data_too_large]


@settings(max_examples=40, deadline=None, suppress_health_check=RELAXED)
@given(worlds(6))
def test_every_cell_is_what_its_declaration_means(world: tuple[list[Drawn], list[dict[str, str | None]]]) -> None:
    judge(*world)


@pytest.mark.slow
@settings(max_examples=int(os.environ.get("PANELPRESS_EXAMPLES", "500")), deadline=None, suppress_health_check=RELAXED)
@given(worlds(20))
def test_every_cell_of_ten_thousand_declarations_is_what_they_mean(
    world: tuple[list[Drawn], list[dict[str, str | None]]],
) -> None:
    judge(*world)
