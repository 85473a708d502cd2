"""What an R user gets: every cell, label and reason of SPSS and Stata files, read by R's haven."""

from __future__ import annotations

import subprocess
from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from haven import SCRIPT, has_haven
from labelled_world import cells_of, hard_edition
from panelpress.publish.formats import spss, stata
from panelpress.publish.formats.dialects import SPSS, STATA
from panelpress.publish.formats.labelled import labelled_columns

pytestmark = [pytest.mark.slow, pytest.mark.skipif(not has_haven(), reason="R with the package haven is not installed")]


@dataclass(frozen=True)
class Seen:
    value: str
    tag: str
    missing: bool
    label: str


def read(path: Path) -> tuple[dict[str, str], dict[str, list[Seen]]]:
    """Titles and cells of every column as haven understood them."""
    done = subprocess.run(["Rscript", str(SCRIPT), str(path)], capture_output=True, text=True, check=True)
    titles: dict[str, str] = {}
    cells: dict[str, list[Seen]] = defaultdict(list)
    for line in done.stdout.splitlines():
        name, row, value, tag, missing, label = line.split("\t")
        if row == "0":
            titles[name] = value
        else:
            cells[name].append(Seen(value, tag, missing == "TRUE", label))
    return titles, cells


def same(found: str, wanted: Any) -> bool:
    if isinstance(wanted, date | str):
        return found == str(wanted)
    return float(found) == float(wanted)


@pytest.mark.parametrize("language", ["en", "ru"])
def test_haven_reads_every_cell_of_spss(language: str, tmp_path: Path) -> None:
    edition, rows = hard_edition()
    table = edition.table("tiny_responses")
    spss.write(edition, rows, tmp_path)
    titles, cells = read(tmp_path / f"data/spss/tiny_responses.{language}.zsav")
    wanted = cells_of(rows, table)
    assert titles["(file)"] == "SIMULATED tiny-panel 0.1.0 tiny_responses"
    reasons = edition.missing.by_id()
    for column in labelled_columns(table, edition.missing, SPSS):
        assert titles[column.name] == column.title.in_language(language)
        if column.source.why_of:
            continue
        for seen, row in zip(cells[column.name], wanted, strict=True):
            cell = row[column.name]
            if cell.reason and column.folds:
                assert seen.missing
                assert same(seen.value, reasons[cell.reason].code)
                assert seen.label == reasons[cell.reason].text.in_language(language)
            elif cell.reason:
                assert seen.missing or seen.value == ""
            else:
                assert not seen.missing
                assert same(seen.value, cell.value)
                assert not column.source.categories or seen.label == column.labels[cell.value].in_language(language)


@pytest.mark.parametrize("language", ["en", "ru"])
def test_haven_reads_every_cell_of_stata(language: str, tmp_path: Path) -> None:
    edition, rows = hard_edition()
    table = edition.table("tiny_responses")
    stata.write(edition, rows, tmp_path)
    titles, cells = read(tmp_path / f"data/stata/tiny_responses.{language}.dta")
    wanted = cells_of(rows, table)
    reasons = edition.missing.by_id()
    for column in labelled_columns(table, edition.missing, STATA):
        assert titles[column.name] == column.title.in_language(language)
        if column.source.why_of:
            continue
        for seen, row in zip(cells[column.name], wanted, strict=True):
            cell = row[column.source.name]
            if cell.reason and column.folds:
                assert seen.missing
                assert f".{seen.tag}" == reasons[cell.reason].stata
                assert seen.label == reasons[cell.reason].text.in_language(language)
            elif cell.reason:
                assert seen.missing or seen.value == ""
            elif column.name == column.source.name:
                assert same(seen.value, cell.value)
                assert (
                    not column.labels
                    or not column.source.categories
                    or seen.label == column.labels[cell.value].in_language(language)
                )
            else:
                chosen = [each for each in column.source.categories if each.code == cell.value]
                assert seen.label == chosen[0].label.in_language(language)
