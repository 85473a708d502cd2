"""The chain of releases and the errata are refused at load, in a data manager's words."""

from __future__ import annotations

from pathlib import Path

import pytest

from panelpress.errors import DeclarationError, UsageError
from panelpress.model.chain import Erratum, ReleasePlan
from panelpress.paths import Places
from panelpress.schemas.errata import load_errata
from panelpress.schemas.releases import load_releases, planned
from worlds import STUDY, VARIABLES


def project(folder: Path, name: str, text: str) -> Places:
    places = Places(root=folder, work=folder / "work")
    places.publish.mkdir()
    (places.publish / name).write_text(text, encoding="utf-8")
    return places


def releases(folder: Path, *entries: str) -> tuple[ReleasePlan, ...]:
    lines = ["spec: panel-releases/0.1", "releases:", *(f"- {entry}" for entry in entries)]
    return load_releases(project(folder, "releases.yaml", "\n".join(lines) + "\n"), [STUDY])


def errata(folder: Path, entry: str) -> tuple[Erratum, ...]:
    text = f"spec: panel-errata/0.1\nerrata:\n- {entry}\n"
    return load_errata(project(folder, "errata.yaml", text), [STUDY], VARIABLES)


def test_a_chain_is_read_in_order(tmp_path: Path) -> None:
    first, second = releases(tmp_path, "{version: 0.1.0, date: 2026-01-31, waves: [a]}", "{version: 0.2.0, date: 2026-03-31}")
    assert (first.version, first.has("a"), first.has("b")) == ("0.1.0", True, False)
    assert second.has("b")


def test_no_file_means_no_plan(tmp_path: Path) -> None:
    assert load_releases(Places(root=tmp_path, work=tmp_path), [STUDY]) == ()


@pytest.mark.parametrize(
    ("entries", "what"),
    [
        (["{version: 0.2.0, date: 2026-01-31}", "{version: 0.1.0, date: 2026-02-28}"], "does not come after"),
        (["{version: 0.1.0, date: 2026-01-31}", "{version: 0.2.0, date: 2026-01-30}"], "older than the release before"),
        (["{version: 0.1.0, date: 2026-02-30}"], "no day 2026-02-30"),
        (["{version: 0.1.0, date: 2026-01-31, waves: [c]}"], "no wave is called `c`"),
        (["{version: 0.1.0, date: 2026-01-31, declarations: nowhere}"], "no folder publish/nowhere"),
        (["{version: v1, date: 2026-01-31}"], "version"),
        (["{version: 0.1.0}"], "date"),
        (["{version: 0.1.0, date: 2026-01-31, wave: [a]}"], "wave"),
    ],
)
def test_a_wrong_chain_is_refused_with_its_line(tmp_path: Path, entries: list[str], what: str) -> None:
    with pytest.raises(DeclarationError) as refusal:
        releases(tmp_path, *entries)
    assert what in str(refusal.value)
    assert refusal.value.where.startswith("publish/releases.yaml:")


def test_a_version_that_nobody_planned_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"planned: 0\.1\.0"):
        planned(releases(tmp_path, "{version: 0.1.0, date: 2026-01-31}"), "0.2.0")


def test_an_erratum_counts_per_wave(tmp_path: Path) -> None:
    found = errata(
        tmp_path, "{id: reversed, version: 0.2.1, study: tiny, variable: trust, waves: {a: few, b: 143}, reason: Reversed.}"
    )
    assert [(each.wave, each.cells) for each in found] == [("a", "few"), ("b", 143)]


@pytest.mark.parametrize(
    ("entry", "what"),
    [
        ("{id: e, version: 0.2.1, study: other, variable: trust, waves: {b: 12}, reason: R.}", "no study is called `other`"),
        ("{id: e, version: 0.2.1, study: tiny, variable: pride, waves: {b: 12}, reason: R.}", "no variable `pride`"),
        ("{id: e, version: 0.2.1, study: tiny, variable: trust, waves: {c: 12}, reason: R.}", "no wave `c`"),
        ("{id: e, version: 0.2.1, study: tiny, variable: trust, waves: {b: 0}, reason: R.}", "waves"),
        ("{id: e, version: 0.2.1, study: tiny, variable: trust, waves: {b: some}, reason: R.}", "waves"),
        ("{id: e, version: 0.2.1, study: tiny, variable: trust, waves: {b: 12}}", "reason"),
    ],
)
def test_a_wrong_erratum_is_refused_with_its_line(tmp_path: Path, entry: str, what: str) -> None:
    with pytest.raises(DeclarationError) as refusal:
        errata(tmp_path, entry)
    assert what in str(refusal.value)
    assert refusal.value.where.startswith("publish/errata.yaml:")
