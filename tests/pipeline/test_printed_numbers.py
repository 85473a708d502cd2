"""The printed numbers of the source documents, on the build of the reference project: how many come out, and that the check bites."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from panelpress.model.estimate import Judged, PrintedNumber
from panelpress.model.findings import Finding
from panelpress.paths import WORK_VARIABLE, Places, places
from panelpress.publish.compare.earlier import due
from panelpress.publish.protection.protected import harmonize_for
from panelpress.raw.identity import delivery_digest
from panelpress.raw.project_intake import intake_project
from panelpress.raw.project_key import project_key
from panelpress.raw.registry import read_registry, write_registry
from panelpress.raw.simulated import simulate
from panelpress.schemas.declarations import Declarations, load_declarations
from panelpress.schemas.releases import load_releases
from panelpress.validation.estimates.check import findings, recompute_all
from panelpress.validation.estimates.judge import tally
from panelpress.validation.estimates.register import load_register
from worded_claims import unmet

pytestmark = [pytest.mark.slow, pytest.mark.timeout(3600)]
LEAST = 170
PRINTED = 189


def judged(here: Places, declared: Declarations, register: Sequence[PrintedNumber] | None = None) -> tuple[Judged, ...]:
    """Every number of the register, or of ``register``, on the secure tables below ``here``."""
    with duckdb.connect(str(here.secure_database), read_only=True) as secure:
        return recompute_all(secure, declared, register or load_register(here.estimates_file, declared))


def of_surveys(found: Sequence[Judged]) -> dict[str, int]:
    return tally(each for each in found if each.number.scope == "survey")


@pytest.fixture(scope="module")
def declared(chain: Places) -> Declarations:
    return load_declarations(chain)


@pytest.fixture(scope="module")
def found(chain: Places, declared: Declarations) -> tuple[Judged, ...]:
    return judged(chain, declared)


def test_the_readme_prints_the_tally_of_the_private_tables(found: tuple[Judged, ...], repository: Path) -> None:
    counted = of_surveys(found)
    assert sum(counted.values()) == PRINTED and counted["reproduced"] >= LEAST
    assert counted["not reproduced"] == counted["not carried by the open tier"] == 0
    assert readme_column(repository, 0) == counted


def test_the_readme_prints_the_tally_of_the_open_release(repository: Path) -> None:
    here = places(repository)
    version = due(here, load_releases(here, load_declarations(here).studies))[-1].version
    path = repository / "releases" / version / "data" / "csv" / "estimates.csv"
    if not path.is_file():
        pytest.skip("bin/release has not made a release in this checkout")
    rows = duckdb.execute(
        "SELECT verdict, count(*) FROM read_csv(?) WHERE scope = 'survey' GROUP BY verdict", [str(path)]
    ).fetchall()
    assert readme_column(repository, 1) == {**dict.fromkeys(readme_column(repository, 1), 0), **dict(rows)}


def readme_column(repository: Path, at: int) -> dict[str, int]:
    """Verdicts and numbers of one column of the table in the README; a dash is none."""
    lines = (repository / "README.md").read_text(encoding="utf-8").splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith(f"| of {PRINTED} printed survey numbers"))
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[start + 2 : start + 8]]
    return {verdict: 0 if row[at] == "-" else int(row[at]) for verdict, *row in rows}


def test_every_number_that_does_not_come_out_has_a_reason(found: tuple[Judged, ...]) -> None:
    for each in found:
        if not each.kept:
            assert each.why, each.number.id
            assert each.number.inconsistency or each.verdict == "not computable", each.number.id


def test_each_printed_number_changed_by_two_points_fails_and_is_named(
    chain: Places, declared: Declarations, found: tuple[Judged, ...]
) -> None:
    exact = [
        each.number for each in found if each.verdict == "reproduced" and each.number.op == "eq" and each.number.rounding <= 0.5
    ]
    assert len(exact) > 120
    changed = [replace(number, value=number.value + 2) for number in exact]
    refused = [each for each in findings(judged(chain, declared, changed), "run") if each.failed]
    assert names(refused) == {number.id for number in exact}


def names(failed: Sequence[Finding]) -> set[str]:
    return {each.rule.removeprefix("estimate.") for each in failed}


def draw(here: Places, seed: int) -> None:
    """Simulates the deliveries of ``seed``, registers them, takes them in and builds the private tables."""
    declared = load_declarations(here)
    simulate(here, declared.project, seed)
    key = project_key(here, declared.project)
    made = [(each, here.deliveries / each.file) for each in read_registry(here)]
    write_registry(here, [replace(each, digest=delivery_digest(key, path), bytes=path.stat().st_size) for each, path in made])
    intake_project(here)
    harmonize_for(declared, due(here, load_releases(here, declared.studies))[-1], "seed")


@pytest.mark.parametrize("seed", [2, 3, 4, 5])
def test_other_seeds_of_the_simulator_keep_the_numbers_and_the_claims(
    chain: Places, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    monkeypatch.setenv(WORK_VARIABLE, str(tmp_path / "work"))
    shutil.copytree(chain.root, tmp_path / "project", ignore=shutil.ignore_patterns("deliveries", "releases", "ledger.jsonl"))
    here = places(tmp_path / "project")
    draw(here, seed)
    counted = of_surveys(judged(here, load_declarations(here)))
    assert counted["reproduced"] >= LEAST and counted["not reproduced"] == 0
    with duckdb.connect(str(here.secure_database), read_only=True) as secure:
        assert unmet(secure) == []
