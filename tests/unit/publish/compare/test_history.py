"""The past of a release as tables and text, without a number that shows fewer than k people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from chain_world import made, plan
from panelpress.model.chain import Erratum
from panelpress.model.changes import CellChange
from panelpress.model.release import Edition
from panelpress.paths import Places
from panelpress.publish.compare.diff import diff_with_published
from panelpress.publish.compare.history import pooled, with_history
from panelpress.publish.tables.assemble import Assembled
from panelpress.publish.versions.release import publish
from panelpress.publish.versions.shelf import release_before
from panelpress.validation.structure import check_package, check_tables
from releasing import KEY, ORIGIN, project, says_yes
from worlds import both

REVERSED = "UPDATE tiny_responses SET trust = 4 - trust WHERE wave = 'b'"


def complete(
    places: Places, version: str, change: Sequence[str] = (), edition: Edition | None = None, errata: Sequence[Erratum] = ()
) -> Assembled:
    """An edition with its past, compared with the last release of ``places``."""
    coming = made(version, change, edition)
    before = release_before(places, version)
    diff = diff_with_published(places, before, coming, KEY) if before else None
    return with_history(coming, diff, before, errata)


def chain(folder: Path) -> Places:
    """0.1.0 with one wave, 0.2.0 with both."""
    places = project(folder)
    publish(places, complete(places, "0.1.0", edition=plan("0.1.0", ["a"])), ORIGIN, says_yes)
    publish(places, complete(places, "0.2.0"), ORIGIN, says_yes)
    return places


def rows(assembled: Assembled, query: str) -> list[tuple[object, ...]]:
    return assembled.rows.execute(query).fetchall()


def test_a_first_release_has_no_changes_and_a_history_of_itself(tmp_path: Path) -> None:
    first = complete(project(tmp_path), "0.1.0")
    assert rows(first, "SELECT count(*) FROM changes") == [(0,)]
    assert rows(first, "SELECT DISTINCT release, position FROM variable_history") == [("0.1.0", 1)]


def test_the_history_holds_every_release(tmp_path: Path) -> None:
    places = chain(tmp_path)
    third = complete(places, "0.2.1")
    found = rows(third, "SELECT release, count(*) FROM variable_history GROUP BY release ORDER BY release")
    assert found == [("0.1.0", 4), ("0.2.0", 8), ("0.2.1", 8)]


def test_a_variable_that_is_gone_stays_in_the_history_once(tmp_path: Path) -> None:
    places = chain(tmp_path)
    edition = plan("0.3.0")
    edition = replace(edition, variables=tuple(each for each in edition.variables if each.id != "age"))
    publish(places, complete(places, "0.3.0", edition=edition), ORIGIN, says_yes)
    fourth = complete(places, "0.4.0", edition=replace(edition, version="0.4.0"))
    found = rows(
        fourth, "SELECT wave, release, status FROM variable_history WHERE variable = 'age' AND release > '0.2.0' ORDER BY ALL"
    )
    assert found == [("a", "0.3.0", "removed"), ("b", "0.3.0", "removed")]


def test_an_erratum_is_told_with_its_reason_in_every_language(tmp_path: Path) -> None:
    places = chain(tmp_path)
    erratum = Erratum("upside_down", "0.2.1", "tiny", "trust", "b", 40, both("Read upside down.", "Прочитано наоборот."))
    coming = complete(places, "0.2.1", [REVERSED], errata=[erratum])
    found = rows(coming, "SELECT kind, variable, wave, n, note_en, note_ru FROM changes WHERE kind = 'erratum'")
    assert found == [("erratum", "trust", "b", 40, "Read upside down.", "Прочитано наоборот.")]
    corrected = rows(
        coming, "SELECT before_value, after_value, n FROM changes WHERE kind = 'cells_corrected' ORDER BY before_value"
    )
    assert corrected == [("1", "3", 20), ("3", "1", 20)]


def test_what_was_starred_is_told_as_two_open_counts_only(tmp_path: Path) -> None:
    places = chain(tmp_path)
    star = "UPDATE tiny_responses SET country = NULL, country__why = 'suppressed' WHERE country = 'BBB' AND wave = 'a'"
    coming = complete(places, "0.2.1", [star])
    found = rows(coming, "SELECT kind, variable, wave, before_value, after_value, n FROM changes WHERE variable = 'country'")
    assert found == [("suppressed_count", "country", "a", "0", "15", None)]


def test_the_tables_of_the_past_satisfy_their_declarations(tmp_path: Path) -> None:
    places = chain(tmp_path)
    coming = complete(places, "0.2.1", [REVERSED])
    assert not [each for each in check_tables(coming.rows, coming.edition.tables) if each.failed]
    folder = publish(places, coming, ORIGIN, says_yes).folder
    assert not [each for each in check_package(folder / "datapackage.json") if each.failed]


def test_the_changelog_goes_on_from_release_to_release(tmp_path: Path) -> None:
    places = chain(tmp_path)
    edition = replace(plan("0.2.1"), notes=both("Wave b was read upside down.", "Волна b прочитана наоборот."))
    erratum = Erratum("upside_down", "0.2.1", "tiny", "trust", "b", 40, both("Read upside down.", "Прочитано наоборот."))
    folder = publish(places, complete(places, "0.2.1", [REVERSED], edition, [erratum]), ORIGIN, says_yes).folder
    text = (folder / "CHANGELOG.md").read_text(encoding="utf-8")
    assert [line for line in text.splitlines() if line.startswith("## ")] == [
        "## 0.2.1 (2026-01-31)",
        "## 0.2.0 (2026-01-31)",
        "## 0.1.0 (2026-01-31)",
    ]
    assert "Wave b was read upside down." in text
    assert "- erratum: `tiny`, `trust`, `b`, `upside_down` (40). Read upside down." in text
    assert "- new wave: `b`" in text
    assert "First release." in text


def test_the_changelog_lies_in_the_release_and_is_summed(tmp_path: Path) -> None:
    places = chain(tmp_path)
    assert "CHANGELOG.md" in (places.release("0.2.0") / "SHA256SUMS").read_text(encoding="utf-8")


groups = st.lists(st.integers(1, 40), min_size=1, max_size=8)


@given(groups, st.integers(2, 12))
def test_no_published_number_and_no_remainder_is_below_k(counts: list[int], k: int) -> None:
    changes = [CellChange("s", "v", "w", str(place), None, "0", None, n, False) for place, n in enumerate(counts)]
    told = [row["n"] for row in pooled(changes, k)]
    assert all(n is None or n >= k for n in told)
    remainder = sum(counts) - sum(n for n in told if n is not None)
    assert remainder == 0 or (remainder < k and told == [None])
