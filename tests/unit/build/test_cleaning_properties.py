"""Whatever rules of cleaning and corrections are declared: exactly the rows that they mean go, each counted once, in their order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from crosswalk_world import put
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from panelpress.build.cleaning import clean
from panelpress.build.corrections import correct
from panelpress.build.load import connect
from panelpress.errors import BuildRefused
from panelpress.model.cleaning import CleaningRule, Correction
from panelpress.model.text import LocalText
from worlds import STUDY

WHY = LocalText({"en": "A reason."})
Row = dict[str, str | None]
ITEMS = ("q1", "q2", "q3")
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "person_id": st.sampled_from(["p1", "p2", "p3", "p4"]),
            "status": st.sampled_from(["test", "done", None]),
            "left_on": st.sampled_from(["2022-02-23", "2022-02-24", "2022-03-01", None]),
            "took": st.sampled_from(["10", "59.5", "60", "600", "quick", None]),
            "ended": st.sampled_from(["2022-03-01", "2022-03-02", None]),
            **{item: st.sampled_from(["1", "2", None]) for item in ITEMS},
        }
    ),
    min_size=1,
    max_size=10,
)
RULES = {
    "previews": {"kind": "drop", "columns": ("status",), "where": "status = 'test'"},
    "not_eligible": {"kind": "drop", "columns": ("left_on",), "where": "left_on IN ('2022-02-23') OR left_on IS NULL"},
    "fast": {"kind": "speeders", "columns": ("took",), "below": "60"},
    "same": {"kind": "straight_lining", "columns": ITEMS, "at_least": 2},
    "last": {"kind": "duplicates", "order_by": ("ended",), "keep": "last"},
    "first": {"kind": "duplicates", "order_by": ("ended",), "keep": "first"},
}


def rule(name: str) -> CleaningRule:
    return CleaningRule(id=name, study="tiny", waves=("a",), reason=WHY, declared_in="cleaning.yaml:3", **RULES[name])  # type: ignore[arg-type]


def kept(name: str, rows: Sequence[Row]) -> list[Row]:
    """The rows that the rule leaves, by what it means."""
    if name == "previews":
        return [row for row in rows if row["status"] != "test"]
    if name == "not_eligible":
        return [row for row in rows if row["left_on"] not in ("2022-02-23", None)]
    if name == "fast":
        return [row for row in rows if row["took"] not in ("10", "59.5")]
    if name == "same":
        given = [[row[item] for item in ITEMS if row[item] is not None] for row in rows]
        return [row for row, answers in zip(rows, given, strict=True) if not (len(answers) >= 2 and len(set(answers)) == 1)]
    chosen: dict[Any, Row] = {}
    for row in sorted(rows, key=lambda each: str(each["record_id"]), reverse=True):
        best = chosen.get(row["person_id"])
        if best is None or _before(name, row["ended"], best["ended"]):
            chosen[row["person_id"]] = row
    return [row for row in rows if chosen[row["person_id"]] is row]


def _before(name: str, day: str | None, best: str | None) -> bool:
    """Whether a row of that day is preferred to the best so far, ties included: rows come in falling order of record."""
    if day is None or best is None:
        return best is None
    return day >= best if name == "last" else day <= best


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(ROWS, st.lists(st.sampled_from(sorted(RULES)), max_size=4, unique=True))
def test_cleaning_takes_the_rows_that_its_rules_mean_and_counts_each_once(given_rows: list[Row], names: list[str]) -> None:
    raw = [{**row, "record_id": f"r{n:02}"} for n, row in enumerate(given_rows)]
    rows = connect(":memory:")
    put(rows, "tiny_a", raw)
    steps = clean(rows, STUDY, "a", [rule(name) for name in names])
    left, counts = list(raw), []
    for name in names:
        before, left = left, kept(name, left)
        counts.append((name, len(before), len(before) - len(left)))
    found = rows.execute("SELECT record_id FROM raw.tiny_a ORDER BY record_id").fetchall()
    assert [record for (record,) in found] == [row["record_id"] for row in left]
    assert [(step.rule, step.n_in, step.n_excluded) for step in steps] == counts
    rows.close()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(ROWS, st.integers(0, 9), st.sampled_from(["1", "2", None]), st.sampled_from(["1", "9", None]))
def test_a_correction_sets_its_cell_alone_or_stops_the_build(
    given_rows: list[Row], at: int, expect: str | None, new: str | None
) -> None:
    raw = [{**row, "record_id": f"r{n:02}"} for n, row in enumerate(given_rows)]
    rows = connect(":memory:")
    put(rows, "tiny_a", raw)
    one = Correction("fix", "tiny", "a", f"r{at:02}", "q1", expect, new, WHY, "a letter", "c.yaml:3")
    holds = at < len(raw) and raw[at]["q1"] == expect
    if holds:
        (applied,) = correct(rows, STUDY, "a", [one])
        assert applied.n == 1
        raw[at]["q1"] = new
    else:
        with pytest.raises(BuildRefused) as stopped:
            correct(rows, STUDY, "a", [one])
        assert f"r{at:02}" not in str(stopped.value)
    columns = ", ".join(raw[0])
    found = rows.execute(f"SELECT {columns} FROM raw.tiny_a ORDER BY record_id").fetchall()
    assert [dict(zip(raw[0], row, strict=True)) for row in found] == raw
    rows.close()
