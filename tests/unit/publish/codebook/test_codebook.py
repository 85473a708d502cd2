"""Codebook pages show every variable, code, count and reason in their language, load nothing from anywhere, and repeat."""

from __future__ import annotations

import hashlib
import re
import zipfile
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from lxml import etree, html

from labelled_world import whole
from panelpress.model.data_protection import DataProtection, Retention
from panelpress.model.text import LocalText
from panelpress.model.variable import WaveRule
from panelpress.publish.codebook import dataflow, pages, workbook
from panelpress.publish.codebook.content import gather
from panelpress.publish.codebook.distributions import Share
from panelpress.publish.codebook.picture import picture
from panelpress.publish.codebook.words import texts
from panelpress.raw.key import PseudonymKey
from worlds import both, tiny_edition

KEY = PseudonymKey(bytes(range(7, 39)))


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("release")
    edition, rows = whole()
    pages.write(edition, rows, folder)
    workbook.write(edition, rows, folder)
    dataflow.exporter(DataProtection())(edition, rows, folder)
    return folder / "codebook"


def test_every_variable_has_a_place_in_each_language(written: Path) -> None:
    edition, _ = whole()
    for language in edition.project.languages:
        tree = html.parse(str(written / f"codebook.{language}.html"))
        for variable in edition.variables:
            (article,) = tree.xpath(f"//article[@id='{variable.id}']")
            assert variable.label.in_language(language) in article.text_content()
            assert variable.question.in_language(language) in article.text_content()


def test_a_page_shows_the_counts_of_the_open_table(written: Path) -> None:
    tree = html.parse(str(written / "codebook.en.html"))
    (table,) = tree.xpath("//article[@id='trust']/div/table[.//th[text()='Answer']]")
    shown = [[" ".join(cell.text_content().split()) for cell in row.xpath("td|th")] for row in table.xpath(".//tbody/tr")]
    assert shown[1] == ["2", "Somewhat", "1", "50.0 %", "2", "50.0 %"]
    assert shown[3] == ["refused", "preferred not to say", "1", "33.3 %", "", ""]
    assert shown[-1] == ["", "Responses", "3", "", "4", ""]


def test_the_raw_codes_of_all_waves_stand_side_by_side(written: Path) -> None:
    tree = html.parse(str(written / "codebook.en.html"))
    (table,) = tree.xpath("//article[@id='gender']//details//table")
    shown = [[" ".join(cell.text_content().split()) for cell in row.xpath("td|th")] for row in table.xpath(".//tr")]
    assert shown[0] == ["Code", "Answer", "a", "b"]
    assert shown[1][0] == "1" and shown[1][2:] == ["1", "f"]
    assert shown[3][0] == "refused" and shown[3][2:] == ["99", "99"]


def test_each_variable_and_wave_that_could_ask_has_a_picture(written: Path) -> None:
    edition, rows = whole()
    tree = html.parse(str(written / "codebook.ru.html"))
    for entry in gather(edition, rows).entries:
        figures = tree.xpath(f"//article[@id='{entry.variable.id}']//figure/svg")
        assert len(figures) == len(entry.asked)
        assert all(entry.variable.label.in_language("ru") in each.get("aria-label") for each in figures)


def test_no_page_loads_anything(written: Path) -> None:
    for path in written.glob("*.html"):
        text = path.read_text(encoding="utf-8")
        tree = html.fromstring(text)
        assert not tree.xpath("//script | //link | //img | //iframe | //object | //embed | //@src | //@srcset | //@style")
        assert all(each.startswith("#") or "://" not in each for each in tree.xpath("//@href"))
        assert not re.search(r"url\(|@import|expression\(", text)


def test_every_file_says_simulated_and_none_does_when_people_are_real(written: Path, tmp_path: Path) -> None:
    for path in (*written.glob("*.html"), *written.glob("*.md")):
        assert "simulated" in path.read_text(encoding="utf-8").casefold()
    edition, rows = whole()
    project = replace(edition.project, simulated=False, title=both("Real", "Настоящая"), description=both("Real", "Настоящая"))
    pages.write(replace(edition, project=project), rows, tmp_path)
    for path in tmp_path.rglob("*.*"):
        assert "simulated" not in path.read_text(encoding="utf-8").casefold()


def test_no_page_holds_the_id_of_a_person(written: Path) -> None:
    _, rows = whole()
    ids = [each for (each,) in rows.execute("SELECT person_id FROM tiny_persons").fetchall()]
    assert len(ids) == 5
    for path in written.iterdir():
        content = path.read_bytes()
        assert not any(each.encode() in content for each in ids)


def test_the_same_release_gives_the_same_pages_and_workbook(written: Path, tmp_path: Path) -> None:
    edition, rows = whole()
    rows.execute("SET threads = 4")
    again = (*pages.write(edition, rows, tmp_path), *workbook.write(edition, rows, tmp_path))
    for path in again:
        first = hashlib.sha256((written / path.name).read_bytes()).hexdigest()
        assert hashlib.sha256(path.read_bytes()).hexdigest() == first, path.name


def test_texts_of_the_survey_are_text_and_no_markup(tmp_path: Path) -> None:
    edition, rows = tiny_edition()
    nasty = replace(edition.variable("trust"), question=both('<script>alert(1)</script> & "more"', "<b>"))
    variables = tuple(nasty if each.id == "trust" else each for each in edition.variables)
    pages.write(replace(edition, variables=variables), rows, tmp_path)
    tree = html.parse(str(tmp_path / "codebook/codebook.en.html"))
    assert not tree.xpath("//script")
    assert "<script>alert(1)</script>" in tree.xpath("//article[@id='trust']/p")[0].text_content()


def test_markdown_holds_the_same_counts(written: Path) -> None:
    text = (written / "codebook.ru.md").read_text(encoding="utf-8")
    assert "| 2 | Отчасти | 1 | 50,0 % | 2 | 50,0 % |" in text
    assert "Симулированные" in text


def test_questionnaires_list_what_each_wave_asked(written: Path) -> None:
    tree = html.parse(str(written / "questionnaires.en.html"))
    assert tree.xpath("//li[@id='a-age']")
    assert not tree.xpath("//li[@id='b-age']")


def test_a_derived_variable_is_no_question_of_a_wave() -> None:
    edition, rows = whole()
    derived = {wave: WaveRule(wave, "complete", expr="trust = 1") for wave in ("a", "b")}
    variables = tuple(replace(each, waves=derived) if each.id == "gender" else each for each in edition.variables)
    asked = {entry.variable.id for entry, _ in gather(replace(edition, variables=variables), rows).asked_in("a")}
    assert "gender" not in asked and "trust" in asked


def test_methodology_names_waves_reasons_and_protection(written: Path) -> None:
    text = html.parse(str(written / "methodology.en.html")).getroot().text_content()
    for said in ("First wave", "not_applicable", "-3", "fewer than 11 persons", "n_waves() >= 2"):
        assert said in text


def test_the_data_flow_page_says_what_nobody_promised(written: Path) -> None:
    edition, _ = tiny_edition()
    assert (written / "data-flow.en.html").read_text(encoding="utf-8").count("not declared") >= 9
    promise = DataProtection(
        controller=both("The institute", "Институт"), retention={"deliveries": Retention(both("one year", "один год"))}
    )
    page = html.fromstring(dataflow.page(edition, promise, "ru")).text_content()
    assert "один год" in page
    assert "Институт" in page


def test_a_picture_is_well_formed_and_names_values_and_reasons() -> None:
    label = LocalText({"en": 'A <long> & "quoted" label that certainly does not fit into two lines of a picture'})
    found = etree.fromstring(
        picture(
            [
                Share("x", "s", "w", "value", 1, "1", label, 3, 0.75),
                Share("x", "s", "w", "value", 2, "2", LocalText({"en": "Other"}), 1, 0.25),
                Share("x", "s", "w", "reason", 1, "refused", LocalText({"en": "Refused"}), 1, 0.2),
            ],
            "Title",
            "en",
        )
    )
    assert "Refused" in "".join(found.itertext())
    assert found.xpath("//title/text()") == [label.in_language()]
    widths = [float(each) for each in found.xpath("//rect/@width")]
    assert widths[0] == pytest.approx(3 * widths[1], rel=0.01)
    assert "75.0 %" in found.get("aria-label")


def test_many_classes_stand_as_columns() -> None:
    shares = [Share("x", "s", "w", "value", i, f"[{i},{i + 1})", LocalText({"en": str(i)}), i, i / 190) for i in range(20)]
    found = etree.fromstring(picture(shares, "Title", "en"))
    assert len(found.xpath("//rect")) == 20
    assert found.xpath("//text/text()") == ["0", "20"]


def test_the_workbook_says_what_it_is_on_its_first_sheet_and_holds_the_catalogue(written: Path) -> None:
    edition, rows = whole()
    book = openpyxl.load_workbook(written / "codebook.xlsx", read_only=True)
    assert book.sheetnames[0] == "About"
    assert "imulated" in str(next(iter(book["About"].iter_rows(values_only=True)))[1])
    for name in ("variables", "value_labels", "missing_reasons", "availability", "distributions"):
        table = edition.table(name)
        found = list(book[name].iter_rows(values_only=True))
        assert found[0] == table.field_names
        wanted = rows.execute(f"SELECT * FROM {name} ORDER BY {', '.join(table.primary_key)}").fetchall()
        assert [tuple(row) for row in found[1:]] == wanted
    columns = list(book["columns"].iter_rows(values_only=True))
    assert ("tiny_responses", "trust", "integer", "Trust in people", "Доверие к людям") in {row[:5] for row in columns}


def test_a_cell_that_looks_like_a_formula_stays_text(tmp_path: Path) -> None:
    edition, rows = whole()
    rows.execute("UPDATE variables SET note_en = '=1+1' WHERE variable = 'trust'")
    workbook.write(edition, rows, tmp_path)
    with zipfile.ZipFile(tmp_path / "codebook/codebook.xlsx") as archive:
        sheets = [archive.read(name) for name in archive.namelist() if name.startswith("xl/worksheets/")]
        assert b"=1+1" in archive.read("xl/sharedStrings.xml")
    assert not any(b"<f>" in sheet for sheet in sheets)


@pytest.mark.parametrize("name", ["words", "dataflow", "methodology", "questionnaire"])
def test_languages_have_the_same_words(name: str) -> None:
    found = texts(name).get("words", texts(name))
    assert set(found["en"]) == set(found["ru"])
