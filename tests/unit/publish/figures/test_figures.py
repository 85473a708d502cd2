"""Figures: cells from released tables, words that say what a reader must know, pictures whose bytes never change."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from panelpress.errors import DeclarationError
from panelpress.model.figure import Figure, FigureCell, Part
from panelpress.paths import Places
from panelpress.publish import beside
from panelpress.publish.figures import export
from panelpress.publish.figures.caption import words
from panelpress.publish.figures.draw import APART, _place_labels, draw
from panelpress.publish.figures.tables import contribute_figures, read_figures
from panelpress.schemas.crosswalk import Crosswalk
from panelpress.schemas.declarations import Declarations
from panelpress.schemas.figures import load_figures
from printed_numbers import printed
from worlds import MISSING, PROJECT, SAMPLES, STUDY, VARIABLES, both, tiny_edition

YAML = """spec: panel-figure/0.1
number: 3
title: {en: "Trust in people", ru: "Доверие к людям"}
chart: bars
sample: {en: "Everybody", ru: "Все"}
of: {variable: trust, answer: "2|3"}
rows: [{sample: everyone}, {wave: a, sample: both_waves, label: {en: "Both, wave a", ru: "Обе, волна a"}}]
"""
NUMBER = printed(printed="80%", value=80, answer="2|3")


def declared(folder: Path, text: str = YAML) -> Declarations:
    places = Places(root=folder, work=folder)
    places.figures.mkdir(parents=True)
    (places.figures / "trust.yaml").write_text(text, encoding="utf-8")
    return Declarations(places, PROJECT, Crosswalk(VARIABLES, (STUDY,), MISSING, ()), SAMPLES, ())


def made(folder: Path) -> tuple[Figure, tuple[FigureCell, ...]]:
    edition, rows = tiny_edition()
    declarations = declared(folder)
    contribute_figures(load_figures(declarations), declarations, [NUMBER])(edition, rows)
    return read_figures(rows, ("en", "ru"))[0]


def test_cells_are_shares_of_released_tables_with_printed_values_beside_them(tmp_path: Path) -> None:
    figure, cells = made(tmp_path)
    assert (figure.number, figure.title.in_language("ru")) == (3, "Доверие к людям")
    assert [(cell.value, cell.n, cell.printed) for cell in cells] == [(83.3, 6, (80.0,)), (100.0, 1, ())]
    assert [cell.row_label.in_language("en") for cell in cells] == ["Everyone", "Both, wave a"]


def test_the_caption_says_sample_base_source_and_that_the_answers_are_simulated(tmp_path: Path) -> None:
    figure, cells = made(tmp_path)
    said = words(figure, cells, "en", "Tiny panel", "0.1.0", simulated=True)
    caption = " ".join(said.caption)
    assert said.title == ("3. Trust in people",)
    for part in ("Everybody, n = 1–6.", "Tiny panel, release 0.1.0, open tables", "Diamond: value printed", "Simulated answers"):
        assert part in caption
    assert "Simulated" not in " ".join(words(figure, cells, "en", "P", "1", simulated=False).caption)


def test_what_a_tier_cannot_show_is_said_and_never_drawn_as_zero(tmp_path: Path) -> None:
    figure, cells = made(tmp_path)
    hidden = [replace(cells[0], value=None, n=None, printed=()), cells[1]]
    said = words(figure, hidden, "en", "P", "1", simulated=True)
    svg, _ = draw(figure, hidden, said, "en")
    assert "not published in this tier" in " ".join(said.caption) and ">–<" in svg


@pytest.mark.parametrize("chart", ["bars", "lines", "stacked"])
def test_the_same_cells_give_the_same_bytes_and_hold_every_label(tmp_path: Path, chart: str) -> None:
    figure, cells = made(tmp_path)
    figure = replace(figure, chart=chart)  # type: ignore[arg-type]
    said = words(figure, cells, "ru", "P", "1", simulated=True)
    svg, png = draw(figure, cells, said, "ru")
    assert (svg, png) == draw(figure, cells, said, "ru")
    assert png.startswith(b"\x89PNG") and "Доверие к людям" in svg and "Обе, волна a" in svg
    assert "http" not in svg.replace("http://www.w3.org", ""), "a picture loads nothing"


def test_pictures_drawn_in_two_processes_have_the_bytes_of_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    edition, rows = tiny_edition()
    declarations = declared(tmp_path)
    one = (tmp_path / "publish" / "figures" / "trust.yaml").read_text(encoding="utf-8")
    (declarations.places.figures / "twice.yaml").write_text(one.replace("number: 3", "number: 4"), encoding="utf-8")
    tables = contribute_figures(load_figures(declarations), declarations, [NUMBER])(edition, rows)
    edition = replace(edition, tables=(*edition.tables, *tables))
    monkeypatch.setattr(export, "SOME", 1)
    written = {}
    for number in (1, 2):
        monkeypatch.setattr(beside, "processors", lambda number=number: number)
        paths = export.write(edition, rows, tmp_path / str(number))
        written[number] = {path.name: path.read_bytes() for path in paths}
    assert len(written[1]) == 8 and written[1] == written[2]


def test_no_label_of_a_wave_covers_another_or_a_point_of_another_series() -> None:
    data = [{"row": "w", "value": value} for value in (50.0, 51.0, 52.0, 90.0)] + [{"row": "x", "value": 51.0}]
    _place_labels(data)
    of_one = [each for each in data if each["row"] == "w"]
    heights = sorted(each["label_at"] for each in of_one)
    assert all(later - earlier >= APART for earlier, later in pairwise(heights))
    assert all(abs(each["label_at"] - other["value"]) >= APART for each in of_one for other in of_one if other is not each)
    assert 0 < data[-1]["label_at"] - data[-1]["value"] < 5, "a label alone stands right above its point"


def test_a_printed_share_of_several_answers_is_marked_where_their_segments_begin(tmp_path: Path) -> None:
    edition, rows = tiny_edition()
    text = (
        YAML.replace("bars", "stacked").replace('answer: "2|3"', "sample: everyone")
        + "series: [{answer: 1}, {answer: 2}, {answer: 3}]\n"
    )
    declarations = declared(tmp_path, text)
    contribute_figures(load_figures(declarations), declarations, [NUMBER])(edition, rows)
    figure, cells = read_figures(rows, ("en", "ru"))[0]
    assert [cell.printed_from_here for cell in cells if cell.row == 0] == [(), (80.0,), ()]
    assert all(cell.printed == () for cell in cells)
    said = words(figure, cells, "en", "P", "1", simulated=True)
    assert "Diamond" in " ".join(said.caption)
    unmarked = [replace(cell, printed_from_here=()) for cell in cells]
    assert draw(figure, cells, said, "en")[0] != draw(figure, unmarked, said, "en")[0]


def test_a_figure_lists_what_it_does_not_know(tmp_path: Path) -> None:
    with pytest.raises(DeclarationError, match="no sample is called `nobody`"):
        load_figures(declared(tmp_path, YAML.replace("sample: everyone", "sample: nobody")))
    with pytest.raises(DeclarationError, match="lacks its variable, answer or sample"):
        load_figures(declared(tmp_path / "b", YAML.replace("{sample: everyone}", "{label: {en: X}}")))


def test_benchmarks_come_from_the_table_of_benchmarks(tmp_path: Path) -> None:
    edition, rows = tiny_edition()
    rows.execute(
        "CREATE TABLE benchmarks AS SELECT 'trust' AS variable, '2|3' AS answer, 'XX' AS country, CAST(40 AS DOUBLE) AS value"
    )
    text = YAML.replace("rows: [", "rows: [{benchmark: XX, label: {en: Elsewhere}}, ")
    declarations = declared(tmp_path, text)
    contribute_figures(load_figures(declarations), declarations, [])(edition, rows)
    first = read_figures(rows, ("en", "ru"))[0][1][0]
    assert (first.value, first.source, first.n) == (40.0, "benchmark", None)
    assert load_figures(declarations)[0].rows[0] == Part(label=first.row_label, benchmark="XX")


def test_labels_of_nobody_are_taken_from_the_declarations(tmp_path: Path) -> None:
    text = YAML.replace('label: {en: "Both, wave a", ru: "Обе, волна a"}', "answer: 3").replace('answer: "2|3"', "answer: 1")
    declarations = declared(tmp_path, text)
    edition, rows = tiny_edition()
    contribute_figures(load_figures(declarations), declarations, [])(edition, rows)
    assert both("First wave", "Первая волна") in [cell.row_label for cell in read_figures(rows, ("en", "ru"))[0][1]]
