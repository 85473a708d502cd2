"""What a visitor meets: pages in two languages, labels, search, versions, files, withdrawn releases."""

from __future__ import annotations

import asyncio
import hashlib
import re
import sqlite3
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from panelpress.paths import Places
from panelpress.publish.site.app import application
from panelpress.publish.site.citation import cite
from panelpress.publish.site.contents import Contents, read_contents
from panelpress.publish.site.files import release_file, wanted
from panelpress.publish.site.library import Tombstone, read_library
from panelpress.publish.site.runner import REASONS
from panelpress.publish.site.runners import Runners
from panelpress.publish.site.served import served_copy
from panelpress.publish.site.shelf import read_shelf
from panelpress.publish.site.words import languages, words
from releasing import project, release
from served_world import answers, opened

GONE = Tombstone("0.0.1", "2026-01-31", {"en": "A person withdrew.", "ru": "Человек отозвал согласие."}, "0.2.0")


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Places:
    """The tiny world, published twice."""
    places = project(tmp_path_factory.mktemp("pages"))
    release(places, "0.1.0")
    release(places, "0.2.0", "UPDATE tiny_responses SET trust = 1 WHERE person_id = 'p3'")
    return places


def get(places: Places, *paths: str, **headers: str) -> list[Any]:
    async def fetch() -> list[Any]:
        site = application(read_library(read_shelf(places.releases), places.site_cache, (GONE,)))
        return [await site.client.get(path, headers=headers) for path in paths]

    return asyncio.run(fetch())


def test_the_landing_page_says_simulated_offers_files_and_a_citation_in_both_languages(published: Places) -> None:
    english, russian = get(published, "/", "/ru/")
    for page, said in ((english, "Simulated data"), (russian, "Симулированные данные")):
        assert page.status_code == 200
        assert said in page.text and "/files/0.2.0/data/csv/tiny_responses.csv" in page.text
        assert "@misc{tiny-panel-0.2.0" in page.text and "TY  - DATA" in page.text
    assert '<html lang="ru">' in russian.text


def test_no_page_holds_a_script_that_runs_or_an_address_elsewhere(published: Places) -> None:
    for page in get(published, "/", "/v0-2-0", "/v0-2-0/tiny_responses", "/codebook/0.2.0/trust/", "/v0-2-0?sql=select+1"):
        assert page.status_code == 200
        assert "<script>" not in page.text and "src=" not in page.text.replace('src="/', "")
        assert "style=" not in page.text


def test_codes_show_labels_and_missing_values_show_reasons(published: Places) -> None:
    english, russian = get(published, "/v0-2-0/tiny_responses", "/ru/v0-2-0/tiny_responses")
    assert '<span class="code">2</span> Somewhat' in english.text
    assert '<span class="code">2</span> Отчасти' in russian.text
    assert english.text.count('class="why"') > 5
    assert "<td></td>" not in english.text and "&nbsp;</td>" not in english.text


def test_a_search_changes_the_row_count_finds_russian_and_word_beginnings(published: Places) -> None:
    everything, some, page = get(
        published,
        "/v0-2-0/codebook.json?_shape=array",
        "/v0-2-0/codebook.json?_shape=array&_search=trust",
        "/ru/codebook/0.2.0/search/?q=довер",
    )
    assert 0 < len(some.json()) < len(everything.json())
    assert "Доверие к людям" in page.text and "Пол</a>" not in page.text


@pytest.mark.parametrize("question", ['"', "a* OR", "NEAR(", "'; --", "", "😀"])
def test_any_question_is_answered(published: Places, question: str) -> None:
    (page,) = get(published, f"/codebook/0.2.0/search/?q={question}")
    assert page.status_code == 200


def test_a_variable_page_tells_both_questions_categories_and_sources(published: Places) -> None:
    (page,) = get(published, "/codebook/0.2.0/trust/")
    for said in (
        "Can most people be trusted?",
        "Можно ли доверять людям?",
        "Not at all",
        "Совсем нет",
        "q7",
        "read_parquet",
        "use wave",
    ):
        assert said in page.text


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ("/v0-2-0/tiny_responses?_sort=nothing", 400),
        ("/v0-2-0/tiny_responses?_size=many", 400),
        ("/v0-2-0/tiny_responses?_facet=nothing", 400),
        ("/codebook/0.2.0/search/?q=", 200),
        ("/ru/nothing", 404),
        ("/codebook/0.2.0/nothing", 404),
        ("/releases/9.9.9", 404),
        ("/figures/", 302),
        ("/ru/releases", 302),
    ],
)
def test_odd_addresses_get_a_kind_answer(published: Places, asked: str, status: int) -> None:
    (answer,) = get(published, asked)
    assert answer.status_code == status
    if status == 404:
        assert 'href="/ru/codebook/0.2.0/"' in answer.text or 'href="/codebook/0.2.0/"' in answer.text


def test_subjects_are_called_as_the_project_calls_them_in_the_language_of_the_page(published: Places) -> None:
    english, russian = get(published, "/codebook/0.2.0/", "/ru/codebook/0.2.0/trust/")
    assert "Trust in others</h2>" in english.text and "Migration</h2>" in english.text  # the second has no title of its own
    assert "Доверие к другим</a>" in russian.text


def test_the_version_bar_keeps_the_page(published: Places) -> None:
    codebook, table = get(published, "/ru/codebook/0.2.0/trust/", "/v0-2-0/tiny_responses?_sort=trust")
    assert 'href="/ru/codebook/0.1.0/trust/"' in codebook.text
    assert 'href="/v0-1-0/tiny_responses?_sort=trust"' in table.text


@pytest.mark.parametrize(
    ("asked", "sent"),
    [
        ("/latest/waves?_size=1", "/v0-2-0/waves?_size=1"),
        ("/ru/latest/waves", "/ru/v0-2-0/waves"),
        ("/codebook/latest/trust/", "/codebook/0.2.0/trust/"),
        ("/codebook/trust/", "/codebook/0.2.0/trust/"),
        ("/files/latest/README.md", "/files/0.2.0/README.md"),
    ],
)
def test_latest_redirects_and_keeps_path_and_query(published: Places, asked: str, sent: str) -> None:
    (answer,) = get(published, asked)
    assert (answer.status_code, answer.headers["location"]) == (302, sent)


@pytest.mark.parametrize(
    "path", ["/v0-0-1", "/v0-0-1/waves.json", "/files/0.0.1/README.md", "/codebook/0.0.1/x/", "/releases/0.0.1/"]
)
def test_a_withdrawn_release_is_gone_with_its_reason_wherever_it_was(published: Places, path: str) -> None:
    english, russian = get(published, path, "/ru" + path)
    assert (english.status_code, russian.status_code) == (410, 410)
    assert "A person withdrew." in english.text and "Человек отозвал согласие." in russian.text


def test_files_are_sent_whole_in_ranges_and_only_when_listed(published: Places) -> None:
    path = "data/parquet/tiny_responses.parquet"
    content = (published.release("0.2.0") / path).read_bytes()
    (whole,) = get(published, f"/files/0.2.0/{path}")
    (part,) = get(published, f"/files/0.2.0/{path}", range="bytes=-4")
    assert hashlib.sha256(whole.content).digest() == hashlib.sha256(content).digest()
    assert (part.status_code, part.content) == (206, b"PAR1")
    assert [each.status_code for each in get(published, "/files/0.2.0/none.csv", "/files/9.9.9/README.md")] == [404, 404]
    library = read_library(read_shelf(published.releases), published.site_cache)
    for outside in ("../../panelpress.yaml", "/etc/hostname", "data/../../x"):
        assert release_file(library, "0.2.0", outside) is None


@pytest.mark.parametrize(
    ("header", "answer"), [("", (0, 9, 200)), ("bytes=2-4", (2, 5, 206)), ("bytes=9-", (0, 0, 416)), ("bytes=x", (0, 9, 200))]
)
def test_a_range_names_bytes(header: str, answer: tuple[int, int, int]) -> None:
    assert wanted(header, 9) == answer


def test_the_served_copy_holds_every_published_row_and_nothing_strange(published: Places, tmp_path: Path) -> None:
    book = read_shelf(published.releases).releases[0]
    copy = served_copy(book, read_contents(book.database), tmp_path)
    served = sqlite3.connect(copy)
    names = {row[0] for row in served.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    listed = {table["name"]: table["rows"] for table in book.manifest["tables"]}
    assert {each for each in names - set(listed) if not each.startswith(("codebook", "sqlite_"))} == set()
    for name, rows in listed.items():
        assert served.execute(f'SELECT count(*) FROM "{name}"').fetchone() == (rows,)


def test_what_sqlite_says_of_a_wrong_query_stands_in_a_sentence_of_the_readers_language(published: Places) -> None:
    english, russian = get(
        published, "/v0-2-0?sql=select+trusts+from+tiny_responses", "/ru/v0-2-0?sql=select+trusts+from+tiny_responses"
    )
    assert (english.status_code, russian.status_code) == (400, 400)
    assert "SQLite could not run this query: no such column: trusts" in english.text
    assert "SQLite не смог выполнить запрос" in russian.text and "no such column: trusts" in russian.text
    assert 'href="/ru/codebook/0.2.0/trust/"' in russian.text  # what may have been meant


@pytest.mark.parametrize("reason", REASONS)
def test_a_reason_of_ours_is_not_put_into_the_mouth_of_sqlite(
    published: Places, monkeypatch: pytest.MonkeyPatch, reason: str
) -> None:
    async def refused(*_: object) -> dict[str, object]:
        return {"error": reason, "interrupted": False}

    monkeypatch.setattr(Runners, "ask", refused)
    for page, language in zip(get(published, "/v0-2-0?sql=select+1", "/ru/v0-2-0?sql=select+1"), ("en", "ru"), strict=True):
        assert page.status_code == 400
        assert words(language)[reason].format(megabytes=4) in page.text
        assert words(language)["sqlite_says"].partition("{")[0] not in page.text


def test_a_change_without_a_wave_shows_a_dash_and_one_of_an_unknown_wave_its_name(published: Places) -> None:
    library = opened(published)
    book = library.books[0]
    tables, waves = book.contents.tables, book.contents.rows("waves")
    other = {**waves[0], "wave": "other", "study": "second", "study_title_en": "Second study", "label_en": "Only"}
    changes = [{"weight": "minor", "kind": kind, "wave": wave} for kind, wave in (("k1", None), ("k2", "zz"), ("k3", "other"))]
    contents = Contents({**tables, "waves": [*waves, other], "changes": changes})
    (page,) = answers(replace(library, books=(replace(book, contents=contents),)), "/releases/0.2.0/")
    cells = [re.findall("<td>(.*?)</td>", line)[-1] for line in re.findall('<th scope="row">k[123]</th>.*', page.text)]
    assert cells == ["–", "zz", "Second study: Only"]


def test_a_query_is_citable_by_its_hash_and_a_cut_result_says_so(published: Places) -> None:
    page, cut = get(
        published,
        "/v0-2-0?sql=select+1+as+a",
        "/v0-2-0?sql=with+recursive+t(x)+as+(select+1+union+all+select+x%2B1+from+t+limit+2001)+select+x+from+t",
    )
    assert hashlib.sha256(b'[["a"],[1]]').hexdigest() in page.text
    assert "first 2,000 rows" in cut.text


def test_doors_that_tell_of_the_machine_are_closed(published: Places) -> None:
    closed = get(
        published, "/-/databases.json", "/-/threads.json", "/-/metadata.json", "/-/plugins.json", "/nothing", "/v0-2-0/nothing"
    )
    assert [each.status_code for each in closed] == [404] * 6


def test_a_citation_names_authors_version_and_that_data_are_simulated() -> None:
    described = {"name": "x", "title": "A panel", "simulated": True, "contributors": [{"title": "B", "roles": ["author"]}]}
    made = cite(described, "2026", "0.1.0", "https://example.org")
    assert made.apa == "B. (2026). A panel (simulated) (Version 0.1.0) [Data set]. https://example.org"
    assert "ER  - " in made.ris and "version = {0.1.0}" in made.bibtex
    nowhere = cite(described, "2026", "0.1.0", data_version="ab12")
    assert nowhere.apa.endswith("[Data set]. Data version ab12")
    assert "note = {Data version ab12}" in nowhere.bibtex and "N1  - Data version ab12" in nowhere.ris


def test_tables_are_described_in_the_language_of_the_page(published: Places) -> None:
    english, russian = get(published, "/v0-2-0/availability", "/ru/v0-2-0/availability")
    assert "Variable by wave" in english.text
    assert "Переменная по волнам" in russian.text and "Variable by wave" not in russian.text


def test_every_language_has_every_word() -> None:
    assert len({frozenset(words(each)) for each in languages()}) == 1
