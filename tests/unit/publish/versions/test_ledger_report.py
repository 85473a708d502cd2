"""What ``panelpress ledger verify`` notices: files, folders, cut-off lines, signatures."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from panelpress.errors import UsageError
from panelpress.paths import Places
from panelpress.publish.versions import ledger
from panelpress.publish.versions.signature import TOOL, sign, signature_file
from panelpress.publish.versions.verify_ledger import verify_ledger
from releasing import project, release

PROJECT = "tiny-panel"
needs_ssh = pytest.mark.skipif(shutil.which(TOOL) is None, reason="ssh-keygen is not installed")


def published(folder: Path) -> Places:
    places = project(folder)
    release(places, exporters=())
    return places


def writable(path: Path) -> Path:
    path.chmod(0o644)
    return path


def test_a_release_as_it_was_published_verifies(tmp_path: Path) -> None:
    report = verify_ledger(published(tmp_path), PROJECT)
    assert report.holds and not report.absent


@pytest.mark.parametrize("name", ["README.md", "manifest.json", "SHA256SUMS"])
def test_a_changed_file_is_named(tmp_path: Path, name: str) -> None:
    places = published(tmp_path)
    path = writable(places.release("0.1.0") / name)
    path.write_text(path.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    report = verify_ledger(places, PROJECT)
    assert not report.holds
    assert name in report.problems[0]


def test_a_file_that_is_gone_and_one_that_was_added_are_named(tmp_path: Path) -> None:
    places = published(tmp_path)
    (places.release("0.1.0") / "CITATION.cff").rename(places.release("0.1.0") / "CITE.cff")
    assert verify_ledger(places, PROJECT).problems == (
        "releases/0.1.0/CITATION.cff is gone",
        "releases/0.1.0/CITE.cff was added",
    )


def test_a_release_that_is_not_here_is_no_problem(tmp_path: Path) -> None:
    places = published(tmp_path)
    shutil.rmtree(places.release("0.1.0"))
    report = verify_ledger(places, PROJECT)
    assert report.holds and report.absent == ("0.1.0",)


def test_a_release_that_the_ledger_forgot_is_named(tmp_path: Path) -> None:
    places = published(tmp_path)
    places.ledger.unlink()
    places.ledger_head.unlink()
    assert verify_ledger(places, PROJECT).problems == ("releases/0.1.0 is not in the ledger",)


def signing_key(folder: Path) -> Path:
    key = folder / "signer"
    subprocess.run([TOOL, "-q", "-t", "ed25519", "-N", "", "-C", "test", "-f", str(key)], check=True)
    return key


def allow(places: Places, key: Path, role: str) -> None:
    public = key.with_suffix(".pub").read_text(encoding="ascii")
    places.allowed_signers.parent.mkdir(parents=True, exist_ok=True)
    places.allowed_signers.write_text(f'{role} namespaces="panelpress" {public}', encoding="ascii")


@needs_ssh
def test_a_signed_entry_names_its_signer(tmp_path: Path) -> None:
    places, key = published(tmp_path), signing_key(tmp_path)
    entry = ledger.read(places)[-1]
    sign(places, PROJECT, entry, key)
    allow(places, key, "maintainer")
    report = verify_ledger(places, PROJECT)
    assert report.holds
    assert [(each.entry, each.signer) for each in report.signatures] == [(entry.number, "maintainer")]


@needs_ssh
def test_a_signature_of_somebody_else_is_no_good(tmp_path: Path) -> None:
    places, key = published(tmp_path), signing_key(tmp_path)
    sign(places, PROJECT, ledger.read(places)[-1], key)
    (tmp_path / "other").mkdir()
    allow(places, signing_key(tmp_path / "other"), "maintainer")
    assert not verify_ledger(places, PROJECT).holds


@needs_ssh
def test_a_signature_does_not_fit_another_entry(tmp_path: Path) -> None:
    places, key = published(tmp_path), signing_key(tmp_path)
    last = ledger.read(places)[-1]
    sign(places, PROJECT, last, key)
    allow(places, key, "maintainer")
    signature_file(places, last.number).rename(signature_file(places, last.number - 1))
    assert not verify_ledger(places, PROJECT).holds


@needs_ssh
def test_lines_cut_off_after_a_signature_are_noticed_on_any_machine(tmp_path: Path) -> None:
    places, key = published(tmp_path), signing_key(tmp_path)
    sign(places, PROJECT, ledger.read(places)[-1], key)
    allow(places, key, "maintainer")
    lines = places.ledger.read_text(encoding="utf-8").splitlines(keepends=True)
    places.ledger.write_text("".join(lines[:-1]), encoding="utf-8")
    places.ledger_head.unlink()
    shutil.rmtree(places.release("0.1.0"))
    assert any("cut off" in problem for problem in verify_ledger(places, PROJECT).problems)


@needs_ssh
def test_a_key_that_is_none_is_refused(tmp_path: Path) -> None:
    places = published(tmp_path)
    (tmp_path / "nonsense").write_text("no key", encoding="ascii")
    with pytest.raises(UsageError, match="could not sign"):
        sign(places, PROJECT, ledger.read(places)[-1], tmp_path / "nonsense")
