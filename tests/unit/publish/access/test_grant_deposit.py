"""A granted copy is encrypted for one recipient, under ids of its own; a deposit is whole, repeats, and says what it cannot do."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest
from typer.testing import CliRunner

from panelpress.cli.main import app
from panelpress.errors import DeclarationError, ReleaseRefused, UsageError
from panelpress.paths import places
from panelpress.publish.access.deposit import deposit
from panelpress.publish.access.grant import grant, read_grants
from panelpress.publish.verify.against_ledger import verify_release
from projects import beside, create, must

needs_age = pytest.mark.skipif(
    not (shutil.which("age") and shutil.which("age-keygen")), reason="the program age is not installed"
)


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("granting")
    with pytest.MonkeyPatch.context() as patched:
        beside(patched, folder)
        made = create(folder / "project")
        path = made / "build/disclosure.yaml"
        finer = "  scientific_use: {k: 5, max_risk: 0.2}\n"
        path.write_text(path.read_text(encoding="utf-8") + finer, encoding="utf-8")
        (made / "publish/terms.md").write_text("Do not look for anybody.\n", encoding="utf-8")
        must(made, "run")
    return made


@pytest.fixture(autouse=True)
def own_places(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    beside(monkeypatch, root.parent)


def request(folder: Path, recipient: str, until: str = "2099-12-31") -> Path:
    path = folder / "request.yaml"
    path.write_text(
        f"spec: panel-grant/0.1\nrecipient: Dr. Example\npurpose: {{en: models}}\nuntil: {until}\n"
        f"age: {recipient}\nterms_accepted: 2026-01-31\n",
        encoding="utf-8",
    )
    return path


def key_pair(folder: Path) -> tuple[str, Path]:
    secret = folder / "age.key"
    subprocess.run(["age-keygen", "-o", str(secret)], capture_output=True, check=True)
    public = subprocess.run(["age-keygen", "-y", str(secret)], capture_output=True, text=True, check=True).stdout.strip()
    return public, secret


def ids(text: str) -> set[str]:
    return {row["person_id"] for row in csv.DictReader(io.StringIO(text))}


@needs_age
def test_the_recipient_alone_reads_a_marked_copy_under_ids_of_its_own(root: Path, tmp_path: Path) -> None:
    public, secret = key_pair(tmp_path)
    here = places(root)
    first, bundle = grant(here, request(tmp_path, public))
    assert b"person_id" not in bundle.read_bytes()
    assert bundle.stat().st_mode & 0o077 == 0
    opened = tmp_path / "bundle.zip"
    subprocess.run(["age", "-d", "-i", str(secret), "-o", str(opened), str(bundle)], check=True)
    with zipfile.ZipFile(opened) as archive:
        top = f"little-panel-{first.version}/"
        copy = ids(archive.read(f"{top}data/csv/little_persons.csv").decode())
        assert b"Dr. Example alone" in archive.read(f"{top}GRANT.txt")
        assert b"Do not look" in archive.read(f"{top}TERMS.md")
        assert json.loads(archive.read(f"{top}manifest.json"))["tier"] == "scientific_use"
    public_ids = ids((here.release("0.1.0") / "data/csv/little_persons.csv").read_text(encoding="utf-8"))
    assert len(copy) == 40
    assert not copy & public_ids
    assert verify_release(str(opened), None).well
    second, _ = grant(here, request(tmp_path, public))
    assert (first.version, second.version) == ("0.1.0+grant.1", "0.1.0+grant.2")
    assert [each.recipient for each in read_grants(here)] == ["Dr. Example", "Dr. Example"]
    assert not list(here.work.glob("grant-*"))


@needs_age
def test_a_wrong_key_or_a_grant_that_is_over_makes_no_bundle(root: Path, tmp_path: Path) -> None:
    here = places(root)
    before = set(here.work.rglob("*.age"))
    with pytest.raises(ReleaseRefused, match="recipient's key"):
        grant(here, request(tmp_path, "age1qqqqqq"))
    with pytest.raises(DeclarationError, match="ends before"):
        grant(here, request(tmp_path, "age1qqqqqq", until="2001-01-01"))
    assert set(here.work.rglob("*.age")) == before


def test_a_deposit_is_whole_says_simulated_and_cannot_forget(root: Path, tmp_path: Path) -> None:
    done = deposit(places(root), "0.1.0", tmp_path / "deposit")
    assert {".zenodo.json", "little-panel-0.1.0.zip", "README.md", "SHA256SUMS"} <= set(done.files)
    said = json.loads((tmp_path / "deposit/.zenodo.json").read_text(encoding="utf-8"))
    assert "Simulated" in said["description"]
    assert "cannot forget" in said["notes"]
    assert verify_release(str(tmp_path / "deposit/little-panel-0.1.0.zip"), None).well


def test_the_same_release_gives_the_same_archive(root: Path, tmp_path: Path) -> None:
    made = [deposit(places(root), "0.1.0", tmp_path / name).folder / "little-panel-0.1.0.zip" for name in ("a", "b")]
    assert len({hashlib.sha256(path.read_bytes()).hexdigest() for path in made}) == 1


def test_a_deposit_into_a_full_folder_or_of_no_release_is_refused(root: Path, tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full/x").write_text("x", encoding="utf-8")
    with pytest.raises(UsageError, match="not empty"):
        deposit(places(root), "0.1.0", tmp_path / "full")
    with pytest.raises(UsageError, match="is not there"):
        deposit(places(root), "9.9.9", tmp_path / "new")


def test_the_command_reminds_every_time(root: Path, tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["deposit", "0.1.0", "--to", str(tmp_path / "d"), "--project", str(root)])
    assert done.exit_code == 0
    assert "cannot forget" in " ".join(done.output.split())
