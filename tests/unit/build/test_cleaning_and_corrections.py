"""Corrections of single cells and exclusion of rows before the crosswalk: what they do, and when they stop the build."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest
from crosswalk_world import put

from panelpress.build.cleaning import clean
from panelpress.build.corrections import correct
from panelpress.build.load import connect
from panelpress.errors import BuildRefused, DeclarationError
from panelpress.model.cleaning import CleaningRule, Correction
from panelpress.model.text import LocalText
from panelpress.paths import Places
from panelpress.schemas.cleaning import load_corrections
from worlds import STUDY

WHY = LocalText({"en": "A reason."})
SEEN = [
    {"person_id": "p1", "record_id": "record-1", "age": "30", "took": "600", "q1": "1", "q2": "2"},
    {"person_id": "p1", "record_id": "record-2", "age": "31", "took": "700", "q1": "2", "q2": "1"},
    {"person_id": "p2", "record_id": "record-3", "age": "40", "took": "20", "q1": "3", "q2": "4"},
    {"person_id": "p3", "record_id": "record-4", "age": None, "took": "500", "q1": "5", "q2": "5"},
]


def raw(rows: list[dict[str, str | None]] = SEEN) -> duckdb.DuckDBPyConnection:
    connection = connect(":memory:")
    put(connection, "tiny_a", rows)
    return connection


def correction(**changes: str | None) -> Correction:
    given = {"record": "record-1", "column": "age", "expect": "30", "value": "33"} | changes
    return Correction(id="typo", study="tiny", wave="a", reason=WHY, source="a letter", declared_in="c.yaml:3", **given)  # type: ignore[arg-type]


def rule(kind: str, **more: object) -> CleaningRule:
    return CleaningRule(
        id=f"rule_{kind}", study="tiny", waves=("a",), kind=kind, reason=WHY, declared_in="cleaning.yaml:3", **more
    )  # type: ignore[arg-type]


def records(rows: duckdb.DuckDBPyConnection) -> list[str]:
    return [str(row[0]) for row in rows.execute("SELECT record_id FROM raw.tiny_a ORDER BY 1").fetchall()]


def test_a_correction_changes_one_cell_and_is_counted() -> None:
    rows = raw()
    (applied,) = correct(rows, STUDY, "a", [correction()])
    assert (applied.rule, applied.n) == ("typo", 1)
    assert rows.execute("SELECT age FROM raw.tiny_a ORDER BY record_id").fetchall() == [("33",), ("31",), ("40",), (None,)]


def test_a_blank_cell_can_be_expected_and_set() -> None:
    rows = raw()
    correct(rows, STUDY, "a", [correction(record="record-4", expect=None, value="50"), correction(value=None)])
    assert rows.execute("SELECT age FROM raw.tiny_a ORDER BY record_id").fetchall() == [(None,), ("31",), ("40",), ("50",)]


def test_an_expectation_that_no_longer_holds_stops_the_build_without_naming_the_record() -> None:
    with pytest.raises(BuildRefused) as stopped:
        correct(raw(), STUDY, "a", [correction(expect="29")])
    assert (stopped.value.where, stopped.value.what, stopped.value.todo) == (
        "c.yaml:3",
        "correction `typo` no longer finds what it expects in `age` of wave a.",
        "The delivery may have been mended; look at the record and drop or renew the correction.",
    )


@pytest.mark.parametrize(("given", "n"), [("record-9", 0), ("record-1", 2)])
def test_a_correction_that_finds_no_record_or_two_stops_the_build(given: str, n: int) -> None:
    rows = raw([*SEEN, SEEN[0]] if n == 2 else SEEN)
    with pytest.raises(BuildRefused) as stopped:
        correct(rows, STUDY, "a", [correction(record=given)])
    assert (stopped.value.where, stopped.value.what, stopped.value.todo) == (
        "c.yaml:3",
        f"correction `typo` matches {n} records of wave a.",
        "A re-delivery or cleaning may have removed the record; drop or renew the correction.",
    )


def test_a_correction_of_a_column_that_is_not_there_stops_the_build() -> None:
    with pytest.raises(BuildRefused) as stopped:
        correct(raw(), STUDY, "a", [correction(column="ages")])
    assert (stopped.value.what, stopped.value.todo) == (
        "correction `typo` changes `ages`, which a lacks.",
        "Correct the name.",
    )


def test_each_rule_of_cleaning_takes_what_it_says_and_the_counts_add_up() -> None:
    rows = raw()
    steps = clean(
        rows,
        STUDY,
        "a",
        [
            rule("drop", where="age = 40 AND q1 = 9", columns=("age", "q1")),
            rule("duplicates", order_by=("age",), keep="last"),
            rule("speeders", columns=("took",), below="60"),
            rule("straight_lining", columns=("q1", "q2"), at_least=2),
        ],
    )
    assert [(step.n_in, step.n_excluded) for step in steps] == [(4, 0), (4, 1), (3, 1), (2, 1)]
    assert records(rows) == ["record-2"]


def test_an_unknown_answer_excludes_nobody() -> None:
    rows = raw()
    clean(rows, STUDY, "a", [rule("drop", where="age < 35", columns=("age",))])
    assert records(rows) == ["record-3", "record-4"]


def test_a_rule_that_reads_a_dropped_column_stops_the_build() -> None:
    with pytest.raises(BuildRefused) as stopped:
        clean(raw(), STUDY, "a", [rule("speeders", columns=("duration",), below="60")])
    assert (stopped.value.where, stopped.value.what, stopped.value.todo) == (
        "cleaning.yaml:3",
        "the rule `rule_speeders` reads `duration`, which wave a does not have after intake.",
        "Give the column a role that is kept (plain), or correct the name.",
    )


CORRECTIONS = """spec: panel-corrections/0.1
corrections:
- {id: typo, study: tiny, wave: a, record: record-1, column: age, expect: 30, set: 33, reason: {en: Typing error.}, source: a letter}
- {id: other, study: tiny, wave: a, record: record-3, column: age, expect: 40, set: null, reason: {en: Withdrawn.}, source: a letter}
"""


@pytest.mark.parametrize(
    ("old", "new", "where", "what", "todo"),
    [
        ("id: other", "id: typo", "corrections/c.yaml:4", "the rule `typo` stands twice.", "Rename one of them."),
        (
            "expect: 30, ",
            "",
            "corrections/c.yaml:3",
            "corrections › typo lacks `expect`.",
            "Add it: what stands there now; if it no longer does, the build stops",
        ),
        ("source: a letter", "", "corrections/c.yaml:3", "corrections › typo lacks `source`.", "Add it: who said so, and when"),
        (
            "column: age",
            "colum: age",
            "corrections/c.yaml:3",
            "corrections › typo has the key `colum`, which the language does not know.",
            "Did you mean `column`?",
        ),
    ],
)
def test_a_broken_correction_is_refused(tmp_path: Path, old: str, new: str, where: str, what: str, todo: str) -> None:
    (tmp_path / "work" / "corrections").mkdir(parents=True)
    text = CORRECTIONS.replace(old, new, 1).replace("Typing error.}, }", "Typing error.}}")
    (tmp_path / "work" / "corrections" / "c.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(DeclarationError) as refused:
        load_corrections(Places(tmp_path, tmp_path / "work"))
    assert (refused.value.where, refused.value.what) == (where, what)
    assert refused.value.todo.startswith(todo)
