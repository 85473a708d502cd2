"""Tiny exports of five rows, one a platform, written the way the platform writes them. Nobody in them exists."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pyreadstat
import xlsxwriter

PLAIN = "id,q1,q2,note\n0007,1,2,a\n0008,2,2,\n0009,1,,c\n0010,2,1,d\n0011,1,1,e\n"

QUALTRICS = (
    "StartDate,Status,Finished,ResponseId,Q1,Q2\n"
    'Anfangsdatum,Antworttyp,Beendet,Antwort-ID,"Waren Sie, im letzten Jahr, verreist?",Wie alt sind Sie?\n'
    '"{""ImportId"":""startDate"",""timeZone"":""Europe/Berlin""}","{""ImportId"":""status""}","{""ImportId"":""finished""}",'
    '"{""ImportId"":""_recordId""}","{""ImportId"":""QID1""}","{""ImportId"":""QID2_TEXT""}"\n'
    "2024-01-02 10:00:00,0,1,R_1,1,34\n"
    "2024-01-02 11:00:00,1,1,R_2,2,35\n"
    "2024-01-02 12:00:00,0,0,R_3,1,\n"
    "2024-01-03 10:00:00,0,1,R_4,2,41\n"
    "2024-01-03 11:00:00,0,1,R_5,1,29\n"
)

LIMESURVEY = (
    '\ufeff"id. Response ID";"submitdate. Date submitted";"G01Q01. Where do you live?";"G01Q02[SQ001]. Which one? [Radio]"\n'
    '"1";"2024-01-02 10:00:00";"A1";"Y"\n"2";"2024-01-02 11:00:00";"A2";""\n"3";"";"A1";"Y"\n'
    '"4";"2024-01-03 10:00:00";"A2";"Y"\n"5";"2024-01-03 11:00:00";"A1";""\n'
)

GOOGLE = (
    'Timestamp,How old are you?,Which do you use? (tick all)\n2023/05/17 10:11:12 AM GMT+3,34,"Radio, Press"\n'
    "2023/05/17 1:00:00 PM GMT+3,35,Radio\n2023/05/18 9:00:00 AM GMT+3,41,\n2023/05/18 9:30:00 AM GMT+3,29,Press\n"
    "2023/05/19 12:05:00 AM GMT+3,50,Radio\n"
)


SURVEYMONKEY = (
    "Respondent ID,Collector ID,Which do you use?,,,Gender,Anything else?\n,,Radio,Press,None of these,Response,Open-Ended Response\n"
    "101,7,Radio,,,Female,\n102,7,,Press,,Male,no\n103,7,Radio,Press,,,\n104,7,,,None of these,Female,\n105,7,,,,Male,yes\n"
)

KOBO = (
    '"start";"g1/age";"g1/uses";"g1/uses/radio";"g1/uses/press";"_id";"_uuid";"_submission_time";"_index"\n'
    '"2024-01-02";"34";"radio press";"1";"1";"11";"u1";"2024-01-02T10:00:00";"1"\n'
    '"2024-01-02";"35";"radio";"1";"0";"12";"u2";"2024-01-02T11:00:00";"2"\n"2024-01-03";"41";"";"";"";"13";"u3";"2024-01-03T10:00:00";"3"\n'
    '"2024-01-03";"29";"press";"0";"1";"14";"u4";"2024-01-03T11:00:00";"4"\n"2024-01-04";"50";"radio";"1";"0";"15";"u5";"2024-01-04";"5"\n'
)
KOBO_REPEAT = '"member/age";"_index";"_parent_table_name";"_parent_index"\n"3";"1";"survey";"1"\n"5";"2";"survey";"1"\n"7";"3";"survey";"9"\n'

ODK = (
    "SubmissionDate,meta-instanceID,g1-age,KEY\n2024-01-02T10:00:00,uuid:1,34,uuid:1\n2024-01-02T11:00:00,uuid:2,35,uuid:2\n"
    "2024-01-03T10:00:00,uuid:3,41,uuid:3\n2024-01-03T11:00:00,uuid:4,29,uuid:4\n2024-01-04T11:00:00,uuid:5,50,uuid:5\n"
)

REDCAP = (
    "record_id,redcap_event_name,sex,uses___1,uses___2,intro_complete\n1,wave_1_arm_1,1,1,0,2\n2,wave_1_arm_1,2,0,1,2\n"
    "3,wave_1_arm_1,1,1,1,0\n1,wave_2_arm_1,1,0,0,2\n2,wave_2_arm_1,2,,,0\n"
)
REDCAP_REPEATS = "record_id,redcap_repeat_instrument,redcap_repeat_instance,sex,child_age\n1,,,1,\n1,children,1,,3\n1,children,2,,5\n2,,,2,\n3,,,1,\n"
REDCAP_DICTIONARY = (
    '"Variable / Field Name","Form Name","Section Header","Field Type","Field Label","Choices, Calculations, OR Slider Labels",Identifier?\n'
    'record_id,intro,,text,"Record ID",,y\nsex,intro,,radio,"<b>Sex</b>","1, Male | 2, Female, or other",\n'
    'uses,intro,,checkbox,"Which do you use?","1, Radio | 2, Press",\n'
)


def write_text(text: str) -> Callable[[Path], Path]:
    def write(path: Path) -> Path:
        path.write_bytes(text.encode())
        return path

    return write


def write_google_workbook(path: Path) -> Path:
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "default_date_format": "yyyy-mm-dd hh:mm:ss"})
    sheet = book.add_worksheet("Form Responses 1")
    sheet.write_row(0, 0, ["Timestamp", "How old are you?"])
    for row, age in enumerate((34, 35, 41, 29, 50), start=1):
        sheet.write_number(row, 0, 45000.5 + row, book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}))
        sheet.write_number(row, 1, age)
    book.close()
    path.write_bytes(buffer.getvalue())
    return path


def write_spss(path: Path, compressed: bool = False) -> Path:
    frame = pl.DataFrame(
        {"id": ["a", "b", "c", "d", "e"], "q1": [1.0, 2.0, 9.0, 1.0, None], "income": [10.5, 20.0, -1.0, 30.0, 40.25]}
    )
    pyreadstat.write_sav(
        frame,
        str(path),
        column_labels=["", "Trust", "Income"],
        variable_value_labels={"q1": {1: "yes", 2: "no", 9: "refused"}},
        missing_ranges={"q1": [9], "income": [{"lo": -9, "hi": -1}]},
        compress=compressed,
    )
    return path


def write_stata(path: Path) -> Path:
    import pandas as pd

    frame = pd.DataFrame({"id": ["a", "b", "c", "d", "e"], "q1": pd.Series([1, 2, "a", 1, None], dtype=object)})
    pyreadstat.write_dta(
        frame, str(path), variable_value_labels={"q1": {1: "yes", 2: "no", "a": "refused"}}, missing_user_values={"q1": ["a"]}
    )
    return path


def write_portable(path: Path) -> Path:
    frame = pl.DataFrame({"ID": ["a", "b", "c", "d", "e"], "Q1": [1.0, 2.0, 1.0, 2.0, None]})
    pyreadstat.write_por(frame, str(path), column_labels=["", "Trust"])
    return path


def write_sas(path: Path) -> Path:
    frame = pl.DataFrame({"ID": ["a", "b", "c", "d", "e"], "Q1": [1.0, 2.0, 1.5, None, -7.0]})
    pyreadstat.write_xport(frame, str(path), column_labels=["", "Trust"])
    return path


def write_lsa(path: Path) -> Path:
    """The smallest archive: one list question and one multiple-choice question with one sub-question."""
    structure = """<?xml version="1.0"?><document><LimeSurveyDocType>Survey</LimeSurveyDocType><DBVersion>500</DBVersion>
    <languages><language>en</language></languages>
    <answers><rows><row><aid>1</aid><qid>5</qid><code>A1</code></row><row><aid>2</aid><qid>5</qid><code>A2</code></row></rows></answers>
    <answer_l10ns><rows><row><aid>1</aid><answer>Berlin</answer><language>en</language></row>
    <row><aid>2</aid><answer>Riga</answer><language>en</language></row></rows></answer_l10ns>
    <questions><rows><row><qid>5</qid><parent_qid>0</parent_qid><sid>9</sid><gid>1</gid><type>L</type><title>G01Q01</title></row>
    <row><qid>6</qid><parent_qid>0</parent_qid><sid>9</sid><gid>1</gid><type>M</type><title>G01Q02</title></row></rows></questions>
    <subquestions><rows><row><qid>7</qid><parent_qid>6</parent_qid><sid>9</sid><gid>1</gid><type>T</type><title>SQ001</title></row></rows></subquestions>
    <question_l10ns><rows><row><qid>5</qid><question><![CDATA[<p>Where do you live?</p>]]></question><language>en</language></row>
    <row><qid>6</qid><question>Which do you use?</question><language>en</language></row>
    <row><qid>7</qid><question>Radio</question><language>en</language></row></rows></question_l10ns>
    <surveys_languagesettings><rows><row><surveyls_title>A small survey</surveyls_title></row></rows></surveys_languagesettings></document>"""
    fields = ("id", "submitdate", "_9X1X5", "_9X1X6SQ001")
    answers = [
        ("1", "2024-01-02 10:00:00", "A1", "Y"),
        ("2", "", "A2", ""),
        ("3", "", "A1", "Y"),
        ("4", "", "A2", ""),
        ("5", "", "", "Y"),
    ]
    rows = "".join("<row>" + "".join(f"<{f}>{v}</{f}>" for f, v in zip(fields, row, strict=True)) + "</row>" for row in answers)
    names = "".join(f"<fieldname>{field}</fieldname>" for field in fields)
    responses = (
        "<?xml version='1.0'?><document><LimeSurveyDocType>Responses</LimeSurveyDocType>"
        f"<responses><fields>{names}</fields><rows>{rows}</rows></responses></document>"
    )
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("survey_9.lss", structure)
        archive.writestr("survey_9_responses.lsr", responses)
    return path


def write_workbook(sheets: dict[str, list[list[object]]]) -> Callable[[Path], Path]:
    def write(path: Path) -> Path:
        book = xlsxwriter.Workbook(str(path))
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
        book.close()
        return path

    return write


def write_parquet(path: Path) -> Path:
    pl.DataFrame({"id": [1, 2, 3, 4, 5], "weight": [1.0, 2.5, None, 4.0, 5.0], "q1": ["x", "", "y", "x", "y"]}).write_parquet(
        path
    )
    return path


EXPORTS: dict[str, Callable[[Path], Path]] = {
    "plain_csv": write_text(PLAIN),
    "qualtrics_csv": write_text(QUALTRICS),
    "limesurvey_csv": write_text(LIMESURVEY),
    "google_forms_csv": write_text(GOOGLE),
    "spss_sav": write_spss,
    "stata_dta": write_stata,
    "plain_parquet": write_parquet,
    "surveymonkey_csv": write_text(SURVEYMONKEY),
    "kobo_csv": write_text(KOBO),
    "redcap_csv": write_text(REDCAP),
    "sas_xpt": write_sas,
}
