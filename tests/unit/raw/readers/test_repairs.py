"""What is mended because only one reading is possible, what is refused row by row, and what is only reported."""

from __future__ import annotations

from pathlib import Path

import pytest

from panelpress.model.delivery import RawTable
from panelpress.raw.readers import read_delivery
from platform_exports import LIMESURVEY, PLAIN, QUALTRICS

# name: (text of the file, codes of repairs expected, first column of what is kept)
MENDED = {
    "a header one short, with row numbers": ("q1,q2\n1,a,x\n2,b,y\n3,c,z\n", ["header_one_short"], ["1", "2", "3"]),
    "a delimiter too many in every record": ("id,q1\n1,a,\n2,b,\n", ["trailing_delimiter", "blank_column"], ["1", "2"]),
    "a delimiter too many in the header": ("id,q1,\n1,a\n2,b\n", ["trailing_delimiter"], ["1", "2"]),
    "delimiters too many in one record": ("id,q1\n1,a\n2,b,,\n3,c\n4,d\n", ["trailing_delimiter"], ["1", "2", "3", "4"]),
    "a decimal comma without quotes": ("id,kg,q1\n1,70,a\n2,70,5,b\n3,80.5,c\n4,60,d\n", ["decimal_comma_unquoted"], ["1", "2", "3", "4"]),
    "a line that names the separator": ("sep=;\nid;q1\n1;a\n", ["separator_line"], ["1"]),
    "quotes escaped by backslash": ('id,q1,q2\n1,"say \\"no\\", then go",a\n2,b,c\n', ["backslash_quotes"], ["1", "2"]),
    "a blank header over answers": ("id,,q2\n1,a,x\n", ["blank_header"], ["1"]),
    "a blank column": ("id,,q2\n1,,x\n", ["blank_column"], ["1"]),
    "one header twice": ("id,q1,q1\n1,a,x\n", ["duplicate_header"], ["1"]),
    "a header of two lines": ('id,"Well,\nare you?"\n1,a\n', ["newline_in_header"], ["1"]),
    "an invisible character in a header": ("id,q\u200b1\n1,a\n", ["invisible_in_header"], ["1"]),
    "an invisible character in a cell": ("id,q1\n1,\ufeffyes\n", ["invisible_character"], ["1"]),
    "escapes in place of letters": ("id,q1\n1,<U+043E><U+043A>\n", ["unicode_escape"], ["1"]),
    "a date of zeros": ("id,d\n1,0000-00-00\n2,2024-01-02\n", ["zero_date"], ["1", "2"]),
    "a cell of blanks": ("id,q1\n1,  \n2,a\n", ["whitespace_cell"], ["1", "2"]),
    "codes with .0": ("id,q1,q2\n1,1.0,a\n2,2.0,b\n3,,c\n", ["float_code"], ["1", "2", "3"]),
    "empty lines": ("id,q1\n1,a\n\n2,b\n\n", ["blank_line"], ["1", "2"]),
}  # fmt: skip

REFUSED = {
    "a row too short": ("id,q1,q2\n1,a,b\n2,a\n3,c,d\n", {"too_few_fields": 1}, ["1", "3"]),
    "a row too long": ("id,q1,q2\n1,a,b\n2,a,b,c\n3,c,d\n", {"too_many_fields": 1}, ["1", "3"]),
    "a row of blanks": ("id,q1\n1,a\n,\n3,c\n", {"blank_row": 1}, ["1", "3"]),
    "totals below": ("id,q1\nR1,4\nR2,5\nR3,5\nTotal,14\n", {"summary_row": 1}, ["R1", "R2", "R3"]),
    "the header again": ("id,q1\n1,a\nid,q1\n3,c\n", {"repeated_header": 1}, ["1", "3"]),
    "a decimal comma that could be elsewhere": (
        "id,kg,cm\n1,70,180\n2,80,170\n3,70,5,180\n4,60,160\n", {"too_many_fields": 1}, ["1", "2", "4"],
    ),
    "a line cut off at the end": ("id,q1,q2\n1,a,b\n2,a,b\n3,c", {"too_few_fields": 1}, ["1", "2"]),
}  # fmt: skip

REPORTED = {
    "a junk code": ("id,q1\n1,1\n2,5\n3,127\n", "overflow_code"),
    "an overflowed age": ("id,q1\n1,1\n2,5\n3,-32768\n", "overflow_code"),
    "padded ids": ("id,q1\n007,a\n008,b\n", "leading_zero"),
    "decimal commas": ("id;kg\n1;70,5\n2;80\n", "decimal_comma"),
    "cut-off long numbers": ("id,q1\n1.23457E+15,a\n2.23457E+15,b\n", "scientific_id"),
    "spreadsheet errors": ("id,q1\n1,#REF!\n2,b\n", "spreadsheet_error"),
    "garbled letters": ("id,q1\n1,Ð´Ð°\n2,b\n", "mojibake"),
    "lost letters": ("id,q1\n1,d\ufffd\n2,b\n", "replacement_character"),
    "words for nothing": ("id,q1\n1,NA\n2,b\n", "missing_word"),
    "blanks around a code": ("id,q1\n1, yes\n2,no\n", "edge_blank"),
}


def read(text: str, folder: Path) -> RawTable:
    path = folder / "delivery.csv"
    path.write_bytes(text.encode())
    table = read_delivery(path)
    assert table.rows_in == table.data.height + sum(table.refused.values())
    return table


@pytest.mark.parametrize("name", MENDED)
def test_it_is_mended_and_reported(name: str, tmp_path: Path) -> None:
    text, codes, kept = MENDED[name]
    table = read(text, tmp_path)
    assert [each.code for each in table.repairs if each.repaired] == codes
    assert table.data.to_series(0).to_list() == kept
    assert dict(table.refused) == {}


@pytest.mark.parametrize("name", REFUSED)
def test_the_row_is_refused_counted_and_pointed_at(name: str, tmp_path: Path) -> None:
    text, refused, kept = REFUSED[name]
    table = read(text, tmp_path)
    assert dict(table.refused) == refused
    assert table.data.to_series(0).to_list() == kept
    told = [each for each in table.repairs if each.code in refused]
    assert [each.n for each in told] == [1] and told[0].line and not told[0].repaired


@pytest.mark.parametrize("name", REPORTED)
def test_it_is_reported_and_left_as_it_is(name: str, tmp_path: Path) -> None:
    text, code = REPORTED[name]
    table = read(text, tmp_path)
    assert code in {each.code for each in table.repairs if not each.repaired and each.column}
    written = {cell for line in text.splitlines() for cell in line.replace(";", ",").split(",")}
    assert code == "decimal_comma" or {cell for row in table.data.rows() for cell in row} <= written


def test_what_was_mended_reads_as_it_was_meant(tmp_path: Path) -> None:
    assert read(MENDED["a decimal comma without quotes"][0], tmp_path).data["kg"].to_list() == ["70", "70.5", "80.5", "60"]
    assert read(MENDED["escapes in place of letters"][0], tmp_path).data["q1"].to_list() == ["ок"]
    assert read(MENDED["a date of zeros"][0], tmp_path).data["d"].to_list() == [None, "2024-01-02"]
    assert read(MENDED["codes with .0"][0], tmp_path).data["q1"].to_list() == ["1", "2", None]
    assert read(MENDED["one header twice"][0], tmp_path).data.columns == ["id", "q1", "q1__2"]
    assert read(MENDED["quotes escaped by backslash"][0], tmp_path).data["q1"].to_list() == ['say "no", then go', "b"]


def test_two_exports_in_one_file_leave_no_header_row_among_the_answers(tmp_path: Path) -> None:
    rows = QUALTRICS.splitlines(keepends=True)
    table = read(QUALTRICS + "".join([*rows[:3], rows[3].replace("R_1", "R_6")]), tmp_path)
    assert dict(table.refused) == {"repeated_header": 3, "survey_preview": 1}
    assert table.data["ResponseId"].to_list() == ["R_1", "R_3", "R_4", "R_5", "R_6"]


ENCODINGS = {
    "utf-8": "utf-8", "utf-8-sig": "utf-8 with byte order mark", "utf-16": "utf-16", "utf-16-le": "utf-16le", "cp1251": "windows-1251",
    "koi8_r": "koi8-r", "cp866": "ibm866",
}  # fmt: skip


@pytest.mark.parametrize("codec", ENCODINGS)
def test_russian_text_is_read_in_any_encoding_and_the_encoding_is_named(codec: str, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("номер;ответ\n1;муж\n2;жен\n".encode(codec))
    table = read_delivery(path)
    assert (table.encoding, table.data["ответ"].to_list()) == (ENCODINGS[codec], ["муж", "жен"])
    guessed = [each.code for each in table.repairs]
    assert guessed == ([] if codec in ("utf-8", "utf-8-sig", "utf-16") else ["encoding_guessed"])


@pytest.mark.parametrize(
    ("text", "codec"), [("größer, für Übung", "cp1252"), ("żółć, gęślą jaźń", "cp1250"), ("ığdır, şöyle", "cp1254")]
)
def test_western_code_pages_are_told_apart(text: str, codec: str, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(f"id;q1\n1;{text}\n2;{text}\n".encode(codec))
    assert read_delivery(path).data["q1"].to_list() == [text, text]


def test_a_declared_encoding_overrules_the_guess(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("id;q1\n1;я\n".encode("cp1251"))
    assert read_delivery(path, encoding="windows-1251").data["q1"].to_list() == ["я"]


def test_carriage_returns_alone_end_lines_too(tmp_path: Path) -> None:
    assert read(PLAIN.replace("\n", "\r"), tmp_path).rows_in == 5
    assert read(LIMESURVEY.removeprefix("\ufeff").replace("\n", "\r\n"), tmp_path).rows_in == 5


@pytest.mark.parametrize("last", ["somebody,Total", "R4,Total", ",14"])
def test_an_answer_total_is_an_answer_and_a_row_without_an_id_stays(tmp_path: Path, last: str) -> None:
    (tmp_path / "a.csv").write_text(f"id,q1\nR1,a\nR2,b\nR3,a\n{last}\n")
    table = read_delivery(tmp_path / "a.csv")
    assert (table.data.height, dict(table.refused)) == (4, {})


def test_several_rows_of_totals_are_refused_together(tmp_path: Path) -> None:
    table = read("id,q1\n1,4\n2,5\n3,5\nИтого:,14\nMean,4.7\n", tmp_path)
    assert (table.data.height, dict(table.refused)) == (3, {"summary_row": 2})
