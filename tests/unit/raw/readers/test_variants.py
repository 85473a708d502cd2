"""The same platforms as other settings, languages, years and hands write them."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pandas as pd
import pytest

from panelpress.raw.describe import describe_file
from panelpress.raw.readers import read_delivery
from platform_exports import (
    KOBO,
    KOBO_REPEAT,
    ODK,
    QUALTRICS,
    REDCAP_DICTIONARY,
    SURVEYMONKEY,
    write_text,
    write_workbook,
)

NAMES, TEXTS, IMPORTS, *RESPONSES = QUALTRICS.splitlines()
LEGACY = (
    "\ufeffV1,V2,V7,V8,Q1,Q2,\nResponseID,ResponseSet,Status,StartDate,Gender,Age,\n"
    "R_1,Default Response Set,0,2016-01-02 10:00:00,1,34,\nR_2,Default Response Set,1,2016-01-02 11:00:00,2,35,\n"
)


@pytest.mark.parametrize(
    ("rows", "text"),
    [
        ((NAMES, TEXTS), "Wie alt sind Sie?"),
        ((NAMES, IMPORTS), "Q2"),
        ((NAMES,), "Q2"),
    ],
    ids=["without import ids", "without texts", "names alone"],
)
def test_qualtrics_is_known_by_what_is_left_of_its_header(rows: tuple[str, ...], text: str, tmp_path: Path) -> None:
    table = read_delivery(write_text("\n".join([*rows, *RESPONSES]))(tmp_path / "a.csv"))
    assert table.platform == "qualtrics_csv"
    assert (table.rows_in, dict(table.refused)) == (5, {"survey_preview": 1})
    assert table.column("Q2").text == text
    assert next(each.code for each in table.repairs) == "header_row_absent"


def test_the_qualtrics_export_of_old_has_two_header_rows(tmp_path: Path) -> None:
    table = read_delivery(write_text(LEGACY)(tmp_path / "a.csv"))
    assert table.platform == "qualtrics_csv"
    assert table.data.columns == ["ResponseID", "ResponseSet", "Status", "StartDate", "Q1", "Q2"]
    assert (table.data["Q2"].to_list(), dict(table.refused), table.column("Q1").text) == (["34"], {"survey_preview": 1}, "Gender")


def test_a_plain_table_with_start_end_and_status_is_no_qualtrics_export(tmp_path: Path) -> None:
    path = write_text("id,StartDate,EndDate,Status\n1,2024-01-01,2024-01-02,1\n2,2024-01-01,2024-01-02,2\n")(tmp_path / "a.csv")
    table = read_delivery(path)
    assert (table.platform, table.data.height) == ("plain_csv", 2)


def test_previews_are_known_in_the_language_of_the_export(tmp_path: Path) -> None:
    german = QUALTRICS.replace("11:00:00,1,1,R_2", "11:00:00,Umfragevorschau,1,R_2")
    assert dict(read_delivery(write_text(german)(tmp_path / "a.csv")).refused) == {"survey_preview": 1}


def test_a_surveymonkey_workbook_whose_first_header_row_ends_blank_is_known(tmp_path: Path) -> None:
    rows = [line.split(",") for line in SURVEYMONKEY.splitlines()]
    rows = [[*row, ""] for row in rows]
    rows[1][-1] = "Second remark"
    table = read_delivery(write_workbook({"Sheet": [list(row) for row in rows]})(tmp_path / "a.xlsx"))
    assert table.platform == "surveymonkey_xlsx"
    assert table.data.columns[-1] == "Anything else? [Second remark]"
    assert table.data.height == 5


def test_a_ticked_option_of_surveymonkey_is_labelled_by_its_header(tmp_path: Path) -> None:
    table = read_delivery(write_text(SURVEYMONKEY)(tmp_path / "a.csv"))
    assert table.column("Which do you use? [Press]").values == {"Press": "Press"}
    assert table.column("Anything else?").values == {}


LIME = [["Antwort ID", "Datum Abgeschickt", "Letzte Seite", "Start-Sprache", "Ihr Geschlecht?"]]


@pytest.mark.parametrize("name", ["a.csv", "a.xlsx"])
def test_limesurvey_is_known_in_other_languages_and_as_a_workbook(name: str, tmp_path: Path) -> None:
    rows = [*LIME, *([str(i), "2024-01-02 10:00:00", "3", "de", ("weiblich", "männlich")[i % 2]] for i in range(6))]
    write = (
        write_workbook({"T": [list(row) for row in rows]}) if name.endswith("x") else write_text("\n".join(map(";".join, rows)))
    )
    described = describe_file(write(tmp_path / name))
    assert described.platform.startswith("limesurvey_")
    assert described.roles["Letzte Seite"].role == "paradata" and described.id_column == "Antwort ID"


@pytest.mark.parametrize(
    ("header", "stamp", "iso"),
    [
        ("Отметка времени", "05.04.2023 9:08:07", "2023-04-05T09:08:07"),
        ("Horodateur", "05/04/2023 09:08:07", "2023-04-05T09:08:07"),
        ("Timestamp", "4/25/2023 9:08:07", "2023-04-25T09:08:07"),
        ("Timestamp", "4/5/2023 9:08:07", "4/5/2023 9:08:07"),
    ],
)
def test_only_english_time_stamps_with_slashes_can_be_ambiguous(header: str, stamp: str, iso: str, tmp_path: Path) -> None:
    table = read_delivery(write_text(f"{header},q1\n{stamp},a\n{stamp},b\n")(tmp_path / "a.csv"))
    assert table.data.to_series(0).to_list() == [iso, iso]


def test_photos_in_an_archive_are_counted_and_not_opened(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("form.csv", ODK)
        archive.writestr("media/one.jpg", b"\xff\xd8")
        archive.writestr("media/two.m4a", b"....")
    table = read_delivery(tmp_path / "a.zip")
    assert table.data.height == 5
    assert [(each.code, each.n) for each in table.repairs] == [("attachment", 2)]


def test_a_dictionary_given_beside_a_table_tells_its_platform(tmp_path: Path) -> None:
    records = write_text("study_no,sex,uses___1\na,1,1\nb,2,0\n")(tmp_path / "a.csv")
    table = read_delivery(records, companions=(write_text(REDCAP_DICTIONARY)(tmp_path / "d.csv"),))
    assert (table.platform, table.column("sex").values["1"]) == ("redcap_csv", "Male")


def test_redcap_labels_are_matched_to_the_dictionary(tmp_path: Path) -> None:
    text = "Record ID,Event Name,Sex,Which do you use? (choice=Press)\n1,One,Male,Checked\n2,One,Female,Unchecked\n"
    path, dictionary = write_text(text)(tmp_path / "a.csv"), write_text(REDCAP_DICTIONARY)(tmp_path / "d.csv")
    table = read_delivery(path, companions=(dictionary,))
    assert dict(table.column("Sex").values) == {"Male": "Male", "Female, or other": "Female, or other"}
    box = table.column("Which do you use? (choice=Press)")
    assert (box.text, dict(box.values)) == ("Which do you use? [Press]", {"Checked": "Checked", "Unchecked": "Unchecked"})


FORM = {
    "survey": [
        ["type", "name", "label"],
        ["select_one yn", "well", "Are you well?"],
        ["select_multiple m", "uses", "Which media?"],
    ],
    "choices": [["list_name", "name", "label"], ["yn", "1", "Yes"], ["yn", "0", "No"], ["m", "radio", "Radio"]],
}


@pytest.mark.parametrize(
    ("header", "cells", "values"),
    [("g/well", "1;0", {"1": "Yes", "0": "No"}), ("Are you well?", "Yes;No", {"Yes": "Yes", "No": "No"})],
)
def test_kobo_labels_are_matched_to_the_form(header: str, cells: str, values: dict[str, str], tmp_path: Path) -> None:
    one, other = cells.split(";")
    text = f"{header};Which media?/Radio;_id;_uuid;_submission_time\n{one};1;1;a;2024-01-01\n{other};0;2;b;2024-01-01\n"
    form = write_workbook({name: [list(row) for row in rows] for name, rows in FORM.items()})(tmp_path / "form.xlsx")
    table = read_delivery(write_text(text)(tmp_path / "a.csv"), companions=(form,))
    assert dict(table.column(header).values) == values
    assert table.column("Which media?/Radio").text == "Which media? [Radio]"


def test_an_age_is_no_id_though_every_one_is_another(tmp_path: Path) -> None:
    rows = "\n".join(f"{i // 2},{('a', 'b')[i % 2]},{20 + i}" for i in range(30))
    described = describe_file(write_text(f"record_id,redcap_event_name,age\n{rows}\n")(tmp_path / "a.csv"))
    assert described.id_column == "record_id", "of several events none has an id of its own, so the repeating one is named"


def test_repeat_groups_of_an_archive_are_read_with_their_counts(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("f.csv", KOBO)
        archive.writestr("f-member.csv", KOBO_REPEAT)
    assert describe_file(tmp_path / "a.zip").children["member"].rows == 3


def test_months_quarters_and_weeks_of_stata_are_written_out(tmp_path: Path) -> None:
    first = pd.Timestamp("2023-05-01")
    frame = pd.DataFrame({"id": [1, 2], **{name: [first, pd.NaT] for name in ("month", "quarter", "half", "week")}})
    formats = {"month": "tm", "quarter": "tq", "half": "th", "week": "tw"}
    frame.to_stata(tmp_path / "a.dta", convert_dates=formats, write_index=False)
    table = read_delivery(tmp_path / "a.dta")
    assert table.data.row(0) == ("1", "2023-05", "2023-Q2", "2023-H1", "2023-W18")
    assert table.data.row(1) == ("2", None, None, None, None)
