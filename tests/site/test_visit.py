"""A visitor with Chromium: reads, searches, changes release and language, asks SQL, downloads each format and opens it."""

from __future__ import annotations

import csv
import json
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import polars
import pyreadstat
import pytest

pytestmark = pytest.mark.browser
ROWS = 7  # answers of the tiny world
OPENED: dict[str, Callable[[Path], int]] = {
    "tiny_responses.csv": lambda path: len(list(csv.DictReader(path.open(encoding="utf-8", newline="")))),
    "tiny_responses.parquet": lambda path: polars.read_parquet(path).height,
    "tiny_responses.en.dta": lambda path: len(pyreadstat.read_dta(path)[0]),
    "tiny_responses.ru.zsav": lambda path: len(pyreadstat.read_sav(path)[0]),
    "tiny-panel-0.2.0.sqlite": lambda path: int(
        sqlite3.connect(path).execute("SELECT count(*) FROM tiny_responses").fetchone()[0]
    ),
    "tiny-panel-0.2.0.duckdb": lambda path: int(
        duckdb.connect(str(path), read_only=True).sql("SELECT count(*) FROM tiny_responses").fetchall()[0][0]
    ),
}


def test_the_landing_page_says_simulated_and_describes_itself_to_machines(page: Any) -> None:
    page.goto("/")
    assert page.get_by_text("Simulated data: no respondent exists.").is_visible()
    described = json.loads(page.locator('script[type="application/ld+json"]').text_content())
    assert described["@type"] == "Dataset" and "simulated" in json.dumps(described).lower()
    for heading in ("What these data are", "Downloads", "Cite this release", "What changed", "Limits of the data"):
        assert page.get_by_role("heading", name=heading).is_visible()
    assert page.get_by_role("link", name="withdraw@example.org").is_visible()


@pytest.mark.parametrize("name", OPENED)
def test_each_format_is_one_click_away_and_opens(page: Any, tmp_path: Path, name: str) -> None:
    page.goto("/")
    with page.expect_download() as waiting:
        page.get_by_role("link", name=name, exact=True).click()
    target = tmp_path / name
    waiting.value.save_as(target)
    assert OPENED[name](target) == ROWS


def test_the_codebook_as_a_workbook_opens(page: Any, tmp_path: Path) -> None:
    page.goto("/")
    with page.expect_download() as waiting:
        page.get_by_role("link", name="codebook.xlsx").click()
    waiting.value.save_as(tmp_path / "codebook.xlsx")
    assert len(openpyxl.load_workbook(tmp_path / "codebook.xlsx").sheetnames) > 2


def test_the_beginning_of_a_russian_word_finds_a_variable(page: Any) -> None:
    page.goto("/ru/")
    page.get_by_role("searchbox").fill("довер")
    page.get_by_role("button", name="Искать").click()
    page.get_by_role("link", name="Доверие к людям").click()
    assert page.get_by_role("heading", level=1).inner_text().startswith("Доверие к людям")
    assert page.get_by_text("Можно ли доверять людям?").first.is_visible()


def test_switching_the_release_and_the_language_keeps_the_page(page: Any) -> None:
    page.goto("/codebook/0.2.0/trust/")
    page.get_by_role("navigation", name="Other releases").get_by_role("link", name="0.1.0").click()
    assert page.url.endswith("/codebook/0.1.0/trust/")
    page.get_by_role("link", name="Русский").click()
    assert page.url.endswith("/ru/codebook/0.1.0/trust/")


def test_a_figure_shows_its_picture_its_printed_values_and_its_query(page: Any) -> None:
    page.goto("/figures/0.2.0/")
    picture = page.get_by_role("img", name="Trust in people (simulated)").first
    assert picture.is_visible()
    page.get_by_role("link", name="SQL query").first.click()
    assert page.get_by_role("cell", name="41").is_visible()


def test_a_crosstab_is_chosen_from_lists_and_shows_labels(page: Any) -> None:
    page.goto("/ru/v0-2-0/tiny_responses_by_gender")
    page.get_by_label("Переменная").select_option("trust")
    page.get_by_label("Волна").select_option("b")
    page.get_by_role("button", name="Выполнить").click()
    assert page.get_by_role("cell", name="1 Женщина").first.is_visible()
    assert page.get_by_role("cell", name="Отчасти").first.is_visible()


def test_a_query_runs_and_can_be_cited(page: Any) -> None:
    page.goto("/v0-2-0")
    page.get_by_label("A SELECT over any of these tables").fill("select wave, count(*) as n from tiny_responses group by wave")
    page.get_by_role("button", name="Run").click()
    assert page.get_by_role("cell", name="First wave").is_visible()
    assert page.get_by_text("of the result: a JSON array").is_visible()


def test_a_withdrawn_release_is_gone_with_its_reason(page: Any) -> None:
    assert page.goto("/v0-0-1/tiny_responses").status == 410
    assert page.get_by_text("A person withdrew.").is_visible()
    page.get_by_role("main").get_by_role("link", name="0.2.0").click()
    assert page.get_by_role("heading", name="Downloads").is_visible()


def test_the_skip_link_is_the_first_stop_of_the_keyboard_and_leads_to_the_content(page: Any) -> None:
    page.goto("/codebook/0.2.0/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.keyboard.press("Enter")
    assert page.url.endswith("#content")


def test_everything_is_read_without_a_script(chromium: Any, site: str) -> None:
    context = chromium.new_context(base_url=site, java_script_enabled=False)
    page = context.new_page()
    for path in ("/", "/codebook/0.2.0/trust/", "/figures/0.2.0/", "/v0-2-0/tiny_responses"):
        assert page.goto(path).status == 200
        assert page.get_by_role("heading", level=1).is_visible()
    context.close()
