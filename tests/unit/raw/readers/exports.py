"""Tiny exports of five rows, one a platform, written the way the platform writes them. Nobody in them exists."""

from __future__ import annotations

import io
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


def write_parquet(path: Path) -> Path:
    pl.DataFrame({"id": [1, 2, 3, 4, 5], "weight": [1.0, 2.5, None, 4.0, 5.0], "q1": ["x", "", "y", "x", "y"]}).write_parquet(
        path
    )
    return path


EXPORTS: dict[str, Callable[[Path], Path]] = {
    "plain": write_text(PLAIN),
    "qualtrics": write_text(QUALTRICS),
    "limesurvey": write_text(LIMESURVEY),
    "google_forms": write_text(GOOGLE),
    "spss": write_spss,
    "stata": write_stata,
    "parquet": write_parquet,
}
