"""What changed between two releases is counted, weighed and held against the version and the errata."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from chain_world import K, made, plan
from panelpress.model.chain import Erratum
from panelpress.model.changes import ReleaseDiff
from panelpress.model.findings import Finding
from panelpress.model.missing import MissingReasons
from panelpress.model.release import Edition
from panelpress.model.variable import Category, Variable
from panelpress.paths import Places
from panelpress.publish.compare.diff import diff_folders, diff_releases, diff_with_published
from panelpress.publish.compare.judge_diff import judge, least_version
from panelpress.publish.versions.release import publish
from panelpress.publish.versions.shelf import release_before
from releasing import KEY, ORIGIN, project, says_yes
from worlds import MISSING, VARIABLES, both

BASE = "0.1.0"


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> Places:
    """A project with one release of the panel."""
    here = project(tmp_path_factory.mktemp("chain"))
    publish(here, made(BASE), ORIGIN, says_yes)
    return here


def against(places: Places, version: str = "0.2.0", change: Sequence[str] = (), edition: Edition | None = None) -> ReleaseDiff:
    coming = made(version, change, edition)
    return diff_with_published(places, places.release(BASE), coming, KEY)


def with_variable(version: str, identifier: str, **facts: object) -> Edition:
    """The plan in which one variable is declared otherwise."""
    edition = plan(version)
    variables = tuple(replace(each, **facts) if each.id == identifier else each for each in edition.variables)
    return replace(edition, variables=variables)


def kinds(diff: ReleaseDiff) -> dict[str, str]:
    return {each.kind: each.weight for each in diff.structure if each.kind != "rows_changed"}


def failed(findings: Sequence[Finding]) -> set[str]:
    return {each.rule for each in findings if each.failed}


def test_the_same_data_under_another_version_differ_in_nothing(places: Places) -> None:
    diff = against(places, "0.1.1")
    assert diff.joined
    assert (diff.structure, diff.cells, diff.margins) == ((), (), ())
    assert diff.weight == "patch"
    assert not failed(judge(diff))


def test_persons_are_joined_although_every_id_is_new(places: Places) -> None:
    (persons,) = [each for each in against(places).people if each.wave is None]
    assert (persons.added, persons.gone, persons.kept) == (0, 0, 60)


def test_changed_cells_are_counted_by_what_became_what(places: Places) -> None:
    diff = against(places, change=["UPDATE tiny_responses SET trust = 3 WHERE wave = 'b' AND trust = 1"])
    (change,) = diff.cells
    assert (change.variable, change.wave, change.before_value, change.after_value, change.n) == ("trust", "b", "1", "3", 20)
    assert not change.protection


def test_a_value_that_became_a_reason_is_a_changed_cell(places: Places) -> None:
    diff = against(
        places, change=["UPDATE tiny_responses SET trust = NULL, trust__why = 'refused' WHERE wave = 'a' AND trust = 2"]
    )
    (change,) = diff.cells
    assert (change.before_value, change.after_value, change.after_reason, change.n) == ("2", None, "refused", 20)


def test_a_starred_cell_is_no_correction_and_needs_no_erratum(places: Places) -> None:
    change = ["UPDATE tiny_responses SET country = NULL, country__why = 'suppressed' WHERE person_id < 'p010'"]
    diff = against(places, change=change)
    assert diff.cells and not diff.corrected
    assert not failed(judge(diff))


def test_a_corrected_cell_without_an_erratum_stops_the_release(places: Places) -> None:
    diff = against(places, "0.2.0", ["UPDATE tiny_responses SET trust = 3 WHERE wave = 'b' AND trust = 1"])
    assert failed(judge(diff)) == {"diff.errata"}


def erratum(cells: int | str, version: str = "0.2.0") -> Erratum:
    return Erratum("upside_down", version, "tiny", "trust", "b", cells, both("Read upside down.", "Прочитано наоборот."))


@pytest.mark.parametrize(("cells", "fails"), [(20, False), (19, True), (21, True), ("few", True)])
def test_an_erratum_must_count_as_the_diff_does(places: Places, cells: int | str, fails: bool) -> None:
    diff = against(places, "0.2.0", ["UPDATE tiny_responses SET trust = 3 WHERE wave = 'b' AND trust = 1"])
    assert failed(judge(diff, [erratum(cells)])) == ({"diff.errata"} if fails else set())


def test_an_erratum_of_another_version_excuses_nothing(places: Places) -> None:
    diff = against(places, "0.2.0", ["UPDATE tiny_responses SET trust = 3 WHERE wave = 'b' AND trust = 1"])
    assert failed(judge(diff, [erratum(20, "0.3.0")])) == {"diff.errata"}


def test_an_erratum_that_nothing_confirms_is_refused(places: Places) -> None:
    assert failed(judge(against(places), [erratum(20)])) == {"diff.errata"}


@pytest.mark.parametrize(("cells", "fails"), [("few", False), (2, True)])
def test_a_count_below_k_is_written_few(places: Places, cells: int | str, fails: bool) -> None:
    diff = against(places, "0.2.0", ["UPDATE tiny_responses SET trust = 2 WHERE wave = 'b' AND person_id IN ('p000', 'p003')"])
    findings = judge(diff, [erratum(cells)])
    assert failed(findings) == ({"diff.errata"} if fails else set())
    assert not any(" 2 " in each.message for each in findings if cells == "few")


@pytest.mark.parametrize(("gone", "fails"), [(0, False), (1, True), (K - 1, True), (K, False), (20, False)])
def test_persons_gone_are_none_or_at_least_k(places: Places, gone: int, fails: bool) -> None:
    diff = against(places, change=[f"DELETE FROM tiny_responses WHERE person_id < 'p{gone:03d}'"])
    assert ("diff.persons" in failed(judge(diff))) == fails


@pytest.mark.parametrize(("n", "fails"), [(1, True), (K - 1, True), (K, False)])
def test_after_a_withdrawal_answers_are_removed_in_groups_of_none_or_at_least_k(places: Places, n: int, fails: bool) -> None:
    star = f"UPDATE tiny_responses SET trust = NULL, trust__why = 'suppressed' WHERE wave = 'b' AND person_id < 'p{n:03d}'"
    diff = replace(against(places, change=[star]), withdrawn=True)
    assert ("diff.restored" in failed(judge(diff))) == fails


@pytest.mark.parametrize(("added", "fails"), [(1, True), (K, False)])
def test_persons_added_are_none_or_at_least_k(places: Places, added: int, fails: bool) -> None:
    change = [
        "INSERT INTO tiny_responses SELECT 'new' || person_id, * EXCLUDE (person_id) FROM tiny_responses "
        f"WHERE person_id < 'p{added:03d}' AND wave = 'a'"
    ]
    assert ("diff.persons" in failed(judge(against(places, change=change)))) == fails


def test_a_single_response_added_to_an_old_wave_is_refused_even_if_its_person_was_there(places: Places) -> None:
    diff = against(places, change=["DELETE FROM tiny_responses WHERE person_id = 'p007' AND wave = 'b'"])
    assert failed(judge(diff)) == {"diff.responses"}


def test_a_new_wave_adds_few_or_many_responses_alike(tmp_path: Path) -> None:
    here = project(tmp_path)
    publish(here, made(BASE, edition=plan(BASE, ["a"])), ORIGIN, says_yes)
    change = ["DELETE FROM tiny_responses WHERE wave = 'b' AND person_id >= 'p002'"]
    diff = diff_with_published(here, here.release(BASE), made("0.2.0", change), KEY)
    assert kinds(diff)["wave_added"] == "minor"
    assert not failed(judge(diff))


def test_margins_say_how_far_a_distribution_moved(places: Places) -> None:
    diff = against(places, change=["UPDATE tiny_responses SET trust = 3 WHERE wave = 'b' AND trust = 1"])
    (margin,) = diff.margins
    assert (margin.variable, margin.wave) == ("trust", "b")
    assert margin.points == pytest.approx(100 / 3, abs=1e-4)


def test_the_margin_of_a_number_is_that_of_its_cumulative_share(places: Places) -> None:
    diff = against(places, change=["UPDATE tiny_responses SET age = 31 WHERE wave = 'a' AND person_id < 'p015'"])
    (margin,) = diff.margins
    assert (margin.variable, margin.points) == ("age", 25.0)


LABELS = {each.id: each for each in VARIABLES}


def relabelled(code: int, label: str) -> tuple[Category, ...]:
    return tuple(
        replace(each, label=both(label, "Отчасти")) if each.code == code else each for each in LABELS["trust"].categories
    )


@pytest.mark.parametrize(
    ("edition", "kind", "weight"),
    [
        (with_variable("0.2.0", "trust", categories=relabelled(2, "A great deal")), "label_changed", "major"),
        (with_variable("0.2.0", "trust", categories=relabelled(2, "somewhat!")), "wording_changed", "minor"),
        (with_variable("0.2.0", "trust", categories=LABELS["trust"].categories[:2]), "code_removed", "major"),
        (
            with_variable("0.2.0", "trust", categories=(*LABELS["trust"].categories, Category(4, both("Other", "Другое")))),
            "code_added",
            "minor",
        ),
        (with_variable("0.2.0", "age", unit="months"), "unit_changed", "major"),
        (with_variable("0.2.0", "age", type="decimal"), "type_changed", "major"),
        (with_variable("0.2.0", "age", replaced_by="age_group"), "variable_deprecated", "minor"),
        (
            with_variable("0.2.0", "trust", waves={**LABELS["trust"].waves, "b": replace(LABELS["trust"].waves["b"], universe="q1 = 1")}),
            "universe_changed",
            "major",
        ),
        (
            with_variable("0.2.0", "trust", waves={**LABELS["trust"].waves, "b": replace(LABELS["trust"].waves["b"], status="partial")}),
            "status_lowered",
            "major",
        ),
        (
            with_variable("0.2.0", "trust", waves={**LABELS["trust"].waves, "b": replace(LABELS["trust"].waves["b"], breaks_with=("a",))}),
            "comparability_changed",
            "minor",
        ),
        (replace(plan("0.2.0"), missing=MissingReasons(MISSING.reasons[:-2] + MISSING.reasons[-1:])), "missing_removed", "major"),
        (
            replace(plan("0.2.0"), missing=MissingReasons((replace(MISSING.reasons[0], code=-99), *MISSING.reasons[1:]))),
            "missing_changed",
            "major",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_every_declared_change_has_its_weight(places: Places, edition: Edition, kind: str, weight: str) -> None:
    diff = against(places, edition=edition)
    assert kinds(diff)[kind] == weight
    assert diff.weight == weight


def without(identifier: str) -> Edition:
    edition = plan("0.2.0")
    return replace(edition, variables=tuple(each for each in edition.variables if each.id != identifier))


def test_a_removed_variable_is_breaking_and_must_stay_listed(places: Places) -> None:
    diff = against(places, edition=without("age"))
    assert kinds(diff) == {"column_removed": "major"}
    assert "diff.successor" in failed(judge(diff))
    retired = with_variable("0.2.0", "age", tier="scientific_use", replaced_by="age_group")
    assert "diff.successor" not in failed(judge(against(places, edition=retired)))


def test_a_new_variable_is_an_addition(places: Places) -> None:
    edition = plan("0.2.0")
    extra: Variable = replace(LABELS["trust"], id="trust_again")
    edition = replace(edition, variables=(*edition.variables, extra))
    diff = against(places, change=["ALTER TABLE tiny_responses ADD COLUMN trust_again INTEGER", "ALTER TABLE tiny_responses ADD COLUMN trust_again__why VARCHAR"], edition=edition)  # fmt: skip
    assert kinds(diff) == {"column_added": "minor"}


@pytest.mark.parametrize(("version", "low"), [("0.1.1", True), ("0.2.0", False), ("1.0.0", False)])
def test_a_version_below_what_the_change_demands_is_refused(places: Places, version: str, low: bool) -> None:
    edition = replace(with_variable(version, "age", unit="months"), version=version)
    diff = against(places, version, edition=edition)
    assert str(least_version(diff)) == "0.2.0"
    assert ("diff.version" in failed(judge(diff))) == low


def test_a_lost_private_map_is_drawn_again_from_the_key(places: Places, tmp_path: Path) -> None:
    here = project(tmp_path)
    publish(here, made(BASE), ORIGIN, says_yes)
    for path in here.identities.iterdir():
        path.unlink()
    diff = diff_with_published(
        here, here.release(BASE), made("0.2.0", ["DELETE FROM tiny_responses WHERE person_id < 'p010'"]), KEY
    )
    assert [each.gone for each in diff.people if each.wave is None] == [10]


def test_two_published_releases_can_be_compared_with_or_without_the_private_maps(tmp_path: Path) -> None:
    here = project(tmp_path)
    publish(here, made(BASE), ORIGIN, says_yes)
    publish(here, made("0.1.1", ["UPDATE tiny_responses SET trust = 3 WHERE trust = 1 AND wave = 'a'"]), ORIGIN, says_yes)
    joined = diff_releases(here, BASE, "0.1.1")
    assert joined.joined and sum(each.n for each in joined.corrected) == 20
    blind = diff_folders(here.release(BASE), here.release("0.1.1"))
    assert not blind.joined and not blind.cells and not blind.people
    assert blind.margins == joined.margins
    assert blind.weight == "minor"


def test_a_release_that_calls_itself_two_versions_is_reported(tmp_path: Path) -> None:
    here = project(tmp_path)
    publish(here, made(BASE), ORIGIN, says_yes)
    publish(here, made("0.2.0"), ORIGIN, says_yes)
    here.release("0.2.0").rename(here.releases / "0.2.5")
    diff = diff_folders(here.release(BASE), here.release("0.2.5"))
    assert diff.stamps == ("folder says 0.2.5, datapackage.json says 0.2.0",)
    assert "diff.stamp" in failed(judge(diff))


def test_builds_that_differ_in_container_bytes_alone_weigh_nothing(tmp_path: Path) -> None:
    first, second = project(tmp_path / "one"), project(tmp_path / "two")
    for here in (first, second):
        publish(here, made(BASE), ORIGIN, says_yes)
    diff = diff_folders(first.release(BASE), second.release(BASE))
    assert diff.same_data and diff.weight == "patch"


def test_the_release_before_is_the_newest_lower_one(tmp_path: Path) -> None:
    here = project(tmp_path)
    for version in ("0.2.0", "0.9.0", "0.10.0"):
        here.release(version).mkdir(parents=True)
    assert release_before(here, "0.10.1") == here.release("0.10.0")
    assert release_before(here, "0.9.5") == here.release("0.9.0")
    assert release_before(here, "0.2.0") is None
