"""Each platform's export is recognized by its content and read as the platform meant it."""

from __future__ import annotations

from pathlib import Path

import pytest

from panelpress.errors import DeliveryError, UsageError
from panelpress.raw.readers import PLATFORMS, detect, read_delivery
from platform_exports import EXPORTS, GOOGLE, QUALTRICS, write_google_workbook, write_spss, write_text


@pytest.mark.parametrize("platform", EXPORTS)
def test_the_content_decides_whatever_the_file_is_called(platform: str, tmp_path: Path) -> None:
    path = EXPORTS[platform](tmp_path / "delivery.bin")
    assert detect(path) == platform
    table = read_delivery(path, platform)
    assert table.platform == platform
    assert table.rows_in == 5 == table.data.height + sum(table.refused.values())
    assert [column.name for column in table.columns] == table.data.columns


def test_qualtrics_previews_are_refused_and_counted(tmp_path: Path) -> None:
    table = read_delivery(write_text(QUALTRICS)(tmp_path / "a.csv"))
    assert table.refused == {"survey_preview": 1}
    assert table.data["ResponseId"].to_list() == ["R_1", "R_3", "R_4", "R_5"]
    assert table.column("Q1").text == "Waren Sie, im letzten Jahr, verreist?"
    assert [each.line for each in table.repairs if each.code == "survey_preview"] == [5]


def test_limesurvey_headers_split_into_code_and_text(tmp_path: Path) -> None:
    table = read_delivery(EXPORTS["limesurvey_csv"](tmp_path / "a.csv"))
    assert table.data.columns == ["id", "submitdate", "G01Q01", "G01Q02[SQ001]"]
    assert table.column("G01Q02[SQ001]").text == "Which one? [Radio]"
    assert table.data["G01Q02[SQ001]"].to_list() == ["Y", None, "Y", "Y", None]
    assert table.encoding == "utf-8 with byte order mark"


@pytest.mark.parametrize(
    "header", ['"id";"submitdate";"lastpage";"G01Q01"', '"Response ID";"Date submitted";"Last page";"Where?"']
)
def test_limesurvey_headers_of_codes_or_of_texts_alone_are_recognized(header: str, tmp_path: Path) -> None:
    path = write_text(f'{header}\n"1";"2024-01-02 10:00:00";"3";"A1"\n')(tmp_path / "a.csv")
    assert detect(path) == "limesurvey_csv"


def test_google_time_stamps_become_iso(tmp_path: Path) -> None:
    table = read_delivery(write_text(GOOGLE)(tmp_path / "a.csv"))
    assert table.data["Timestamp"].to_list()[:2] == ["2023-05-17T10:11:12+03:00", "2023-05-17T13:00:00+03:00"]
    assert table.data["Timestamp"].to_list()[4] == "2023-05-19T00:05:00+03:00"


def test_google_time_stamps_whose_day_and_month_may_be_swapped_stay_as_written(tmp_path: Path) -> None:
    path = write_text("Timestamp,Age\n5/7/2023 10:11:12,34\n6/7/2023 10:11:12,35\n")(tmp_path / "a.csv")
    table = read_delivery(path)
    assert table.data["Timestamp"].to_list() == ["5/7/2023 10:11:12", "6/7/2023 10:11:12"]
    assert [each.code for each in table.repairs] == ["ambiguous_date"]


def test_a_google_workbook_gives_whole_numbers_and_iso_times(tmp_path: Path) -> None:
    table = read_delivery(write_google_workbook(tmp_path / "a.xlsx"))
    assert table.platform == "google_forms_xlsx"
    assert table.data["How old are you?"].to_list() == ["34", "35", "41", "29", "50"]
    assert table.data["Timestamp"][0] == "2023-03-16T12:00:00"


@pytest.mark.parametrize("compressed", [False, True])
def test_spss_keeps_user_missing_codes_in_the_cells(compressed: bool, tmp_path: Path) -> None:
    table = read_delivery(write_spss(tmp_path / "a", compressed))
    assert table.data["q1"].to_list() == ["1", "2", "9", "1", None]
    assert table.column("q1").values == {"1": "yes", "2": "no", "9": "refused"}
    assert table.column("q1").missing == ("9",)
    assert table.data["income"].to_list() == ["10.5", "20", "-1", "30", "40.25"]
    assert table.column("income").missing_ranges == (("-9", "-1"),)


def test_stata_extended_missing_values_keep_their_letters(tmp_path: Path) -> None:
    table = read_delivery(EXPORTS["stata_dta"](tmp_path / "a"))
    assert table.data["q1"].to_list() == ["1", "2", ".a", "1", None]
    assert table.column("q1").missing == (".a",)
    assert table.column("q1").values[".a"] == "refused"


def test_parquet_numbers_lose_their_point_zero(tmp_path: Path) -> None:
    table = read_delivery(EXPORTS["plain_parquet"](tmp_path / "a"))
    assert table.data["weight"].to_list() == ["1", "2.5", None, "4", "5"]
    assert table.data["q1"].to_list() == ["x", None, "y", "x", "y"]


def test_padded_ids_of_a_plain_table_stay_text(tmp_path: Path) -> None:
    table = read_delivery(EXPORTS["plain_csv"](tmp_path / "a"))
    assert table.data["id"].to_list() == ["0007", "0008", "0009", "0010", "0011"]


def test_a_file_announced_as_another_platform_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DeliveryError, match="announced as qualtrics, but its content is plain_csv"):
        read_delivery(EXPORTS["plain_csv"](tmp_path / "a.csv"), "qualtrics")
    with pytest.raises(UsageError, match="not known"):
        read_delivery(EXPORTS["plain_csv"](tmp_path / "a.csv"), "typewriter")
    assert "qualtrics_csv" in PLATFORMS
