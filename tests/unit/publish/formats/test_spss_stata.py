"""SPSS and Stata files hold every cell, label and reason, in each language, and the same bytes each time."""

from __future__ import annotations

import hashlib
import math
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import pyreadstat
import pytest

from labelled_world import Cell, cells_of, hard_edition
from panelpress.errors import DeclarationError, ReleaseRefused
from panelpress.model.missing import WHY_SUFFIX
from panelpress.model.release import Edition
from panelpress.model.variable import Category
from panelpress.publish.formats import spss, stata, wide
from panelpress.publish.formats.dialects import STATA
from panelpress.publish.formats.dta_rows import tagged_double, tagged_int, take_apart
from panelpress.publish.formats.fit import label_findings, label_problems
from panelpress.publish.formats.labelled import labelled_columns, select
from panelpress.publish.formats.limits import misfits
from panelpress.publish.formats.stamps import stamp_dta
from panelpress.schemas.tables import responses_table
from worlds import MISSING, STUDY, both, tiny_edition


def records(path: Path) -> tuple[list[dict[str, Any]], Any]:
    read = pyreadstat.read_sav if path.suffix == ".zsav" else pyreadstat.read_dta
    frame, meta = read(path, user_missing=True, output_format="dict")
    names = list(frame)
    return [dict(zip(names, row, strict=True)) for row in zip(*frame.values(), strict=True)], meta


def decoded(edition: Edition, record: dict[str, Any], name: str) -> Cell:
    """The cell as an analyst would understand it: letters and negative codes are reasons only where the file marks them so."""
    value = record[name]
    if name + WHY_SUFFIX in record:
        reason = record[name + WHY_SUFFIX] or None
        return Cell(None if reason else value, reason)
    if isinstance(value, float) and math.isnan(value):
        return Cell(None, None)
    return Cell(value, None)


def same(found: Any, wanted: Any) -> bool:
    if isinstance(wanted, Decimal):
        return float(found) == float(wanted)
    return bool(found == wanted)


def test_every_cell_of_an_spss_file_is_a_value_or_its_reason(tmp_path: Path) -> None:
    edition, rows = hard_edition()
    table = edition.table("tiny_responses")
    by_code = {float(each.code): each.reason for each in edition.missing}
    spss.write(edition, rows, tmp_path)
    for language in ("en", "ru"):
        found, meta = records(tmp_path / f"data/spss/tiny_responses.{language}.zsav")
        wanted = cells_of(rows, table)
        assert len(found) == len(wanted) == 7
        for record, expected in zip(found, wanted, strict=True):
            for name, cell in expected.items():
                seen = decoded(edition, record, name)
                if name in meta.missing_ranges and seen.value in by_code:
                    seen = Cell(None, by_code[seen.value])
                assert seen.reason == cell.reason, name
                assert cell.reason or same(seen.value, cell.value), name
        assert meta.missing_ranges["trust"] == [{"lo": -12.0, "hi": -1.0}]
        assert "change" not in meta.missing_ranges  # may be below zero: its reasons stand beside it


def test_every_cell_of_a_stata_file_is_a_value_or_its_tagged_reason(tmp_path: Path) -> None:
    edition, rows = hard_edition()
    by_letter = {each.stata[1]: each.reason for each in edition.missing}
    stata.write(edition, rows, tmp_path)
    for language in ("en", "ru"):
        found, _ = records(tmp_path / f"data/stata/tiny_responses.{language}.dta")
        wanted = cells_of(rows, edition.table("tiny_responses"))
        for record, expected in zip(found, wanted, strict=True):
            for name, cell in expected.items():
                seen = decoded(edition, record, name)
                if name + WHY_SUFFIX not in record and seen.value in by_letter and name not in ("person_id", "wave"):
                    seen = Cell(None, by_letter[seen.value])
                assert seen.reason == cell.reason, name
                assert cell.reason or same(seen.value, cell.value), name


def test_labels_are_those_of_the_language_of_the_file(tmp_path: Path) -> None:
    edition, rows = hard_edition()
    spss.write(edition, rows, tmp_path)
    stata.write(edition, rows, tmp_path)
    for language, title, label in (("en", "Trust in people", "Fully"), ("ru", "Доверие к людям", "Полностью")):
        for path in (f"data/spss/tiny_responses.{language}.zsav", f"data/stata/tiny_responses.{language}.dta"):
            _, meta = records(tmp_path / path)
            assert meta.column_names_to_labels["trust"] == title
            assert meta.variable_value_labels["trust"][3] == label
    _, meta = records(tmp_path / "data/spss/tiny_responses.ru.zsav")
    assert meta.variable_value_labels["town"] == {"north-eastern": "Северо-восток", "south": "Юг"}
    assert meta.variable_value_labels["trust"][-2] == "preferred not to say"
    _, meta = records(tmp_path / "data/stata/tiny_responses.ru.dta")
    assert meta.variable_value_labels["trust"]["r"] == "preferred not to say"
    assert meta.variable_value_labels["town__label"][1] == "Северо-восток"


def test_a_text_code_has_a_labelled_number_beside_it_in_stata(tmp_path: Path) -> None:
    edition, rows = hard_edition()
    stata.write(edition, rows, tmp_path)
    found, _ = records(tmp_path / "data/stata/tiny_responses.en.dta")
    seen = [(each["town"], each["town__why"], each["town__label"]) for each in found]
    assert seen[:3] == [("north-eastern", "", 1), ("south", "", 2), ("", "suppressed", "x")]


def test_files_of_simulated_data_say_so_inside(tmp_path: Path) -> None:
    edition, rows = tiny_edition()
    for path in (*spss.write(edition, rows, tmp_path), *stata.write(edition, rows, tmp_path)):
        _, meta = records(path)
        assert meta.file_label.startswith("SIMULATED tiny-panel 0.1.0 ")
        assert path.suffix == ".dta" or "simulated" in " ".join(meta.notes).casefold()
    real = replace(edition, project=replace(edition.project, simulated=False))
    (first, *_) = spss.write(real, rows, tmp_path / "real")
    assert records(first)[1].file_label == "tiny-panel 0.1.0 tiny_responses"


@pytest.mark.parametrize("module", [spss, stata, wide], ids=["spss", "stata", "wide"])
def test_the_same_release_gives_the_same_bytes_on_one_and_four_threads(module: Any, tmp_path: Path) -> None:
    hashes = []
    for threads in (1, 4):
        edition, rows = hard_edition()
        rows.execute(f"SET threads = {threads}")
        written = module.write(edition, rows, tmp_path / str(threads))
        hashes.append([hashlib.sha256(path.read_bytes()).hexdigest() for path in written])
    assert hashes[0] == hashes[1]


def test_the_stamp_inside_is_the_release_date(tmp_path: Path) -> None:
    edition, rows = tiny_edition()
    for path in (*spss.write(edition, rows, tmp_path), *stata.write(edition, rows, tmp_path)):
        assert records(path)[1].creation_time.date() == date(2026, 1, 31)


def with_label(label: str, ru: str = "Кратко", code_label: str = "Yes") -> Edition:
    edition, _ = tiny_edition()
    changed = replace(
        edition.variable("trust"),
        label=both(label, ru),
        declared_in="build/variables/trust.yaml:2",
        categories=(Category(1, both(code_label, "Да")), Category(2, both("No", "Нет")), Category(3, both("?", "?"))),
    )
    variables = tuple(changed if each.id == "trust" else each for each in edition.variables)
    tables = (responses_table(STUDY, variables, edition.missing), *edition.tables[1:])
    return replace(edition, variables=variables, tables=tables)


def test_the_longest_label_that_fits_arrives_whole(tmp_path: Path) -> None:
    _, rows = tiny_edition()
    edition = with_label("x" * 80, "Ж" * 80, "y" * 120)
    for path in (*spss.write(edition, rows, tmp_path), *stata.write(edition, rows, tmp_path)):
        if "responses" in path.name:
            _, meta = records(path)
            wanted = "x" * 80 if ".en." in path.name else "Ж" * 80
            assert meta.column_names_to_labels["trust"] == wanted
            assert meta.variable_value_labels["trust"][1] == ("y" * 120 if ".en." in path.name else "Да")


@pytest.mark.parametrize(
    ("edition", "format", "said"),
    [
        (with_label("ok", code_label="Ж" * 61), "spss", "the label of code 1 (en) has 122 bytes, spss holds 120"),
        (with_label("x" * 81), "stata", "the label (en) has 81 characters, stata holds 80"),
        (with_label("ok", "Ж" * 129), "spss", "the label (ru) has 258 bytes, spss holds 256"),
    ],
    ids=["value label", "variable label", "Cyrillic variable label"],
)
def test_a_label_that_would_be_cut_stops_the_export_before_any_file(
    edition: Edition, format: Any, said: str, tmp_path: Path
) -> None:
    _, rows = tiny_edition()
    with pytest.raises(DeclarationError) as refused:
        (spss if format == "spss" else stata).write(edition, rows, tmp_path)
    assert said in refused.value.what
    assert refused.value.where == "build/variables/trust.yaml:2"
    assert not list(tmp_path.iterdir())


def test_a_name_of_33_characters_does_not_fit_stata_and_one_of_32_does_with_labels_too(tmp_path: Path) -> None:
    edition, rows = tiny_edition()
    table = edition.table("tiny_responses")

    def named(name: str, old: str) -> Edition:
        fields = tuple(
            replace(each, name=name if each.name == old else each.name, why_of=name if each.why_of == old else each.why_of)
            for each in table.fields
        )
        return replace(edition, tables=(replace(table, fields=fields),))

    assert not misfits(named("p" * 32, "person_id"), "stata")
    assert [each.what for each in misfits(named("p" * 33, "person_id"), "stata")] == ["the name"]
    long = named("t" * 32, "gender")
    assert not misfits(long, "stata")
    rows.execute(f"ALTER TABLE tiny_responses RENAME gender TO {'t' * 32}")
    path = stata.write_table(long, rows, long.table("tiny_responses"), tmp_path)[0]
    meta = records(path)[1]
    assert meta.variable_value_labels["t" * 32][1] == "Woman"
    assert max(map(len, meta.variable_to_label.values())) <= 32
    assert len(set(meta.variable_to_label.values())) == len(meta.variable_to_label)
    assert not misfits(named("p" * 64, "person_id"), "spss")


def test_the_gate_gets_one_finding_a_format_that_names_what_does_not_fit() -> None:
    held = label_findings(tiny_edition()[0])
    assert [(each.resource, each.n_failed) for each in held] == [("spss", 0), ("stata", 0)]
    broken = label_findings(with_label("x" * 300))
    assert [each.n_failed for each in broken] == [1, 1]
    assert all(each.blocks and each.rule == "format.labels_fit" for each in broken)
    assert "tiny_responses.trust" in broken[0].message


def test_lint_tells_without_data_what_does_not_fit_and_leaves_out_what_is_never_published() -> None:
    edition = with_label("x" * 300)
    assert "trust" in label_problems(edition)[0].what
    hidden = tuple(replace(each, tier="never") if each.id == "trust" else each for each in edition.variables)
    assert not label_problems(replace(edition, variables=hidden))


def test_a_name_that_only_the_wide_file_makes_too_long_is_told_to_the_gate_and_by_lint() -> None:
    edition = tiny_edition()[0]
    long = "t" * 31
    variables = tuple(replace(each, id=long) if each.id == "trust" else each for each in edition.variables)
    edition = replace(edition, variables=variables, tables=(responses_table(STUDY, variables, MISSING), *edition.tables[1:]))
    assert [(each.resource, each.n_failed) for each in label_findings(edition)] == [("spss", 0), ("stata", 2)]
    assert f"tiny_wide.{long}_a" in label_problems(edition)[0].what


def test_rows_packed_here_are_the_bytes_that_pyreadstat_writes_cell_by_cell(tmp_path: Path) -> None:
    edition, rows = hard_edition()
    table = edition.table("tiny_responses")
    chosen = labelled_columns(table, edition.missing, STATA)
    stata.write(edition, rows, tmp_path)
    frame = rows.sql(select(table, chosen)).pl().to_pandas()
    letters = {number(each.stata): each.stata[1] for each in edition.missing for number in (tagged_int, tagged_double)}
    tags = [each.stata[1] for each in edition.missing]
    for each in chosen:
        if each.folds:
            frame[each.name] = pd.Series([letters.get(value, value) for value in frame[each.name].tolist()], dtype=object)
        elif each.kind == "date":
            frame[each.name] = frame[each.name].dt.date
    pyreadstat.write_dta(
        frame,
        tmp_path / "bare.dta",
        file_label="SIMULATED tiny-panel 0.1.0 tiny_responses",
        column_labels=[each.title.in_language("en") for each in chosen],
        version=14,
        variable_value_labels={each.name: stata.value_labels(each, "en") for each in chosen if each.labels},
        variable_format={each.name: "%12.0g" for each in chosen if each.kind in ("code", "integer")},
        missing_user_values={each.name: tags for each in chosen if each.folds},
    )
    stamp_dta(tmp_path / "bare.dta", edition.released)
    assert (tmp_path / "data/stata/tiny_responses.en.dta").read_bytes() == (tmp_path / "bare.dta").read_bytes()


def test_a_table_without_rows_becomes_a_file_without_rows(tmp_path: Path) -> None:
    edition, rows = tiny_edition()
    rows.execute("DELETE FROM tiny_responses")
    for module in (spss, stata):
        for path in module.write(edition, rows, tmp_path):
            assert len(records(path)[0]) == (0 if "responses" in path.name else 5)


def test_a_text_too_long_for_stata_is_refused(tmp_path: Path) -> None:
    edition, rows = tiny_edition()
    rows.execute("UPDATE tiny_responses SET country = repeat('x', 2046) WHERE person_id = 'p1'")
    with pytest.raises(ReleaseRefused, match="2046 bytes"):
        stata.write(edition, rows, tmp_path)


def test_only_a_stata_file_of_one_row_serves_as_template() -> None:
    with pytest.raises(ValueError, match="no little-endian Stata file"):
        take_apart(b"something else" * 100)
