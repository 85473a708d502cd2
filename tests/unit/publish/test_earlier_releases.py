"""What earlier releases said counts, whether their folders are here or have to be computed again from the declarations."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

import pytest

from panelpress.errors import DisclosureRefused
from panelpress.paths import Places, places
from panelpress.publish.pipeline import run
from panelpress.publish.protection.earlier_releases import bring_earlier, bring_leaving
from panelpress.publish.versions import ledger, release
from panelpress.publish.versions.hashes import UNREPEATABLE
from panelpress.publish.versions.manifest import SUMS, read_manifest
from panelpress.publish.versions.shelf import folder_of
from panelpress.raw.readers import read_delivery
from projects import beside, command, create, must

CHAIN = """
spec: panel-releases/0.1
releases:
- {version: 0.1.0, date: 2026-01-31, notes: {en: The first.}}
- {version: 0.2.0, date: 2026-02-28, notes: {en: The second.}}
"""


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A little project that has published two releases, and its work folder, side by side."""
    folder = tmp_path_factory.mktemp("published")
    with pytest.MonkeyPatch.context() as patched:
        beside(patched, folder)
        root = create(folder / "project")
        (root / "publish/releases.yaml").write_text(CHAIN.lstrip(), encoding="utf-8")
        for version in ("0.1.0", "0.2.0"):
            must(root, "run", "--release", version)
    return folder


@pytest.fixture
def root(published: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of it to be spoiled."""
    shutil.copytree(published, tmp_path, dirs_exist_ok=True)
    beside(monkeypatch, tmp_path)
    return tmp_path / "project"


def forget(here: Places, *versions: str) -> None:
    """What a fresh checkout lacks: release folders and everything in the work folder."""
    for folder in (here.work, *(here.release(each) for each in versions)):
        for path in (folder, *folder.rglob("*")):
            if path.is_dir():
                path.chmod(0o700)
        shutil.rmtree(folder)


def contents(folder: Path) -> dict[str, bytes]:
    """Every file that repeats, by its path."""
    files = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    return {name: data for name, data in files.items() if name != SUMS and not f"  {name}".endswith(UNREPEATABLE)}


def test_a_fresh_checkout_builds_the_newest_release_as_the_ledger_describes_it(root: Path) -> None:
    here = places(root)
    lines, before = here.ledger.read_text(encoding="utf-8"), contents(here.release("0.2.0"))
    forget(here, "0.1.0", "0.2.0")
    must(root, "run")
    assert contents(here.release("0.2.0")) == before
    assert here.ledger.read_text(encoding="utf-8") == lines, "the same release is recorded once"
    assert not here.release("0.1.0").exists(), "computed for comparison, not published"
    assert "nothing changed" in must(root, "run").output
    must(root, "ledger", "verify")
    must(root, "verify", str(here.release("0.2.0")))


def test_a_run_that_died_before_its_line_in_the_ledger_is_completed_by_the_next(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = places(root)
    forget(here, "0.2.0")
    with monkeypatch.context() as patched:
        patched.setattr(release, "_record", lambda *_: sys.exit("killed"))
        with pytest.raises(SystemExit):
            run(here)
    assert here.pending.is_file() and here.release("0.2.0").is_dir()
    told = must(root, "run").output
    assert not here.pending.exists()
    assert "whether anything changed since" in told, "what it was made from is noted last"
    must(root, "ledger", "verify")


def test_a_release_that_the_ledger_does_not_know_is_refused_not_taken_for_unchanged(root: Path) -> None:
    places(root).ledger.unlink()
    refused = command(root, "run")
    assert refused.exit_code == 1 and "is not in the ledger" in refused.output


def test_who_lost_the_work_folder_is_not_told_that_nothing_changed(root: Path) -> None:
    shutil.rmtree(places(root).work)
    must(root, "run")
    told = json.loads(must(root, "run", "--json").stdout)
    assert (told["changed"], told["compared"]) == (False, False)


def test_what_is_computed_again_says_what_the_folder_said(root: Path) -> None:
    here = places(root)
    said = read_manifest(here.release("0.1.0"))
    forget(here, "0.1.0")
    must(root, "intake")
    here.secure_database.write_bytes(b"of the release that is being made")
    bring_earlier(here, "0.2.0")
    assert here.secure_database.read_bytes() == b"of the release that is being made"
    assert not any(here.builds_apart.iterdir())
    folder = folder_of(here, "0.1.0")
    assert folder is not None and folder.is_relative_to(here.work)
    again = read_manifest(folder)
    assert (again["data_version"], again["disclosure"]) == (said["data_version"], said["disclosure"])


def test_a_release_whose_declarations_changed_since_cannot_be_computed_again(root: Path) -> None:
    here = places(root)
    path = here.variables / "mood.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("{en: good}", "{en: excellent}"), encoding="utf-8")
    bring_earlier(here, "0.2.0")
    forget(here, "0.1.0")
    must(root, "intake")
    with pytest.raises(DisclosureRefused, match=r"release 0\.1\.0: is published") as refused:
        bring_earlier(here, "0.2.0")
    assert "releases/0.1.0" in refused.value.todo
    assert folder_of(here, "0.1.0") is None


def test_what_is_computed_again_leaves_the_databases_of_others_alone(root: Path) -> None:
    here = places(root)
    forget(here, "0.1.0")
    must(root, "intake")
    of_another_process = here.builds_apart / "0.0.9" / "secure.duckdb"
    of_another_process.parent.mkdir(parents=True)
    of_another_process.write_bytes(b"in use")
    bring_earlier(here, "0.2.0")
    assert [path.name for path in here.builds_apart.iterdir()] == ["0.0.9"]
    assert of_another_process.read_bytes() == b"in use"


@pytest.mark.slow
def test_what_a_version_rests_on_is_computed_before_it(root: Path) -> None:
    here = places(root)
    forget(here, "0.1.0", "0.2.0")
    told: list[str] = []
    assert bring_leaving(here, ["0.2.0"], read_delivery, told.append) == ()
    assert [line.split()[2] for line in told] == ["0.1.0", "0.2.0"]
    assert all(folder_of(here, version) == here.earlier_release(version) for version in ("0.1.0", "0.2.0"))


def test_a_copy_with_other_data_than_the_ledger_names_is_made_anew(root: Path) -> None:
    here = places(root)
    forget(here, "0.1.0")
    must(root, "intake")
    bring_earlier(here, "0.2.0")
    manifest = here.earlier_release("0.1.0") / "manifest.json"
    said = json.loads(manifest.read_text(encoding="utf-8"))
    manifest.write_text(json.dumps(said | {"data_version": "0" * 64}), encoding="utf-8")
    bring_earlier(here, "0.2.0")
    [entry] = [each for each in ledger.release_entries(ledger.read(here)) if each.version == "0.1.0"]
    assert json.loads(manifest.read_text(encoding="utf-8"))["data_version"] == entry.facts["data_version"]
