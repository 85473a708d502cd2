"""Labelled files of other projects equal the CSV beside them: values, labels, and what their owners marked missing."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from panelpress.model.delivery import RawColumn, RawTable
from panelpress.raw.readers import read_delivery

BLANK = ("", "#NULL!", "NaN")


@pytest.fixture
def labelled(shared_data: Path) -> Path:
    return shared_data / "labelled" / "pyreadstat"


def beside(path: Path) -> list[list[str]]:
    """Rows of a CSV, without its header."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [row for row in csv.reader(file) if row][1:]


def same(cell: str | None, written: str) -> bool:
    """True where both say the same: numbers by value, times with or without a fraction of zero seconds."""
    if written.strip() in BLANK:
        return cell is None
    if cell is None:
        return False
    try:
        return float(cell) == float(written)
    except ValueError:
        return cell.lstrip("0") == written.removesuffix(".000000").lstrip("0")


def assert_equal(table: RawTable, rows: list[list[str]]) -> None:
    assert table.data.height == len(rows)
    for mine, theirs in zip(table.data.iter_rows(), rows, strict=True):
        assert all(same(cell, written) for cell, written in zip(mine, theirs, strict=True)), (mine, theirs)


def is_missing(column: RawColumn, cell: str | None) -> bool:
    """True where the file's owner marked the code missing, by itself or within a range."""
    if cell is None or cell in column.missing:
        return True
    return any(float(low) <= float(cell) <= float(high) for low, high in column.missing_ranges)


def without_missing(table: RawTable) -> list[list[str | None]]:
    return [
        [None if is_missing(column, cell) else cell for column, cell in zip(table.columns, row, strict=True)]
        for row in table.data.iter_rows()
    ]


@pytest.mark.parametrize("name", ["sample.sav", "sample.zsav", "sample.por", "sample.dta", "sample.xpt"])
def test_five_formats_of_one_table_read_alike(name: str, labelled: Path) -> None:
    table = read_delivery(labelled / "basic" / name)
    assert_equal(table, beside(labelled / "basic" / "sample.csv"))
    if name != "sample.xpt":  # a transport file has neither
        labels = {column.name.lower(): (column.text, dict(column.values)) for column in table.columns}
        assert labels["mylabl"] == ("labeled", {"1": "Male", "2": "Female"})
        assert labels["myord"] == ("ordinal", {"1": "low", "2": "medium", "3": "high"})


def test_user_missing_codes_are_kept_and_named(labelled: Path) -> None:
    table = read_delivery(labelled / "basic" / "sample_missing.sav")
    assert_equal(table, beside(labelled / "basic" / "sample_missing_user.csv"))
    assert table.column("myord").missing == ("-1", "-2", "-3")
    assert table.column("mynum").missing_ranges == (("2000", "3000"),)
    assert table.column("mylabl").values["-1"] == "undetermined"


def test_without_the_named_codes_the_blank_cells_are_the_owners(labelled: Path) -> None:
    table = read_delivery(labelled / "basic" / "sample_missing.sav")
    for mine, theirs in zip(without_missing(table), beside(labelled / "basic" / "sample_missing.csv"), strict=True):
        assert all(same(cell, written) for cell, written in zip(mine, theirs, strict=True)), (mine, theirs)


def test_missing_numbers_and_their_labels_of_spss(labelled: Path) -> None:
    folder = labelled / "missing_data"
    table = read_delivery(folder / "missing_test.sav")
    assert_equal(table, beside(folder / "missing_sav_formatted.csv"))
    assert [row[0] for row in without_missing(table)] == [None, "2"]
    shown = [table.column("var1").values.get(cell, cell) for cell in table.data["var1"]]
    assert shown == [row[0] for row in beside(folder / "missing_sav_labeled.csv")]


def test_missing_texts_of_spss(labelled: Path) -> None:
    folder = labelled / "missing_data"
    table = read_delivery(folder / "missing_char.sav")
    assert_equal(table, beside(folder / "missing_char_formatted.csv"))
    assert without_missing(table) == [[None], ["a"]]


def test_extended_missing_values_of_stata(labelled: Path) -> None:
    folder = labelled / "missing_data"
    table = read_delivery(folder / "missing_test.dta")
    row = [cell.removeprefix(".") if cell else None for cell in table.data.row(0)]
    assert all(same(cell, written) for cell, written in zip(row, beside(folder / "missing_dta_formatted.csv")[0], strict=True))
    assert table.column("var1").values == {".a": "missing"}
    assert without_missing(table) == [[None] * 8 + ["1"]]


def test_sas_dates_equal_the_texts_beside_them(labelled: Path) -> None:
    table = read_delivery(labelled / "basic" / "dates_xpt_v8.xpt").data
    for dates, texts in (("dt", "string_dt"), ("dates", "string_dates"), ("times", "string_times")):
        assert table[dates].to_list() == [text.replace(" ", "T") for text in table[texts].to_list()]


def test_a_date_beyond_the_year_9999_stays_a_number_and_is_reported(shared_data: Path) -> None:
    table = read_delivery(shared_data / "labelled" / "haven" / "datetime.sav")
    assert table.data.rows() == [
        ("2014-09-22", "6306150067200", "12:11:10.090"),
        ("2014-09-23", "2014-09-23T15:59:20", "15:59:20.010"),
    ]
    assert [(each.code, each.column, each.n) for each in table.repairs] == [("date_out_of_range", "date.posix", 1)]


def test_every_labelled_file_is_read(shared_data: Path) -> None:
    files = [
        path
        for path in sorted((shared_data / "labelled").rglob("*.*"))
        if path.suffix in (".sav", ".zsav", ".dta", ".por", ".xpt")
    ]
    for path in files:
        table = read_delivery(path)
        assert table.rows_in == table.data.height > 0, path.name
    assert len(files) == 27


@pytest.mark.parametrize(
    ("name", "column", "labels", "missing"),
    [
        ("labelled-num-na.sav", "VAR00002", {"1": "This is one"}, ("9",)),
        ("labelled-str.sav", "gender", {"F": "Female", "M": "Male"}, ()),
        ("umlauts.sav", "var1", {"1": "the ä umlaut", "2": "the ü umlaut", "3": "the ö umlaut"}, ()),
        ("tagged-na-int.dta", "x", {".a": "apple", ".z": ".zebra"}, (".a", ".h", ".z")),
    ],
)
def test_labels_and_missing_codes_of_small_files(
    name: str, column: str, labels: dict[str, str], missing: tuple[str, ...], shared_data: Path
) -> None:
    found = read_delivery(shared_data / "labelled" / "haven" / name).column(column)
    assert (dict(found.values), found.missing) == (labels, missing)


def test_names_and_cells_in_other_scripts_arrive(shared_data: Path) -> None:
    folder = shared_data / "labelled" / "pyreadstat" / "basic"
    assert read_delivery(folder / "hebrews.sav").data.columns == ["ותק_ב"]
    assert read_delivery(folder / "tegulu.sav").data.item(0, 1).startswith("నేను")
