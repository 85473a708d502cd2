"""Closed questions are recognized in files of few rows too; what one person wrote is never named."""

from __future__ import annotations

from pathlib import Path

import pytest

from panelpress.raw.describe import Description, describe_file

GRID = ("Agree", "Disagree", "Neither")


def describe(tmp_path: Path, header: str, rows: list[str]) -> Description:
    path = tmp_path / "small.csv"
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return describe_file(path)


def codes(described: Description, column: str) -> list[str]:
    return [each.code for each in described.column(column).codes]


@pytest.fixture
def small(tmp_path: Path) -> Description:
    rows = [
        f"t{i},{GRID[i % 3]},{GRID[(i + 1) % 3]},{GRID[i % 2]},{i % 5 + 1},{20 + i},I left in my own words {i}" for i in range(8)
    ]
    return describe(tmp_path, "token,fair,safe,free,mood,years,why", rows)


def test_answers_that_come_back_under_other_questions_make_a_question_closed(small: Description) -> None:
    assert codes(small, "fair") == codes(small, "safe") == sorted(GRID)


def test_a_scale_in_a_small_file_is_closed_and_an_age_is_not(small: Description) -> None:
    assert codes(small, "mood") == ["1", "2", "3", "4", "5"]
    assert not small.column("years").closed


def test_what_people_wrote_themselves_stays_open_and_unnamed(small: Description) -> None:
    assert not small.column("why").closed
    assert small.roles["why"].role == "free_text"


def test_an_answer_of_one_person_is_counted_and_not_named(tmp_path: Path) -> None:
    described = describe(tmp_path, "token,city", [f"t{i},{'Neverland' if i == 5 else 'Riga'}" for i in range(12)])
    assert codes(described, "city") == ["Riga"]
    assert described.column("city").n_rare == 1


def test_in_a_large_file_a_code_needs_eleven_people_or_a_place_inside_the_scale(tmp_path: Path) -> None:
    rows = [f"t{i},{(1, 3, 5)[i % 3] if i > 4 else 4},{'Ost' if i < 5 else 'West'},{7 if i < 5 else i % 2}" for i in range(150)]
    described = describe(tmp_path, "token,mood,part,odd", rows)
    assert codes(described, "mood") == ["1", "3", "4", "5"]
    assert (codes(described, "part"), described.column("part").n_rare) == (["West"], 1)
    assert (codes(described, "odd"), described.column("odd").n_rare) == (["0", "1"], 1)


def test_a_negative_number_among_words_may_stand_for_no_answer(tmp_path: Path) -> None:
    described = describe(tmp_path, "token,fair", [f"t{i},{(-99, 'Agree', 'Disagree')[i % 3]}" for i in range(30)])
    assert described.column("fair").suspected_missing == ("-99",)
