"""The reference chain goes on to 0.3.0: simulated people withdraw, every version goes offline, and the next one lacks them, whoever
had to be left out with them, and nothing else."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest
from typer.testing import CliRunner

from panelpress.cli.main import app
from panelpress.paths import WORK_VARIABLE, Places, places
from panelpress.publish.compare.earlier import declared_for
from panelpress.publish.pipeline import run
from panelpress.publish.versions.verify_ledger import verify_ledger
from panelpress.schemas.declarations import load_declarations

pytestmark = [pytest.mark.slow, pytest.mark.timeout(3600)]
K = 11


@pytest.fixture(scope="module")
def after(chain: Places, tmp_path_factory: pytest.TempPathFactory) -> Places:
    """A copy of the chain after a batch of withdrawals and the release that waited for it."""
    folder = tmp_path_factory.mktemp("withdrawal")
    shutil.copytree(chain.root, folder / "project")
    shutil.copytree(chain.work, folder / "work")
    asked = subprocess.run(
        [sys.executable, str(folder / "project/raw/simulate.py"), "--withdrawals"], capture_output=True, text=True, check=True
    )
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv(WORK_VARIABLE, str(folder / "work"))
        done = CliRunner().invoke(app, ["withdraw", "--project", str(folder / "project"), "--json"], input=asked.stdout)
        assert done.exit_code == 0, done.output
        facts = json.loads(done.stdout)
        assert (facts["persons"], facts["unknown"], facts["pending"]) == (len(asked.stdout.split()), 0, facts["persons"])
        assert run(places(folder / "project")).version == "0.3.0"
        here = places(folder / "project")
    (folder / "asked").write_text(asked.stdout, encoding="utf-8")
    return here


def test_every_earlier_version_is_offline_and_the_ledger_says_so(after: Places) -> None:
    assert [path.name for path in after.releases.iterdir() if path.name[0] != "."] == ["0.3.0"]
    assert sorted(path.stem for path in after.tombstone("0").parent.iterdir()) == ["0.1.0", "0.2.0", "0.2.1"]
    report = verify_ledger(after, load_declarations(after).project.id)
    assert report.holds, report.problems
    kinds = [(entry.kind, entry.version) for entry in report.entries if entry.kind in ("release", "withdrawal")]
    assert kinds[-4:] == [*(("withdrawal", version) for version in ("0.1.0", "0.2.0", "0.2.1")), ("release", "0.3.0")]


def test_nothing_that_is_kept_names_anybody_who_left(after: Places) -> None:
    asked = (after.root.parent / "asked").read_bytes().split()
    for path in (each for folder in (after.root, after.work) for each in folder.rglob("*") if each.is_file()):
        if ".git" not in path.parts:
            data = path.read_bytes()
            assert not any(token in data for token in asked), path.name


def test_the_new_release_differs_in_what_restoring_k_needs_and_in_nothing_else(after: Places) -> None:
    changes = after.release("0.3.0") / "data" / "parquet" / "changes.parquet"
    told = duckdb.sql(f"SELECT kind, n FROM '{changes}' WHERE kind NOT LIKE 'rows_changed'").fetchall()
    assert {kind for kind, _ in told} <= {"persons_gone", "responses_gone", "hidden_after_withdrawal"}
    assert {"persons_gone", "responses_gone"} <= {kind for kind, _ in told}
    assert all(n is not None and n >= K for _, n in told)


def test_nothing_waits_any_more(after: Places) -> None:
    assert declared_for(after, None)[1].version == "0.3.0"


def test_a_copy_of_a_withdrawn_version_is_told_to_be_withdrawn(chain: Places, after: Places, tmp_path: Path) -> None:
    ledger = tmp_path / "ledger.jsonl"
    shutil.copyfile(after.ledger, ledger)
    words = ["verify", str(chain.release("0.2.1")), "--ledger", str(ledger), "--json"]
    done = CliRunner().invoke(app, words)
    assert done.exit_code == 1
    assert "withdrawn" in done.output
