"""The reference project publishes its chain: two waves, the third wave, a counted erratum. Diff, versions and ledger hold on it."""

from __future__ import annotations

import itertools
import json
import re
import sqlite3
from contextlib import closing
from pathlib import Path

import duckdb
import pytest

from panelpress.paths import Places, places
from panelpress.publish.compare.diff import diff_releases
from panelpress.publish.compare.earlier import due
from panelpress.publish.compare.judge_diff import judge
from panelpress.publish.compare.same_answer import same_answer
from panelpress.publish.versions import ledger
from panelpress.publish.versions.verify_ledger import verify_ledger
from panelpress.schemas.declarations import load_declarations
from panelpress.schemas.errata import load_errata
from panelpress.schemas.releases import load_releases

pytestmark = [pytest.mark.slow, pytest.mark.timeout(3600)]


def versions(here: Places) -> list[str]:
    return [plan.version for plan in due(here, load_releases(here, load_declarations(here).studies))]


def test_the_ledger_of_the_chain_verifies(chain: Places) -> None:
    report = verify_ledger(chain, load_declarations(chain).project.id)
    assert report.holds, report.problems
    assert [entry.version for entry in report.entries if entry.kind == "release"] == versions(chain)


def test_every_step_of_the_chain_may_be_published(chain: Places) -> None:
    declared = load_declarations(chain)
    errata = load_errata(chain, declared.studies, declared.variables, declared.project.languages)
    known = versions(chain)
    for before, after in itertools.pairwise(known):
        diff = diff_releases(chain, before, after, related=same_answer(declared, before, after))
        assert diff.joined
        assert not [each.rule for each in judge(diff, errata) if each.blocks], f"{before} to {after}"


def test_the_erratum_changes_what_it_says_and_nothing_else(chain: Places) -> None:
    declared = load_declarations(chain)
    errata = load_errata(chain, declared.studies, declared.variables, declared.project.languages)
    version = errata[0].version
    before = versions(chain)[versions(chain).index(version) - 1]
    diff = diff_releases(chain, before, version)
    assert {(each.variable, each.wave) for each in diff.cells if not each.protection} == {
        (each.variable, each.wave) for each in errata
    }
    assert sum(each.n for each in diff.corrected) == sum(int(each.cells) for each in errata)
    assert all(each.added == each.gone == 0 for each in diff.people)


def test_the_ledger_in_git_describes_this_chain(chain: Places, repository: Path) -> None:
    """Otherwise a fresh checkout refuses to build it again: `bin/chain` writes both anew."""
    if not places(repository).ledger.is_file():
        pytest.skip("no ledger is kept in git")
    told, now = (ledger.release_entries(ledger.read(each)) for each in (places(repository), chain))
    assert [(each.version, each.facts["data_version"]) for each in told] == [
        (each.version, each.facts["data_version"]) for each in now
    ]


def test_the_newest_release_of_the_chain_holds_the_tables_of_the_contract(chain: Places, repository: Path) -> None:
    newest = json.loads((chain.release(versions(chain)[-1]) / "datapackage.json").read_text(encoding="utf-8"))
    contract = json.loads((repository / "datapackage.json").read_text(encoding="utf-8"))
    assert [each["name"] for each in newest["resources"]] == [each["name"] for each in contract["resources"]]


def test_the_past_is_published_with_every_release(chain: Places) -> None:
    newest = versions(chain)[-1]
    path = chain.release(newest) / "data" / "parquet" / "variable_history.parquet"
    found = duckdb.sql(f"SELECT DISTINCT release FROM '{path}' ORDER BY release").fetchall()
    assert [release for (release,) in found] == versions(chain)
    text = (chain.release(newest) / "CHANGELOG.md").read_text(encoding="utf-8")
    assert all(f"## {version} " in text for version in versions(chain))


def test_any_reader_can_check_k_with_the_one_query_of_the_readme(chain: Places) -> None:
    for version in versions(chain):
        folder = chain.release(version)
        text = (folder / "README.md").read_text(encoding="utf-8")
        assert "not** anonymous" in text
        promised = [int(n) + 1 for n in re.findall(r"everybody is like at least (\d+) others", text)]
        queries = re.findall(r"```sql\n(SELECT class_size.*?)\n```", text, flags=re.S)
        assert len(queries) == len(promised) > 0
        with closing(sqlite3.connect(next(folder.glob("*.sqlite")))) as rows:
            assert all(rows.execute(query).fetchone()[0] >= k for query, k in zip(queries, promised, strict=True))


def test_the_readme_tells_how_many_can_be_found_again_as_the_gate_found(chain: Places) -> None:
    for version in versions(chain)[1:]:
        text = (chain.release(version) / "README.md").read_text(encoding="utf-8")
        told = re.findall(r"`(\w+)`: ([\d.]+)% of (\d+) persons .* can be found again", text)
        report = json.loads((chain.gate_reports(version) / "gate.json").read_text(encoding="utf-8"))
        found = {each["resource"]: each["message"] for each in report["findings"] if each["rule"] == "disclosure.relink"}
        assert {study for study, _, _ in told} == set(found)
        for study, share, persons in told:
            attempts, claims = (int(n) for n in re.findall(r"(\d+) attempts, (\d+) claims", found[study])[0])
            assert (int(persons), float(share)) == (attempts, pytest.approx(100 * claims / attempts, abs=0.051))
