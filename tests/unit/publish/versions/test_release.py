"""A release appears whole, once, and with its line in the ledger; otherwise nothing has happened."""

from __future__ import annotations

import fcntl
import hashlib
import json
import secrets
import shutil
import stat
import subprocess
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from panelpress.errors import GateRefused, ReleaseRefused
from panelpress.model.findings import Finding
from panelpress.model.release import Edition
from panelpress.paths import Places
from panelpress.publish.tables.assemble import Assembled, assemble
from panelpress.publish.versions import ledger
from panelpress.publish.versions.descriptor import as_json, contract_of, renew_contract
from panelpress.publish.versions.hashes import file_hash
from panelpress.publish.versions.manifest import read_manifest, read_sums
from panelpress.publish.versions.release import Verdict, publish, recover
from panelpress.publish.versions.staging import Staged
from panelpress.raw.project_key import ledger_fingerprint
from panelpress.schemas.table_schema import package
from panelpress.validation.structure import check_package, check_tables
from releasing import KEY, ORIGIN, made, plan, project, release, says_yes


def state(places: Places) -> dict[str, str]:
    """Every byte that matters to others: releases and ledger."""
    files = [path for path in places.releases.rglob("*") if path.is_file() and path.name != ".lock"]
    files += [places.ledger] if places.ledger.exists() else []
    return {path.relative_to(places.root).as_posix(): file_hash(path) for path in files}


def real(edition: Edition) -> Edition:
    return replace(edition, project=replace(edition.project, simulated=False))


def assembled_as_real(version: str = "0.1.0") -> Assembled:
    edition, protected = plan(version)
    return assemble(protected, real(edition), KEY)


def test_a_release_holds_what_it_says(tmp_path: Path) -> None:
    places = project(tmp_path)
    folder = release(places).folder
    assert folder == places.release("0.1.0")
    names = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert {"datapackage.json", "manifest.json", "SHA256SUMS", "README.md", "CITATION.cff"} <= names
    assert {"data/csv/tiny_responses.csv", "data/parquet/tiny_responses.parquet"} <= names
    assert {"tiny-panel-0.1.0.duckdb", "tiny-panel-0.1.0.sqlite"} <= names


def test_its_descriptor_and_files_satisfy_frictionless_and_the_profile(tmp_path: Path) -> None:
    folder = release(project(tmp_path)).folder
    assert not [finding for finding in check_package(folder / "datapackage.json") if finding.failed]


def test_its_tables_satisfy_their_declarations() -> None:
    assembled = made()
    assert not [finding for finding in check_tables(assembled.rows, assembled.edition.tables) if finding.failed]


def test_the_contract_of_a_release_is_that_of_its_edition(tmp_path: Path) -> None:
    places = project(tmp_path)
    folder = release(places).folder
    said = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    assert contract_of(said) == as_json(package(made().edition))
    assert renew_contract(places, folder) and not renew_contract(places, folder)
    assert places.descriptor.read_text(encoding="utf-8") == contract_of(said)


def test_the_sums_fit_every_file_and_every_file_has_one(tmp_path: Path) -> None:
    folder = release(project(tmp_path)).folder
    done = subprocess.run(["sha256sum", "--check", "--quiet", "--strict", "SHA256SUMS"], cwd=folder, check=False)
    assert done.returncode == 0
    listed = {line.split("  ", 1)[1] for line in (folder / "SHA256SUMS").read_text(encoding="utf-8").splitlines()}
    present = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert listed == present - {"SHA256SUMS"}


def test_the_logical_hash_of_a_table_is_that_of_its_csv(tmp_path: Path) -> None:
    folder = release(project(tmp_path)).folder
    for table in read_manifest(folder)["tables"]:
        assert table["sha256"] == file_hash(folder / "data" / "csv" / f"{table['name']}.csv")


def test_the_duckdb_file_holds_what_the_logical_hashes_say(tmp_path: Path) -> None:
    folder = release(project(tmp_path)).folder
    with duckdb.connect(str(folder / "tiny-panel-0.1.0.duckdb"), read_only=True) as database:
        for table in read_manifest(folder)["tables"]:
            path = tmp_path / "again.csv"
            database.execute(f"COPY (SELECT * FROM \"{table['name']}\" ORDER BY rowid) TO '{path}' (HEADER)")
            assert file_hash(path) == table["sha256"]


def test_the_same_input_gives_the_same_bytes_but_for_duckdb(tmp_path: Path) -> None:
    hashes = []
    for attempt in ("first", "second"):
        folder = release(project(tmp_path / attempt)).folder
        hashes.append({path: digest for path, digest in read_sums(folder).items() if not path.endswith(".duckdb")})
    assert hashes[0] == hashes[1]


def restless(edition: Edition, rows: duckdb.DuckDBPyConnection, folder: Path) -> tuple[Path, ...]:
    """A format whose bytes never repeat, as those of a larger DuckDB file do not."""
    path = folder / "restless.bin"
    path.write_bytes(secrets.token_bytes(8))
    return (path,)


def test_builds_that_differ_in_container_bytes_alone_have_one_data_version(tmp_path: Path) -> None:
    first = release(project(tmp_path / "first"), exporters=(restless,)).folder
    second = release(project(tmp_path / "second"), exporters=(restless,)).folder
    assert file_hash(first / "SHA256SUMS") != file_hash(second / "SHA256SUMS")
    assert read_manifest(first)["data_version"] == read_manifest(second)["data_version"]


def test_the_ledger_names_release_key_and_hash(tmp_path: Path) -> None:
    places = project(tmp_path)
    published = release(places)
    entry = ledger.read(places)[-1]
    assert entry == published.entry
    assert entry.facts["sums_sha256"] == file_hash(published.folder / "SHA256SUMS")
    assert ledger_fingerprint(places.ledger) == KEY.fingerprint


def test_a_version_that_exists_is_never_written_again(tmp_path: Path) -> None:
    places = project(tmp_path)
    release(places)
    before = state(places)
    with pytest.raises(ReleaseRefused, match="exists already"):
        release(places, change="UPDATE tiny_responses SET trust = 1 WHERE trust = 2")
    assert state(places) == before


def test_the_files_of_a_release_are_read_only(tmp_path: Path) -> None:
    folder = release(project(tmp_path)).folder
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o444 for path in folder.rglob("*") if path.is_file())


def test_when_the_gate_says_no_nothing_has_happened(tmp_path: Path) -> None:
    places = project(tmp_path)
    broken = Finding("run", "release", "duckdb", "key.unique", "tiny_responses", None, "error", 1, 7)
    with pytest.raises(GateRefused, match=r"key\.unique"):
        publish(places, made(), ORIGIN, lambda *_: Verdict((broken,)))
    assert state(places) == {}
    assert not places.staging.exists()


def test_a_waived_finding_does_not_stop_a_release(tmp_path: Path) -> None:
    waived = Finding("run", "release", "duckdb", "key.unique", "t", None, "error", 1, 7, waived="W1")
    places = project(tmp_path)
    assert publish(places, made(), ORIGIN, lambda *_: Verdict((waived,))).folder.is_dir()


def test_real_respondents_are_refused_until_the_safety_gate_is_complete(tmp_path: Path) -> None:
    places = project(tmp_path)
    with pytest.raises(GateRefused, match="real respondents"):
        publish(places, assembled_as_real(), ORIGIN, lambda *_: Verdict((), "a" * 64, safety_complete=False))
    assert state(places) == {}


def test_real_respondents_need_somebody_who_signs_off(tmp_path: Path) -> None:
    places = project(tmp_path)
    with pytest.raises(GateRefused, match="signed off"):
        publish(places, assembled_as_real(), ORIGIN, says_yes)
    ledger.append(places, "sign_off", "2026-01-30", ledger.sign_off_facts("0.1.0", "data protection officer", "a" * 64))
    assert publish(places, assembled_as_real(), ORIGIN, says_yes).folder.is_dir()


def test_for_simulated_data_the_engine_signs_and_says_so(tmp_path: Path) -> None:
    places = project(tmp_path)
    release(places)
    first = ledger.read(places)[0]
    assert first.kind == "sign_off"
    assert "simulated" in first.facts["role"]


def test_two_at_once_one_wins_and_the_other_says_so(tmp_path: Path) -> None:
    places = project(tmp_path)
    places.releases.mkdir()
    with (places.releases / ".lock").open("w") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        with pytest.raises(ReleaseRefused, match="another process is publishing"):
            release(places)
    assert release(places).folder.is_dir()


def test_a_format_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    def broken(edition: Edition, rows: duckdb.DuckDBPyConnection, folder: Path) -> tuple[Path, ...]:
        raise OSError(28, "No space left on device")

    places = project(tmp_path)
    with pytest.raises(ReleaseRefused, match="disk is full"):
        release(places, exporters=(broken,))
    assert state(places) == {}
    assert release(places).folder.is_dir()


def test_a_message_of_a_database_engine_is_never_repeated(tmp_path: Path) -> None:
    def leaking(edition: Edition, rows: duckdb.DuckDBPyConnection, folder: Path) -> tuple[Path, ...]:
        rows.execute("SELECT CAST('secret answer' AS INTEGER)")
        return ()

    with pytest.raises(ReleaseRefused) as refusal:
        release(project(tmp_path), exporters=(leaking,))
    assert "secret" not in str(refusal.value)


def test_a_run_killed_after_the_rename_is_completed_by_the_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    places = project(tmp_path)

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("panelpress.publish.versions.release._record", killed)
        with pytest.raises(KeyboardInterrupt):
            release(places)
    assert places.release("0.1.0").is_dir()
    assert [entry.kind for entry in ledger.read(places)] == ["sign_off"]
    assert recover(places) == "0.1.0"
    assert ledger.read(places)[-1].version == "0.1.0"
    assert recover(places) is None


def test_a_folder_that_the_ledger_does_not_know_stops_everything(tmp_path: Path) -> None:
    places = project(tmp_path)
    release(places)
    shutil.copytree(places.release("0.1.0"), places.release("0.1.1"))
    with pytest.raises(ReleaseRefused, match=r"0\.1\.1: is not in the ledger"):
        release(places, "0.2.0")


def test_a_lost_folder_may_be_built_again_with_the_same_data(tmp_path: Path) -> None:
    places = project(tmp_path)
    release(places, exporters=(restless,))
    shutil.rmtree(places.release("0.1.0"))
    release(places, exporters=(restless,))
    assert [entry.kind for entry in ledger.read(places)] == ["sign_off", "release", "rebuild"]


def test_a_lost_folder_is_not_built_again_with_other_data(tmp_path: Path) -> None:
    places = project(tmp_path)
    release(places)
    shutil.rmtree(places.release("0.1.0"))
    with pytest.raises(ReleaseRefused, match="other data"):
        release(places, change="UPDATE tiny_responses SET trust = 1 WHERE trust = 2")


def test_what_an_earlier_run_left_in_staging_is_swept_away(tmp_path: Path) -> None:
    places = project(tmp_path)
    leftover = places.staging / "0.0.9" / "data"
    leftover.mkdir(parents=True)
    (leftover / "half.csv").write_text("person", encoding="utf-8")
    release(places)
    assert not places.staging.exists()


def test_the_manifest_says_how_the_data_were_protected_and_with_what_they_were_made(tmp_path: Path) -> None:
    said = read_manifest(release(project(tmp_path)).folder)
    assert said["disclosure"]["studies"]["tiny"]["keys"] == ["gender", "country"]
    assert said["key_fingerprint"] == KEY.fingerprint
    assert {"duckdb", "panelpress", "python"} <= set(said["tools"])
    assert said["simulated"] is True


def test_simulated_data_are_called_so_in_every_document(tmp_path: Path) -> None:
    folder = release(project(tmp_path)).folder
    for name in ("README.md", "CITATION.cff", "datapackage.json", "manifest.json"):
        assert "imulated" in (folder / name).read_text(encoding="utf-8")


def test_no_file_of_a_release_holds_a_secure_id(tmp_path: Path) -> None:
    places = project(tmp_path)
    edition, protected = plan()
    protected.execute("UPDATE tiny_responses SET person_id = 'SECUREID' || person_id")
    folder = publish(places, assemble(protected, edition, KEY), ORIGIN, says_yes).folder
    assert not [path.name for path in folder.rglob("*") if path.is_file() and b"SECUREID" in path.read_bytes()]


def test_the_gate_sees_the_files_before_anyone_else(tmp_path: Path) -> None:
    places = project(tmp_path)
    seen: list[str] = []

    def looks(staged: Staged, assembled: Assembled) -> Verdict:
        assert not places.release(staged.version).exists()
        digest = hashlib.sha256((staged.folder / "datapackage.json").read_bytes()).hexdigest()
        seen.append(digest)
        return Verdict(report_sha256="c" * 64)

    folder = publish(places, made(), ORIGIN, looks).folder
    assert seen == [file_hash(folder / "datapackage.json")]
    assert json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))["version"] == "0.1.0"
