"""Mutated exports of every platform end in a table or in one clear error: never in a traceback, never with a row silently lost."""

from __future__ import annotations

import io
import re
import tempfile
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from panelpress.errors import PanelpressError
from panelpress.model.delivery import RawTable
from panelpress.raw.readers import read_delivery
from platform_exports import (
    EXPORTS,
    ODK,
    write_google_workbook,
    write_lsa,
    write_portable,
    write_text,
    write_workbook,
)

# Every respondent carries an id that nothing else in the file looks like.
ID = re.compile(r"resp0\d")
TEXTS = ("plain_csv", "qualtrics_csv", "limesurvey_csv", "google_forms_csv", "surveymonkey_csv", "kobo_csv", "redcap_csv", "odk")
BINARIES = {
    **{name: EXPORTS[name] for name in ("spss_sav", "stata_dta", "sas_xpt", "plain_parquet")},
    "spss_por": write_portable,
    "limesurvey_lsa": write_lsa,
    "google_forms_xlsx": write_google_workbook,
    "plain_xlsx": write_workbook({"a": [["id", "q1"], *[[f"resp0{i}", i] for i in range(1, 6)]]}),
}
PIECES = (
    '"',
    ",",
    ";",
    "\t",
    "\n",
    "\r\n",
    "\x00",
    "\ufeff",
    "é",
    "я",
    "\\",
    "'",
    '""',
    '"\n"',
    " ",
    "<U+043E>",
    "0000-00-00",
    "🙂",
)
FEW = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])


def with_ids(name: str, folder: Path) -> str:
    """The export of ``name`` with a marked id at the start of every record's last column."""
    writer = EXPORTS[name] if name in EXPORTS else write_text(ODK)
    content = writer(folder / "whole").read_bytes().decode()
    lines = content.splitlines()
    for number, at in enumerate(range(len(lines) - 5, len(lines)), start=1):
        quoted = lines[at].endswith('"')
        lines[at] = lines[at].removesuffix('"') + f"resp0{number}" + ('"' if quoted else "")
    return "\n".join(lines) + "\n"


def assert_nothing_changed(text: str, table: RawTable, name: str) -> None:
    """Where no repair is told, all cells stand in the file as they are, one behind the other."""
    if any(repair.repaired for repair in table.repairs):
        return
    written = text.replace('""', '"')
    at = 0
    for row in table.data.iter_rows():
        for column, cell in zip(table.columns, row, strict=True):
            if cell is not None and not (name == "google_forms_csv" and column is table.columns[0]):  # becomes an ISO time
                at = written.find(cell.replace('""', '"'), at)
                assert at >= 0, "a cell was changed silently"
                at += len(cell.replace('""', '"'))


@st.composite
def mutations(draw: st.DrawFn) -> list[tuple[str, float, str]]:
    kinds = st.sampled_from(["insert", "delete", "line_twice", "line_gone", "cut", "swap"])
    return draw(st.lists(st.tuples(kinds, st.floats(0, 1, exclude_max=True), st.sampled_from(PIECES)), min_size=1, max_size=4))


def mutate(text: str, steps: list[tuple[str, float, str]]) -> str:
    for kind, place, piece in steps:
        at = int(place * len(text))
        lines = text.splitlines(keepends=True)
        line = int(place * len(lines))
        if kind == "insert":
            text = text[:at] + piece + text[at:]
        elif kind == "delete":
            text = text[:at] + text[at + 1 :]
        elif kind == "cut":
            text = text[: max(at, 20)]
        elif kind == "swap":
            text = text.replace(piece, ",") if piece in '";\t' else text
        elif lines:
            text = "".join([*lines[:line], *([lines[line]] * 2 if kind == "line_twice" else []), *lines[line + 1 :]])
    return text


def read(content: bytes) -> RawTable | None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "delivery"
        path.write_bytes(content)
        refusal = None
        try:
            table = read_delivery(path)
        except PanelpressError as error:
            refusal = error
    if refusal is not None:
        assert refusal.where and refusal.what and refusal.todo
        assert not ID.search(str(refusal)), "an error repeats a cell"
        return None
    for each in (table, *table.children.values()):
        assert each.rows_in == each.data.height + sum(each.refused.values())
        assert [column.name for column in each.columns] == each.data.columns
        assert not any(ID.search(repair.message) for repair in each.repairs)
    return table


@pytest.mark.slow
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp1251"])
@pytest.mark.parametrize("name", TEXTS)
@given(steps=mutations())
@FEW
def test_no_respondent_of_a_mutated_text_export_is_silently_lost(
    name: str, encoding: str, steps: list[tuple[str, float, str]]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        text = mutate(with_ids(name, Path(folder)), steps)
    table = read(text.encode(encoding, errors="replace"))
    if table is None:
        return
    read_as = (table.encoding or "utf-8").partition(" ")[0]  # a guess is told, and may err by a letter
    assert_nothing_changed(text.encode(encoding, errors="replace").decode(read_as, errors="replace"), table, name)
    rows = [[cell for cell in row if cell] for row in table.data.iter_rows()]
    for row in rows:
        assert len({found for cell in row for found in ID.findall(cell)}) <= 1, "two respondents became one row"
    kept = {found for row in rows for cell in row for found in ID.findall(cell)}
    kept |= {found for column in table.columns for found in ID.findall(column.name + column.text)}
    lost = set(ID.findall(text)) - kept
    assert not lost or table.refused, "a respondent vanished without a count"


@pytest.mark.slow
@pytest.mark.parametrize("name", BINARIES)
@given(
    places=st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), min_size=1, max_size=6),
    keep=st.floats(0.02, 1),
)
@FEW
def test_a_mutated_binary_export_never_ends_in_a_traceback(name: str, places: list[tuple[float, int]], keep: float) -> None:
    with tempfile.TemporaryDirectory() as folder:
        content = bytearray(BINARIES[name](Path(folder) / "whole").read_bytes())
    for place, byte in places:
        content[int(place * len(content))] = byte
    read(bytes(content[: max(1, int(keep * len(content)))] if keep < 0.9 else content))


@pytest.mark.slow
@pytest.mark.parametrize("name", ["limesurvey_lsa", "google_forms_xlsx", "plain_xlsx"])
@given(
    place=st.floats(0, 1, exclude_max=True),
    member=st.floats(0, 1, exclude_max=True),
    piece=st.sampled_from([*PIECES, "<", ">", "&", "</row>", "9"]),
)
@FEW
def test_a_packed_export_with_a_mutated_part_never_ends_in_a_traceback(
    name: str, place: float, member: float, piece: str
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        whole = BINARIES[name](Path(folder) / "whole").read_bytes()
    changed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(whole)) as source, zipfile.ZipFile(changed, "w") as target:
        names = source.namelist()
        for each in names:
            content = source.read(each)
            if each == names[int(member * len(names))]:
                at = int(place * len(content))
                content = content[:at] + piece.encode() + content[at:]
            target.writestr(each, content)
    read(changed.getvalue())


@pytest.mark.slow
@given(content=st.one_of(st.binary(max_size=400), st.text(max_size=300).map(str.encode)))
@settings(FEW, max_examples=300)
def test_any_bytes_end_in_a_table_or_an_error(content: bytes) -> None:
    read(content)
