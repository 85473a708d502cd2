"""Shares, drift and counts judged on summaries: each fault is reported by its own check, and no summary stays in the database."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from panelpress.model.rules import Bounds, Listed, Rules, Thresholds
from panelpress.model.table import Field, Table
from panelpress.model.text import NO_TEXT
from panelpress.validation import summary
from summaries import check_summary
from worlds import tiny_edition

TABLE = "tiny_responses"


@pytest.fixture
def last(tmp_path: Path) -> Path:
    """The last release: the tiny edition's responses as Parquet."""
    _, rows = tiny_edition()
    (tmp_path / "data" / "parquet").mkdir(parents=True)
    rows.execute(f"COPY {TABLE} TO '{tmp_path / 'data' / 'parquet' / TABLE}.parquet'")
    return tmp_path


def failed(change: str = "", rules: Rules | None = None, last: Path | None = None) -> set[tuple[str, str, str | None]]:
    edition, rows = tiny_edition()
    if change:
        rows.execute(change)
    found = check_summary(rows, edition, rules, last)
    return {(each.rule, each.resource, each.field) for each in found if each.failed}


def test_a_sound_release_breaks_no_summary_check(last: Path) -> None:
    assert failed(last=last) == set()


def test_a_column_that_nobody_answered_is_reported_unless_it_is_listed() -> None:
    change = f"UPDATE {TABLE} SET trust = NULL, trust__why = 'refused' WHERE wave = 'a'"
    loose = Thresholds(missing=1)
    assert failed(change, Rules(thresholds=loose)) == {("summary.empty_column", TABLE, "trust, a")}
    listed = (Listed("trust", "a", "lost by the platform"),)
    assert failed(change, Rules(thresholds=loose, empty=listed)) == set()


def test_a_wave_that_did_not_ask_may_be_empty() -> None:
    edition, rows = tiny_edition()
    summary.build(rows, edition)
    assert rows.execute("SELECT n_valid, empty FROM gate.variable_summary WHERE variable = 'age' AND wave = 'b'").fetchall() == [
        (0, False)
    ]


def test_too_many_missing_answers_are_reported() -> None:
    assert failed(rules=Rules(thresholds=Thresholds(missing=0.3))) == {
        ("summary.missing_share", TABLE, "age, a"),
        ("summary.missing_share", TABLE, "trust, a"),
    }


def test_too_many_suppressed_answers_are_reported() -> None:
    assert failed(rules=Rules(thresholds=Thresholds(suppressed=0.2))) == {("summary.suppressed_share", TABLE, "country, b")}


def test_a_moved_share_of_missing_answers_is_drift(last: Path) -> None:
    change = f"UPDATE {TABLE} SET gender = NULL, gender__why = 'refused' WHERE person_id = 'p3'"
    quiet = Thresholds(tvd=1, psi=99)
    assert failed(change, Rules(thresholds=quiet), last) == {("summary.missing_drift", TABLE, "gender, a")}


def test_a_moved_distribution_is_drift_by_both_measures(last: Path) -> None:
    change = f"UPDATE {TABLE} SET trust = 3 WHERE wave = 'b'"
    assert failed(change, last=last) == {
        ("summary.distribution_drift", TABLE, "trust, b"),
        ("summary.stability_index", TABLE, "trust, b"),
    }


def test_numbers_are_compared_in_bins_of_the_last_release(last: Path) -> None:
    change = f"UPDATE {TABLE} SET age = age + 40 WHERE age IS NOT NULL"
    assert ("summary.distribution_drift", TABLE, "age, a") in failed(change, last=last)


def test_a_wave_without_responses_is_reported() -> None:
    assert ("summary.wave_present", "tiny", "b") in failed(f"DELETE FROM {TABLE} WHERE wave = 'b'")


def test_a_wave_of_the_wrong_size_is_reported() -> None:
    edition, rows = tiny_edition()
    study = edition.studies[0]
    waves = (replace(study.waves[0], expected=4), replace(study.waves[1], expected=4))
    found = check_summary(rows, replace(edition, studies=(replace(study, waves=waves),)))
    assert {(each.rule, each.field) for each in found if each.failed} == {("summary.expected_rows", "a")}


def test_lost_responses_are_drift(last: Path) -> None:
    assert ("summary.rows_drift", "tiny", "a") in failed(f"DELETE FROM {TABLE} WHERE person_id = 'p3'", last=last)


def test_a_panel_to_which_nobody_came_back_is_reported() -> None:
    change = f"UPDATE {TABLE} SET person_id = person_id || wave"
    assert failed(change) == {("summary.retention", "tiny", "b")}


def test_retention_is_held_to_declared_bounds() -> None:
    assert failed(rules=Rules(retention=(Bounds("b", 0.5, 0.7),))) == set()
    assert failed(rules=Rules(retention=(Bounds("b", 0.1, 0.5),))) == {("summary.retention", "tiny", "b")}


def test_a_published_count_below_its_minimum_cell_is_reported() -> None:
    edition, rows = tiny_edition()
    rows.execute("CREATE TABLE counts AS SELECT 'x' AS what, 29 AS n UNION ALL SELECT 'y', 0")
    table = Table("counts", "aggregate", NO_TEXT, NO_TEXT, (Field("what", "string", NO_TEXT), Field("n", "integer", NO_TEXT)), ())
    edition = replace(edition, tables=(*edition.tables, table))
    assert any(each.failed for each in check_summary(rows, edition, Rules(minimum_cells={"counts": 30})))
    assert not any(each.failed for each in check_summary(rows, edition, Rules(minimum_cells={"counts": 29})))


def test_no_summary_stays_in_the_database() -> None:
    edition, rows = tiny_edition()
    check_summary(rows, edition)
    assert rows.execute("SELECT count(*) FROM duckdb_databases() WHERE database_name = 'gate'").fetchall() == [(0,)]


def test_the_tools_own_pages_load_nothing_from_elsewhere_and_are_private(tmp_path: Path) -> None:
    edition, rows = tiny_edition()
    check_summary(rows, edition, docs=tmp_path / "docs")
    pages = sorted((tmp_path / "docs").glob("*.html"))
    assert [page.stem for page in pages] == ["variable_summary", "wave_summary"]
    for page in pages:
        text = page.read_text(encoding="utf-8")
        assert "http" not in text and "//cdn" not in text and "<script" not in text and "<img" not in text
        assert "p3" not in text
    assert (tmp_path / "docs").stat().st_mode & 0o077 == 0
