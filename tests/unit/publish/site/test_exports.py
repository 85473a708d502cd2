"""Rows of a page as CSV say whether they hold codes or labels and where they were cut; a missing value shows its reason."""

from __future__ import annotations

import csv
import io
import sqlite3
from typing import Any

import pytest

from panelpress.paths import Places
from panelpress.publish.site.exports import file_name
from panelpress.publish.site.frequencies import frequencies
from panelpress.publish.site.hints import meant
from panelpress.publish.site.library import read_library
from panelpress.publish.site.shelf import read_shelf
from panelpress.publish.tables.views.sample_sql import sample_view
from releasing import project, release
from served_world import answers, opened


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Places:
    places = project(tmp_path_factory.mktemp("exports"))
    release(places, "0.1.0")
    return places


def rows(answer: Any) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(answer.text)))


def test_labels_come_in_the_language_of_the_page_and_a_missing_value_is_its_reason(published: Places) -> None:
    asked = "v0-1-0/tiny_responses.labels?_size=max"
    english, russian = answers(opened(published), f"/{asked}", f"/ru/{asked}")
    assert {row["gender"] for row in rows(english)} >= {"Woman", "Man"} and "[" in english.text
    assert {"Женщина", "Мужчина"} <= {row["gender"] for row in rows(russian)}
    assert "gender__why" not in rows(english)[0]
    assert all(row[name] for row in rows(english) for name in ("gender", "trust", "country"))
    assert 'filename="tiny_responses-0.1.0-labels.csv"' in english.headers["content-disposition"]


def test_codes_keep_both_columns(published: Places) -> None:
    (answer,) = answers(opened(published), "/v0-1-0/tiny_responses.codes?_size=max")
    assert len(rows(answer)) == 7
    assert {row["trust__why"] for row in rows(answer) if not row["trust"]} == {"refused"}


def test_the_name_of_a_file_says_where_it_was_cut() -> None:
    assert file_name("answers", "0.1.0", "codes", 2000, 2000) == "answers-0.1.0-codes-cut-at-2000.csv"
    assert file_name("answers", "0.1.0", "labels", 1999, 2000) == "answers-0.1.0-labels.csv"


COLUMNS = ("person_id", "wave", "trust")
ANSWERS = [("p1", "a", 3), ("p1", "b", 2), ("p2", "a", None), ("p3", "b", 1)]


@pytest.mark.parametrize(
    ("rule", "unit", "found"),
    [
        ("trust >= 2", "response", {("p1", "a"), ("p1", "b")}),
        ("trust >= 2", "person", {("p1", "b")}),
        ("n_waves() >= 2", "response", {("p1", "a"), ("p1", "b")}),
        ("in_wave('a') AND in_wave('b')", "response", {("p1", "a"), ("p1", "b")}),
        ("in_wave('a')", "person", {("p1", "b"), ("p2", "a")}),
        (None, "person", {("p1", "b"), ("p2", "a"), ("p3", "b")}),
        (None, "response", {(person, wave) for person, wave, _ in ANSWERS}),
    ],
)
def test_a_named_sample_is_a_view_of_its_responses_or_of_each_person_once(rule: str | None, unit: str, found: set[Any]) -> None:
    database = sqlite3.connect(":memory:")
    database.execute("CREATE TABLE answers (person_id TEXT, wave TEXT, trust INTEGER)")
    database.executemany("INSERT INTO answers VALUES (?, ?, ?)", ANSWERS)
    query = sample_view({"rule": rule, "unit": unit}, "answers", COLUMNS, ["a", "b"])
    assert query is not None
    assert {row[:2] for row in database.execute(query)} == found


def test_a_sample_over_a_variable_that_is_not_open_has_no_view() -> None:
    assert sample_view({"rule": "secret = 1", "unit": "response"}, "answers", COLUMNS, ["a"]) is None


def test_a_mistyped_name_is_answered_with_the_nearest(published: Places) -> None:
    book = read_library(read_shelf(published.releases), published.site_cache).books[0]
    assert meant(book, "no such column: trusts")[0] == ("trust", "/codebook/0.1.0/trust/")
    assert meant(book, "no such table: tiny_response")[0] == ("tiny_responses", "/v0-1-0/tiny_responses")
    assert meant(book, "syntax error") == []


def test_an_answer_that_nobody_gave_keeps_its_line_and_reasons_stand_apart() -> None:
    answers = [{"code": "1", "label_en": "No"}, {"code": "2", "label_en": "Yes"}]
    counted = [
        {"kind": "value", "position": 1, "code": "1", "wave": "b", "n": 4, "label_en": "No"},
        {"kind": "reason", "position": 1, "code": "refused", "wave": "b", "n": 2, "label_en": "Refused"},
    ]
    found = frequencies(answers, counted, ["a", "b"])
    assert found.waves == ["b"]
    assert [(line.code, line.label("en"), dict(line.counts)) for line in found.values] == [
        ("1", "No", {"b": 4}),
        ("2", "Yes", {}),
    ]
    assert [line.code for line in found.reasons] == ["refused"]
