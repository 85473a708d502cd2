"""Exports of real surveys give the counts that are known of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from panelpress.raw.readers import read_delivery

RSE = {
    "2016/uk": (273, 67),
    "2017/can": (110, 62),
    "2017/de": (325, 248),
    "2017/nl": (77, 131),
    "2017/uk": (253, 245),
    "2017/us": (164, 242),
    "2017/zaf": (22, 277),
    "2018": (997, 707),
}


def test_the_qualtrics_tutorial_has_25_responses_of_which_21_consented(shared_data: Path) -> None:
    table = read_delivery(shared_data / "qualtrics" / "ldi_tutorial.csv")
    assert (table.platform, table.rows_in, dict(table.refused)) == ("qualtrics_csv", 25, {"survey_preview": 2})
    assert table.data["consent"].value_counts(sort=True).rows() == [("Yes", 21), ("No", 2)]


def test_a_german_second_header_row_is_still_qualtrics(shared_data: Path) -> None:
    table = read_delivery(shared_data / "qualtrics" / "qualtrics_german_second_header.csv")
    assert (table.platform, table.data.shape) == ("qualtrics_csv", (1, 20))
    assert table.column("StartDate").text == "Anfangsdatum"


@pytest.mark.parametrize("edition", RSE)
def test_research_software_surveys_have_their_known_size(edition: str, shared_data: Path) -> None:
    table = read_delivery(shared_data / "rse" / "analysis" / edition / "data" / "public_data.csv")
    assert table.platform == "limesurvey_csv"
    assert (table.rows_in, len(table.columns)) == RSE[edition] == table.data.shape


def test_2721_invisible_characters_of_2018_are_removed_and_counted(shared_data: Path) -> None:
    table = read_delivery(shared_data / "rse" / "analysis" / "2018" / "data" / "public_data.csv")
    assert [each.n for each in table.repairs if each.code == "invisible_character"] == [2721]
    top = table.data["socio1"].value_counts(sort=True).head(3).rows()
    assert [n for _, n in top] == [333, 237, 147]


def test_the_long_panel_has_28534_rows_of_4711_women(shared_data: Path) -> None:
    table = read_delivery(shared_data / "nlswork" / "nlswork.csv")
    assert (table.rows_in, table.data["idcode"].n_unique()) == (28534, 4711)


def test_star_wars_has_1186_responses_under_two_header_rows(shared_data: Path) -> None:
    table = read_delivery(shared_data / "surveymonkey" / "StarWars.csv")
    assert (table.platform, table.data.shape, table.rows_in) == ("surveymonkey_csv", (1186, 38), 1186)
    assert [each.n for each in table.repairs if each.code == "carried_header"] == [23]
    assert dict(table.data["Gender"].value_counts().iter_rows()) == {"Female": 549, "Male": 497, None: 140}
    assert dict(table.data.to_series(1).value_counts().iter_rows()) == {"Yes": 936, "No": 250}
    assert table.encoding == "windows-1252"


def test_a_real_structure_file_describes_a_real_export(shared_data: Path) -> None:
    structure = shared_data / "rse" / "survey_creation" / "2017" / "us" / "templates" / "uk_core_survey.lss"
    export = shared_data / "rse" / "analysis" / "2017" / "us" / "data" / "public_data.csv"
    table = read_delivery(export, companions=[structure])
    assert (table.label, table.column("socio1").text) == ("UK-RSE Survey", "In which country do you work?")
