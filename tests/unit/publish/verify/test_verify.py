"""A release that was tampered with, cut off, renamed or added to is caught, and the file is named; no cell is ever printed."""

from __future__ import annotations

import functools
import http.server
import json
import re
import shutil
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from panelpress.cli.main import app
from panelpress.errors import ReleaseRefused, UsageError
from panelpress.paths import Places
from panelpress.publish.verify.against_ledger import verify_release
from panelpress.publish.verify.standalone import verify
from panelpress.publish.versions import ledger
from panelpress.publish.versions.hashes import file_hash, text_hash
from releasing import published

RESPONSES = "data/csv/tiny_responses.csv"


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> tuple[Places, Path]:
    return published(tmp_path_factory.mktemp("original"))


@pytest.fixture
def copy(original: tuple[Places, Path], tmp_path: Path) -> Path:
    target = tmp_path / "0.1.0"
    shutil.copytree(original[1], target)
    for path in target.rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)
    target.chmod(0o755)
    return target


def told(folder: Path) -> set[tuple[str, str]]:
    return {(each["check"], each["file"]) for each in verify(folder)}


def rewrite(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def sign_again(folder: Path, *names: str) -> None:
    """What a careful forger does: fit the list of hashes to the changed files."""
    sums = folder / "SHA256SUMS"
    lines = [line for line in sums.read_text(encoding="utf-8").splitlines() if line.partition("  ")[2] not in names]
    lines += [f"{file_hash(folder / name)}  {name}" for name in names]
    sums.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


def test_a_release_as_published_is_well(original: tuple[Places, Path]) -> None:
    places, folder = original
    assert verify(folder) == []
    verdict = verify_release(str(folder), places)
    assert verdict.well
    assert (verdict.version, verdict.unchecked) == ("0.1.0", ())


def test_the_script_of_the_release_says_the_same_without_anything_installed(original: tuple[Places, Path]) -> None:
    done = subprocess.run(
        [sys.executable, "-I", "-S", str(original[1] / "verify.py")], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, "all well: 0.1.0\n")


def test_the_script_runs_on_the_oldest_python_that_is_here(original: tuple[Places, Path]) -> None:
    older = [each for each in map(shutil.which, ("python3.8", "python3.9", "python3.10")) if each]
    working = [each for each in older if subprocess.run([each, "-c", ""], capture_output=True, check=False).returncode == 0]
    if not working:
        pytest.skip("no older Python is here")
    done = subprocess.run([working[0], str(original[1] / "verify.py"), "--json"], capture_output=True, text=True, check=False)
    assert json.loads(done.stdout) == {"ok": True, "problems": []}


def test_a_changed_file_is_named(copy: Path) -> None:
    rewrite(copy / RESPONSES, ",1,", ",2,")
    assert ("hash", RESPONSES) in told(copy)


def test_a_file_cut_off_is_named_so(copy: Path) -> None:
    path = copy / "tiny-panel-0.1.0.sqlite"
    path.write_bytes(path.read_bytes()[:-4096])
    found = [each for each in verify(copy) if each["file"] == path.name]
    assert found[0]["what"] == "is cut off"


def test_a_missing_a_renamed_and_an_added_file_are_told_apart(copy: Path) -> None:
    (copy / "data/csv/waves.csv").rename(copy / "data/csv/rounds.csv")
    (copy / "codebook/codebook.en.md").unlink()
    (copy / "data/extra.csv").write_text("x\n", encoding="utf-8")
    found = {(each["check"], each["file"], each["what"]) for each in verify(copy)}
    assert ("renamed", "data/csv/waves.csv", "is now data/csv/rounds.csv") in found
    assert ("missing", "codebook/codebook.en.md", "is not there") in found
    assert ("added", "data/extra.csv", "does not belong to the release") in found


def test_a_forger_who_fits_the_list_is_caught_by_the_manifest(copy: Path) -> None:
    rewrite(copy / RESPONSES, ",AAA,", ",BBB,")
    sign_again(copy, RESPONSES)
    assert told(copy) == {("hash", RESPONSES)}
    assert [each["what"] for each in verify(copy)] == ["is not the table that the manifest names"]


def test_a_forger_who_fits_everything_is_caught_by_the_ledger(original: tuple[Places, Path], copy: Path) -> None:
    rewrite(copy / RESPONSES, ",AAA,", ",BBB,")
    manifest = json.loads((copy / "manifest.json").read_text(encoding="utf-8"))
    for table in manifest["tables"]:
        if table["name"] == "tiny_responses":
            table["sha256"] = file_hash(copy / RESPONSES)
    lines = "".join(f"{each['sha256']}  {each['name']}\n" for each in sorted(manifest["tables"], key=lambda each: each["name"]))
    manifest["data_version"] = text_hash(lines)
    (copy / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    sign_again(copy, RESPONSES, "manifest.json")
    assert verify(copy) == []
    assert verify(copy, file_hash(original[1] / "SHA256SUMS"))[0]["what"] == "is not the list that the ledger names"
    verdict = verify_release(str(copy), original[0])
    assert [each["check"] for each in verdict.problems] == ["ledger"]


@pytest.mark.parametrize(
    ("old", "new", "check"),
    [
        ("\n", "\nx,a,1,,1,,30,,AAA\n", "width"),
        (",1,,", ",7,,", "codes"),
        (",30,", ",many,", "numbers"),
        (",suppressed", ",whatever", "codes"),
        ("person_id,wave", "person,wave", "columns"),
    ],
)
def test_cells_that_break_the_descriptor_are_counted_by_column(copy: Path, old: str, new: str, check: str) -> None:
    rewrite(copy / RESPONSES, old, new)
    sign_again(copy, RESPONSES)
    assert (check, RESPONSES) in told(copy)


def test_a_person_twice_in_a_wave_and_a_person_nobody_lists_are_found(copy: Path) -> None:
    path = copy / RESPONSES
    lines = path.read_text(encoding="utf-8").splitlines()
    stranger = "f" * 32 + lines[1][32:]
    path.write_text("\n".join([*lines, lines[1], stranger]) + "\n", encoding="utf-8")
    found = {(each["check"], each["what"]) for each in verify(copy)}
    assert ("key", "1 rows repeat the key person_id+wave") in found
    assert ("reference", "1 values of person_id are not in tiny_persons") in found
    assert ("rows", "has 9 rows, the manifest says 7") in found


def test_another_version_in_one_document_is_found(copy: Path) -> None:
    text = (copy / "CITATION.cff").read_text(encoding="utf-8")
    (copy / "CITATION.cff").write_text(re.sub(r"(?m)^version: .*", "version: 9.9.9", text), encoding="utf-8")
    assert ("version", "CITATION.cff") in told(copy)


@pytest.mark.parametrize("name", ["manifest.json", "datapackage.json", "CITATION.cff"])
def test_a_document_that_is_gone_or_garbage_is_a_problem_not_a_crash(copy: Path, name: str) -> None:
    (copy / name).write_bytes(b"\xff\xfe{")
    assert ("hash", name) in told(copy) or ("unreadable", "") in told(copy)
    (copy / name).unlink()
    assert ("missing", name) in told(copy)


def test_no_report_holds_a_cell_or_an_id(copy: Path) -> None:
    ids = re.findall(r"(?m)^[0-9a-f]{32}", (copy / "data/csv/tiny_persons.csv").read_text(encoding="utf-8"))
    assert len(ids) == 5
    for path in (copy / "data/csv").iterdir():
        path.write_text(path.read_text(encoding="utf-8") + "secret,secret\n", encoding="utf-8")
    report = json.dumps(verify(copy))
    assert "secret" not in report
    assert not any(each in report for each in ids)


def zipped(folder: Path, target: Path, top: str = "") -> Path:
    with zipfile.ZipFile(target, "w") as archive:
        for path in folder.rglob("*"):
            if path.is_file():
                archive.write(path, top + path.relative_to(folder).as_posix())
    return target


@pytest.mark.parametrize("top", ["", "tiny-panel-0.1.0/"])
def test_a_zip_is_verified_whether_or_not_it_has_a_folder(copy: Path, tmp_path: Path, top: str) -> None:
    assert verify_release(str(zipped(copy, tmp_path / "r.zip", top)), None).well


def test_a_zip_cut_off_or_pointing_out_of_its_folder_is_refused(copy: Path, tmp_path: Path) -> None:
    whole = zipped(copy, tmp_path / "whole.zip").read_bytes()
    (tmp_path / "half.zip").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(ReleaseRefused, match="cannot be unpacked"):
        verify_release(str(tmp_path / "half.zip"), None)
    with zipfile.ZipFile(tmp_path / "evil.zip", "w") as archive:
        archive.writestr("../evil.txt", "x")
    with pytest.raises(ReleaseRefused, match="points out of its folder"):
        verify_release(str(tmp_path / "evil.zip"), None)
    assert not (tmp_path.parent / "evil.txt").exists()


@pytest.fixture
def address(copy: Path) -> Iterator[str]:
    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            return

        def do_GET(self) -> None:
            if self.path.startswith("/withdrawn/"):
                self.send_error(410)
            else:
                super().do_GET()

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(copy)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


def test_an_address_is_verified_and_a_lost_file_named(address: str, copy: Path) -> None:
    verdict = verify_release(address, None)
    assert verdict.well
    assert any("only listed ones can be fetched" in each for each in verdict.unchecked)
    (copy / RESPONSES).unlink()
    assert ("missing", RESPONSES) in {(each["check"], each["file"]) for each in verify_release(address, None).problems}


def test_an_address_that_was_withdrawn_says_so(address: str) -> None:
    with pytest.raises(ReleaseRefused, match="was withdrawn"):
        verify_release(f"{address}/withdrawn/", None)


def test_what_is_no_release_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="holds no SHA256SUMS"):
        verify_release(str(tmp_path), None)
    with pytest.raises(UsageError, match="is no folder"):
        verify_release(str(tmp_path / "nothing"), None)


def test_a_release_that_was_withdrawn_since_is_told(tmp_path: Path) -> None:
    places, folder = published(tmp_path)
    ledger.append(places, "withdrawal", "2026-02-01", {"version": "0.1.0", "reason": "withdrawn"})
    assert [each["check"] for each in verify_release(str(folder), places).problems] == ["withdrawn"]


def test_a_version_that_the_ledger_does_not_know_is_told(original: tuple[Places, Path], tmp_path: Path) -> None:
    empty = tmp_path / "ledger.jsonl"
    empty.write_text("", encoding="utf-8")
    verdict = verify_release(str(original[1]), original[0], empty)
    assert [each["what"] for each in verdict.problems] == ["version 0.1.0 is not in the ledger"]


def test_the_command_exits_1_for_a_problem_and_2_for_a_wrong_call(
    original: tuple[Places, Path], copy: Path, tmp_path: Path
) -> None:
    root = str(original[0].root)
    well = CliRunner().invoke(app, ["verify", str(original[1]), "--project", root, "--json"])
    assert (well.exit_code, json.loads(well.stdout)["well"]) == (0, True)
    (copy / RESPONSES).unlink()
    wrong = CliRunner().invoke(app, ["verify", str(copy), "--project", root])
    assert wrong.exit_code == 1
    assert RESPONSES in wrong.stdout
    assert CliRunner().invoke(app, ["verify", str(tmp_path / "nothing")]).exit_code == 2
