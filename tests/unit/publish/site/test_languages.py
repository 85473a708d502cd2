"""A project that writes in one language has a site in that language: no empty pages in another, no column that is not there."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from panelpress.publish.codebook import distributions
from panelpress.publish.site.export import export
from panelpress.publish.site.library import Library
from panelpress.publish.tables.assemble import assemble
from panelpress.publish.versions.release import publish
from panelpress.publish.versions.staging import PLAIN_EXPORTERS
from releasing import KEY, ORIGIN, plan, project, says_yes
from served_world import answers, opened


def library_in(folder: Path, *languages: str) -> Library:
    """The tiny world with texts in ``languages`` alone."""
    places = project(folder)
    edition, rows = plan()
    edition = replace(edition, project=replace(edition.project, languages=languages))
    made = assemble(rows, edition, KEY, contributors=(distributions.contribute,))
    publish(places, made, ORIGIN, says_yes, PLAIN_EXPORTERS)
    return opened(places)


@pytest.fixture(scope="module")
def english(tmp_path_factory: pytest.TempPathFactory) -> Library:
    return library_in(tmp_path_factory.mktemp("english"), "en")


@pytest.fixture(scope="module")
def russian(tmp_path_factory: pytest.TempPathFactory) -> Library:
    return library_in(tmp_path_factory.mktemp("russian"), "ru")


def test_no_page_in_a_language_without_texts_is_offered(english: Library, russian: Library, tmp_path: Path) -> None:
    (page,) = answers(english, "/")
    assert page.status_code == 200 and "hreflang" not in page.text
    export(english, tmp_path / "static")
    assert not (tmp_path / "static/ru").exists()
    (page,) = answers(russian, "/")
    assert 'hreflang="ru"' in page.text


@pytest.mark.parametrize("language", ["en", "ru"])
def test_every_saved_query_runs(language: str, request: pytest.FixtureRequest) -> None:
    library: Library = request.getfixturevalue({"en": "english", "ru": "russian"}[language])
    queries = library.books[0].queries.values()
    assert {"distribution", "in_wave", "tiny_responses_by_gender"} <= {each.name for each in queries}
    for saved in queries:
        chosen = "&".join(f"{name}={values[0]}" for name, values in saved.choices.items())
        (answer,) = answers(library, f"/v0-1-0/{saved.name}.json?_shape=array&{chosen}")
        assert answer.status_code == 200, answer.text
        assert not [name for name in answer.json()[0] if name.endswith({"en": "_ru", "ru": "_en"}[language])]


def test_texts_are_shown_and_found_where_english_is_not_among_them(russian: Library) -> None:
    table, found = answers(russian, "/v0-1-0/tiny_responses", "/codebook/0.1.0/search/?q=довер")
    assert "Доверие к людям" in table.text and "Отчасти" in table.text
    assert "Доверие к людям" in found.text
