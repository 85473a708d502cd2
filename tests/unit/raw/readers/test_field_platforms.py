"""SurveyMonkey, KoboToolbox, ODK, REDCap, SAS, portable SPSS files and LimeSurvey archives."""

from __future__ import annotations

import zipfile
from pathlib import Path

import polars as pl
import pyreadstat
import pytest

from panelpress.errors import DeliveryError, UsageError
from panelpress.raw.readers import detect, read_delivery
from platform_exports import (
    EXPORTS,
    KOBO,
    KOBO_REPEAT,
    LIMESURVEY,
    ODK,
    REDCAP,
    REDCAP_DICTIONARY,
    REDCAP_REPEATS,
    write_lsa,
    write_portable,
    write_sas,
    write_text,
    write_workbook,
)

FORM: dict[str, list[list[object]]] = {
    "survey": [
        ["type", "name", "label::English (en)"],
        ["integer", "age", "How old are you?"],
        ["select_multiple media", "uses", "Which do you use?"],
    ],
    "choices": [["list_name", "name", "label::English (en)"], ["media", "radio", "Radio"], ["media", "press", "Newspapers"]],
}


def test_surveymonkey_blank_headers_carry_the_question_over(tmp_path: Path) -> None:
    table = read_delivery(EXPORTS["surveymonkey_csv"](tmp_path / "a"))
    assert table.data.columns[2:] == [
        "Which do you use? [Radio]", "Which do you use? [Press]", "Which do you use? [None of these]", "Gender", "Anything else?",
    ]  # fmt: skip
    assert [(each.code, each.n) for each in table.repairs] == [("carried_header", 2)]
    assert table.data["Gender"].to_list() == ["Female", "Male", None, "Female", "Male"]


def test_a_repeat_group_becomes_a_child_table_and_its_orphans_are_counted(tmp_path: Path) -> None:
    main, repeat = write_text(KOBO)(tmp_path / "a.csv"), write_text(KOBO_REPEAT)(tmp_path / "members.csv")
    table = read_delivery(main, companions=[repeat])
    assert table.children["members"].data["member/age"].to_list() == ["3", "5", "7"]
    assert [(each.code, each.n) for each in table.repairs] == [("orphan_row", 1)]


def test_a_repeat_group_alone_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DeliveryError, match="repeat group"):
        read_delivery(write_text(KOBO_REPEAT)(tmp_path / "members.csv"))


def test_an_xlsform_adds_texts_and_labels(tmp_path: Path) -> None:
    table = read_delivery(write_text(KOBO)(tmp_path / "a.csv"), companions=[write_workbook(FORM)(tmp_path / "form.xlsx")])
    assert table.column("g1/age").text == "How old are you?"
    assert table.column("g1/uses/press").text == "Which do you use? [Newspapers]"
    assert table.column("g1/uses/press").values == {"1": "chosen", "0": "not chosen"}


def test_a_form_alone_holds_no_responses(tmp_path: Path) -> None:
    with pytest.raises(DeliveryError, match="XLSForm"):
        detect(write_workbook(FORM)(tmp_path / "form.xlsx"))


def test_a_kobo_workbook_has_its_repeat_groups_on_further_sheets(tmp_path: Path) -> None:
    sheets: dict[str, list[list[object]]] = {
        "My survey": [
            ["age", "_id", "_uuid", "_submission_time", "_index"],
            [34, 11, "u1", "2024-01-02", 1],
            [35, 12, "u2", "2024-01-02", 2],
        ],
        "members": [["child_age", "_index", "_parent_table_name", "_parent_index"], [3, 1, "My survey", 1]],
    }
    table = read_delivery(write_workbook(sheets)(tmp_path / "a.xlsx"))
    assert (table.platform, table.data.height, table.children["members"].data.height) == ("kobo_xlsx", 2, 1)
    assert table.repairs == ()


def test_an_archive_of_odk_files_gives_submissions_and_repeats(tmp_path: Path) -> None:
    path = tmp_path / "form.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("form.csv", ODK)
        archive.writestr("form-member.csv", "age,PARENT_KEY,KEY\n3,uuid:1,uuid:1/member[1]\n")
    table = read_delivery(path)
    assert (table.platform, table.rows_in, table.children["member"].rows_in) == ("kobo_csv", 5, 1)


def test_one_event_of_a_longitudinal_redcap_project_is_one_wave(tmp_path: Path) -> None:
    path = write_text(REDCAP)(tmp_path / "a.csv")
    table = read_delivery(path, "redcap:wave_2_arm_1")
    assert (table.rows_in, table.data["record_id"].to_list(), table.refused) == (5, ["1", "2"], {"other_event": 3})
    with pytest.raises(DeliveryError, match="Its events are: wave_1_arm_1, wave_2_arm_1"):
        read_delivery(path, "redcap:wave_3")
    with pytest.raises(UsageError, match="only redcap and kobo have"):
        read_delivery(path, "plain:wave_3")


def test_a_redcap_dictionary_gives_labels_and_marks_identifiers(tmp_path: Path) -> None:
    dictionary = write_text(REDCAP_DICTIONARY)(tmp_path / "dictionary.csv")
    table = read_delivery(write_text(REDCAP)(tmp_path / "a.csv"), companions=[dictionary])
    assert (table.column("sex").text, table.column("sex").values) == ("Sex", {"1": "Male", "2": "Female, or other"})
    assert table.column("uses___2").text == "Which do you use? [Press]"
    assert table.column("record_id").identifier
    with pytest.raises(DeliveryError, match="data dictionary, without responses"):
        read_delivery(dictionary)


def test_the_dictionary_and_the_events_of_the_programming_interface_are_known_too(tmp_path: Path) -> None:
    header = "field_name,form_name,section_header,field_type,field_label,select_choices_or_calculations"
    dictionary = write_text(f'{header}\nsex,base,,radio,Sex,"1, Male | 2, Female"\n')(tmp_path / "metadata.csv")
    listed = "event_name,arm_num,unique_event_name\n" + "".join(f"Wave {i},1,wave_{i}_arm_1\n" for i in (1, 2))
    events = write_text(listed)(tmp_path / "event.csv")
    table = read_delivery(write_text(REDCAP)(tmp_path / "a.csv"), companions=[dictionary, events])
    assert table.column("sex").values == {"1": "Male", "2": "Female"}
    assert table.column("redcap_event_name").values["wave_1_arm_1"] == "Wave 1"
    with pytest.raises(DeliveryError, match="list of events, without responses"):
        read_delivery(events)


def test_several_forms_that_are_complete_tell_redcap_under_any_id(tmp_path: Path) -> None:
    rows = "".join(f"P{i},{i % 2},2,2\n" for i in range(9))
    assert detect(write_text(f"participant,sex,base_complete,phq_complete\n{rows}")(tmp_path / "a")) == "redcap_csv"


def test_surveymonkey_without_its_own_columns_is_told_by_its_second_header_row(tmp_path: Path) -> None:
    header = "Your religion?,,Your age?\nResponse,Other (please specify),Response\n"
    table = read_delivery(write_text(header + "None,,18-29\nOther,mine,30-44\n")(tmp_path / "a"))
    assert (table.platform, table.rows_in) == ("surveymonkey_csv", 2)
    plain = read_delivery(write_text("Your religion?,Your age?\nNone,Response\nOther,30-44\n")(tmp_path / "b"))
    assert (plain.platform, plain.rows_in) == ("plain_csv", 2)


def test_rows_of_repeating_instruments_become_a_child_table(tmp_path: Path) -> None:
    table = read_delivery(write_text(REDCAP_REPEATS)(tmp_path / "a.csv"))
    assert table.data["record_id"].to_list() == ["1", "2", "3"]
    child = table.children["children"]
    assert (table.rows_in, child.rows_in, child.data["child_age"].to_list()) == (3, 2, ["3", "5"])
    assert [(each.code, each.n) for each in table.repairs] == [("repeat_rows", 2)]


def test_sas_special_missing_values_keep_their_letters(tmp_path: Path) -> None:
    path = write_sas(tmp_path / "a.xpt")
    content = bytearray(path.read_bytes())
    plain_missing = content.rindex(b"." + bytes(7))
    content[plain_missing : plain_missing + 1] = b"R"
    path.write_bytes(bytes(content))
    table = read_delivery(path)
    assert table.data["Q1"].to_list() == ["1", "2", "1.5", ".R", "-7"]
    assert table.column("Q1").missing == (".R",)


def test_two_sas_data_sets_in_one_file_are_refused(tmp_path: Path) -> None:
    content = write_sas(tmp_path / "a.xpt").read_bytes()
    member = content.index(b"HEADER RECORD*******MEMB")
    (tmp_path / "b.xpt").write_bytes(content + content[member:])
    with pytest.raises(DeliveryError, match="2 data sets"):
        read_delivery(tmp_path / "b.xpt")


def test_a_portable_file_is_spss(tmp_path: Path) -> None:
    table = read_delivery(write_portable(tmp_path / "a"))
    assert (table.platform, table.data["Q1"].to_list(), table.column("Q1").text) == (
        "spss_por",
        ["1", "2", "1", "2", None],
        "Trust",
    )


def test_a_limesurvey_archive_has_codes_and_their_labels(tmp_path: Path) -> None:
    table = read_delivery(write_lsa(tmp_path / "a"))
    assert (table.platform, table.label, table.rows_in) == ("limesurvey_lsa", "A small survey", 5)
    assert table.data["G01Q01"].to_list() == ["A1", "A2", "A1", "A2", None]
    assert table.column("G01Q01").values == {"A1": "Berlin", "A2": "Riga"}
    assert table.column("G01Q02[SQ001]").text == "Which do you use? [Radio]"


def test_a_structure_file_adds_labels_to_the_csv(tmp_path: Path) -> None:
    with zipfile.ZipFile(write_lsa(tmp_path / "a.lsa")) as archive:
        (tmp_path / "a.lss").write_bytes(archive.read("survey_9.lss"))
    table = read_delivery(write_text(LIMESURVEY)(tmp_path / "a.csv"), companions=[tmp_path / "a.lss"])
    assert table.column("G01Q01").values == {"A1": "Berlin", "A2": "Riga"}
    with pytest.raises(DeliveryError, match="structure of a survey"):
        read_delivery(tmp_path / "a.lss")


def test_a_companion_that_nothing_is_done_with_is_refused(tmp_path: Path) -> None:
    main, other = write_text(KOBO)(tmp_path / "a.csv"), write_text(ODK)(tmp_path / "other.csv")
    with pytest.raises(DeliveryError, match="not a form or a repeat group"):
        read_delivery(main, companions=[other])
    with pytest.raises(DeliveryError, match="no files beside it"):
        read_delivery(EXPORTS["plain_csv"](tmp_path / "p.csv"), companions=[other])


def test_spss_texts_in_another_code_page_than_the_file_names_are_read_and_said_to_be_guessed(tmp_path: Path) -> None:
    path = tmp_path / "a.sav"
    words = {"ABCDEFG": "мужчина", "HIJKLMN": "женщина", "OPQRSTUV": "Ваш пол?", "wxyzwxyz": "работает"}
    ascii_words = list(words)
    frame = pl.DataFrame({"q": [1.0, 2.0] * 5, "s": [ascii_words[3]] * 10})
    labels = {"q": dict(zip((1, 2), ascii_words, strict=False))}
    pyreadstat.write_sav(frame, str(path), variable_value_labels=labels, column_labels=[ascii_words[2], "x"])
    content = path.read_bytes()
    for latin, russian in words.items():
        content = content.replace(latin.encode(), russian.encode("cp1251"))
    path.write_bytes(content)
    table = read_delivery(path)
    assert (table.column("q").text, table.column("q").values) == ("Ваш пол?", {"1": "мужчина", "2": "женщина"})
    assert table.data["s"].unique().to_list() == ["работает"]
    assert (table.encoding, [each.code for each in table.repairs]) == ("cp1251", ["encoding_guessed"])
