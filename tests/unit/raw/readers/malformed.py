"""Inputs that must be refused, each with what its error has to say. SECRET stands for microdata: no error may repeat it."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl
import pyreadstat

from platform_exports import (
    KOBO,
    KOBO_REPEAT,
    ODK,
    PLAIN,
    QUALTRICS,
    REDCAP,
    REDCAP_DICTIONARY,
    SURVEYMONKEY,
    write_google_workbook,
    write_lsa,
    write_parquet,
    write_portable,
    write_sas,
    write_spss,
    write_stata,
    write_workbook,
)

Maker = Callable[[Path], Path]
ROWS = "".join(f"{i},1,2,SECRET\n" for i in range(1, 21))


@dataclass(frozen=True)
class Malformed:
    """``make`` writes the input under a folder; ``says`` is what its error must contain, ``line`` where it must point."""

    make: Maker
    says: str
    line: int | None = None
    platform: str | None = None
    options: dict[str, Any] = field(default_factory=dict)
    beside: tuple[Maker, ...] = ()


def raw(content: bytes, name: str = "delivery.csv") -> Maker:
    def make(folder: Path) -> Path:
        (folder / name).write_bytes(content)
        return folder / name

    return make


def text(content: str, name: str = "delivery.csv") -> Maker:
    return raw(content.encode(), name)


def cut(writer: Callable[[Path], Path], keep: float) -> Maker:
    """What ``writer`` writes, with only its first part kept."""

    def make(folder: Path) -> Path:
        path = writer(folder / "delivery")
        content = path.read_bytes()
        path.write_bytes(content[: int(len(content) * keep)])
        return path

    return make


def archive(members: dict[str, bytes], flags: int = 0, damage: bool = False) -> Maker:
    def make(folder: Path) -> Path:
        path = folder / "delivery.zip"
        with zipfile.ZipFile(path, "w") as file:
            for name, content in members.items():
                file.writestr(name, content)
        content = bytearray(path.read_bytes())
        if flags:
            content[content.index(b"PK\x01\x02") + 8] |= flags
        if damage:
            content[content.index(b"SECRET")] ^= 1
        path.write_bytes(bytes(content))
        return path

    return make


def lsa_without(ending: str, replacement: bytes | None = None) -> Maker:
    """A LimeSurvey archive without its member of that ending, or with ``replacement`` as its content."""

    def make(folder: Path) -> Path:
        whole, path = write_lsa(folder / "whole.lsa"), folder / "delivery.lsa"
        with zipfile.ZipFile(whole) as source, zipfile.ZipFile(path, "w") as target:
            for name in source.namelist():
                if not name.endswith(ending):
                    target.writestr(name, source.read(name))
                elif replacement is not None:
                    target.writestr(name, replacement)
        return path

    return make


def frame(writer: Callable[[pl.DataFrame, str], None], table: pl.DataFrame) -> Maker:
    def make(folder: Path) -> Path:
        writer(table, str(folder / "delivery"))
        return folder / "delivery"

    return make


def workbook(sheets: dict[str, list[list[object]]]) -> Maker:
    def make(folder: Path) -> Path:
        return write_workbook(sheets)(folder / "delivery.xlsx")

    return make


def two_sas_data_sets(folder: Path) -> Path:
    content = write_sas(folder / "delivery").read_bytes()
    return raw(content + content[content.index(b"HEADER RECORD*******MEMB") :])(folder)


def a_folder(folder: Path) -> Path:
    return folder


def nothing(folder: Path) -> Path:
    return folder / "delivery.csv"


def nested(folder: Path) -> Path:
    inner = archive({"a.csv": PLAIN.encode()})(folder).read_bytes()
    return archive({"inner.zip": inner})(folder)


EMPTY = pl.DataFrame({"ID": pl.Series([], dtype=pl.String), "Q1": pl.Series([], dtype=pl.Float64)})
NESTED = pl.DataFrame({"id": ["a"], "answers": [["SECRET"]]})
HEADER_3 = QUALTRICS.splitlines()
FORM: dict[str, list[list[object]]] = {
    "survey": [["type", "name", "label"], ["text", "q1", "Well?"]],
    "choices": [["list_name", "name"]],
}

BYTES = {
    "no file": Malformed(nothing, "there is no such file"),
    "a folder": Malformed(a_folder, "is a folder"),
    "nothing in it": Malformed(raw(b""), "0 bytes"),
    "an old workbook": Malformed(raw(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1SECRET"), "old Excel file"),
    "a printed report": Malformed(raw(b"%PDF-1.7 SECRET"), "PDF"),
    "gzip": Malformed(raw(b"\x1f\x8b\x08SECRET"), "gzip"),
    "7-Zip": Malformed(raw(b"7z\xbc\xaf\x27\x1cSECRET"), "7-Zip"),
    "RAR": Malformed(raw(b"Rar!\x1a\x07SECRET"), "RAR"),
    "bzip2": Malformed(raw(b"BZh91AYSECRET"), "bzip2"),
    "a formatted document": Malformed(raw(b"{\\rtf1 SECRET}"), "RTF"),
    "a SAS data set": Malformed(raw(bytes(12) + b"\xc2\xea\x81\x60SECRET"), "sas7bdat"),
    "a database": Malformed(raw(b"SQLite format 3\x00SECRET"), "SQLite"),
    "an R workspace": Malformed(raw(b"RDX3\nSECRET"), "R workspace"),
    "other XML": Malformed(text('<?xml version="1.0"?><responses>SECRET</responses>'), "an XML document"),
    "a login page": Malformed(text("<!DOCTYPE html><title>SECRET</title>"), "web page"),
    "JSON": Malformed(text('[{"id": 1, "q1": "SECRET"}]'), "JSON"),
    "a text document": Malformed(archive({"word/document.xml": b"SECRET"}), "office document"),
    "a cut-off archive": Malformed(raw(b"PK\x03\x04SECRET"), "table of contents cannot be read"),
    "an empty archive": Malformed(archive({}), "archive without files"),
    "a locked archive": Malformed(archive({"a.csv": b"SECRET"}, flags=1), "password"),
    "a damaged archive": Malformed(archive({"a.csv": b"id,q1\n1,SECRET\n"}, damage=True), "is a damaged archive"),
    "an archive of strangers": Malformed(archive({"a.csv": b"SECRET", "b.csv": b"SECRET"}), "holds 2 files"),
    "an archive of namesakes": Malformed(archive({"x/a.csv": b"SECRET", "y/a.csv": b"SECRET"}), "two files of the same name"),
    "an archive in an archive": Malformed(nested, "archive inside an archive"),
}  # fmt: skip

TEXTS = {
    "a NUL byte": Malformed(raw(b"id,q1\n1,a\n2,SECRET\x00\n"), "NUL byte", line=3),
    "a NUL in UTF-16": Malformed(raw("id,q1\n1,\x00SECRET\n".encode("utf-16")), "NUL character", line=2),
    "half a UTF-16 character": Malformed(raw("id,q1\n1,SECRET\n".encode("utf-16")[:-1]), "is not utf-16; the file is damaged", line=2),
    "foreign bytes in UTF-8": Malformed(raw("id,q1\n1,ответ SECRET\n".encode() + b"2,\xe9\n"), "UTF-8 text with bytes in it that are not", line=3),
    "a cut-off character": Malformed(raw("id,q1\n1,ответ SECRET\n2,да".encode()[:-1]), "ends inside a character", line=3),
    "bytes of no code page": Malformed(raw(b"id,q1\n1,\x81SECRET\n"), "its encoding cannot be told", line=2),
    "an unknown encoding": Malformed(text(PLAIN), "encoding 'runes' is not known", options={"encoding": "runes"}),
    "a wrong encoding": Malformed(raw("id,q1\n1,SECRET да\n".encode("cp1251")), "is not utf-8; the file is damaged", 2, options={"encoding": "utf-8"}),
    "blank lines": Malformed(text("\n\n \n"), "only blank lines"),
    "one column": Malformed(text("q1\nSECRET\nb\n"), "no delimiter", line=1),
    "two delimiters": Malformed(text("id,q1;q2\n1,SECRET;3\n"), "two delimiters", line=1),
    "an open quotation mark": Malformed(text('id,q1\n1,a\n2,"SECRET\n3,b\n4,c\n'), "never closes", line=3),
    "a lone quotation mark": Malformed(text('id,q1\n1,a\n2,"SEC"RET"\n3,b\n'), "is not doubled", line=3),
    "a header alone": Malformed(text("id,q1,q2\n"), "a header and no responses"),
    "a title above the header": Malformed(text("Survey of SECRET\nid,q1,q2,q3\n" + ROWS), "a title stands above the header", line=1),
    "a header one short": Malformed(text("q1,q2,q3\n" + ROWS.replace("3,1,2", "33,1,2")), "has 3 fields, the records 4", line=2),
    "a header one long": Malformed(text("id,q1,q2,q3,q4\n" + ROWS), "has 5 fields, the records 4", line=2),
    "many ragged rows": Malformed(text("id,q1,q2,q3\n" + ROWS + "21,1,SECRET\n" * 5), "5 of 25 records", line=22),
    "commas in unquoted cells": Malformed(text("id,q1,q2,q3\n" + ROWS + "21,1,2,SECRET, too\n" * 4), "too many fields", line=22),
}  # fmt: skip

PLATFORMS = {
    "Qualtrics without names": Malformed(text("\n".join(HEADER_3[1:])), "the row of names was deleted"),
    "Qualtrics with a title": Malformed(text("\n".join(["a,b,c,d,e,SECRET", *HEADER_3])), "rows were inserted above"),
    "Qualtrics with half an import id": Malformed(text(QUALTRICS.replace('"{""ImportId"":""status""}"', "SECRET")), "damaged in 1 cell"),
    "Qualtrics with two rows of texts": Malformed(text("\n".join([*HEADER_3[:2], *HEADER_3[1:2], *HEADER_3[3:]])), "cannot be told from its responses"),
    "Qualtrics without responses": Malformed(text("\n".join(HEADER_3[:3])), "holds 3 header rows and no responses"),
    "a LimeSurvey file for re-import": Malformed(text("Response ID\tDate submitted\tLast page\nid\tsubmitdate\tlastpage\n1\tSECRET\t3\n"), "VV export"),
    "SurveyMonkey without options": Malformed(text(SURVEYMONKEY.replace(SURVEYMONKEY.splitlines()[1] + "\n", "")), "without its second header row"),
    "a repeat group alone": Malformed(text(KOBO_REPEAT), "is a repeat group"),
    "a form alone": Malformed(workbook(FORM), "XLSForm"),
    "a dictionary alone": Malformed(text(REDCAP_DICTIONARY), "data dictionary, without responses"),
    "an event that is not there": Malformed(text(REDCAP), "has no event", platform="redcap:wave_9"),
    "a stranger beside a survey": Malformed(text(KOBO), "not a form or a repeat group", beside=(text(ODK, "other.csv"),)),
    "a stranger beside a record": Malformed(text(REDCAP), "not a REDCap data dictionary", beside=(text(ODK, "other.csv"),)),
    "a companion for nobody": Malformed(text(PLAIN), "has no files beside it", beside=(text(ODK, "other.csv"),)),
    "another platform": Malformed(text(PLAIN), "announced as qualtrics", platform="qualtrics"),
    "a structure alone": Malformed(text("<?xml version='1.0'?><document><LimeSurveyDocType>Survey</LimeSurveyDocType></document>"), "structure of a survey"),
    "an archive without responses": Malformed(lsa_without(".lsr"), "holds 0 files .lsr"),
    "an archive nobody answered": Malformed(
        lsa_without(".lsr", b"<document><responses><rows></rows></responses></document>"), "a survey and no responses"
    ),
    "broken XML": Malformed(lsa_without(".lsr", b"<document>\n<responses>SECRET"), "broken XML", line=2),
    "a question in place of a survey": Malformed(
        lsa_without(".lss", b"<document><LimeSurveyDocType>Question</LimeSurveyDocType></document>"), "no LimeSurvey survey structure"
    ),
}  # fmt: skip

BINARIES = {
    "a workbook of many sheets": Malformed(workbook({"a": [["id", "q"], [1, "SECRET"]], "b": [["x", "y"], [1, 2]]}), "has 2 sheets with cells"),
    "a workbook of nothing": Malformed(workbook({"a": []}), "without a filled cell"),
    "a workbook of a header": Malformed(workbook({"a": [["id", "q1"]]}), "delivery.xlsx[a]: holds a header"),
    "a cut-off workbook": Malformed(cut(write_google_workbook, 0.6), "table of contents cannot be read. The"),
    "a gutted workbook": Malformed(archive({"xl/workbook.xml": b"SECRET"}), "is a damaged workbook"),
    "a cut-off Parquet file": Malformed(cut(write_parquet, 0.7), "damaged Parquet"),
    "nested Parquet": Malformed(frame(lambda table, path: table.write_parquet(path), NESTED), "not one value a row"),
    "Parquet without rows": Malformed(frame(lambda table, path: table.write_parquet(path), EMPTY), "holds columns and no responses"),
    "a cut-off SPSS file": Malformed(cut(write_spss, 0.95), "expected number of rows"),
    "an SPSS file without rows": Malformed(frame(pyreadstat.write_sav, EMPTY), "holds variables and no responses"),
    "an SPSS mark and nothing else": Malformed(raw(b"$FL2@(#) SECRET"), "cannot be read as an SPSS file"),
    "a cut-off portable file": Malformed(cut(write_portable, 0.6), "cannot be read as an SPSS portable file"),
    "a cut-off Stata file": Malformed(cut(write_stata, 0.5), "cannot be read as a Stata file"),
    "a cut-off SAS file": Malformed(cut(write_sas, 0.97), "ends inside a row"),
    "half a SAS header": Malformed(cut(write_sas, 0.1), "cannot be read as a SAS transport file"),
    "two SAS data sets": Malformed(two_sas_data_sets, "2 data sets"),
}  # fmt: skip

CORPUS: dict[str, Malformed] = BYTES | TEXTS | PLATFORMS | BINARIES
