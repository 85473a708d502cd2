"""A release process that is killed, runs out of disk, or may not write leaves the old state or the new one."""

from __future__ import annotations

import os
import random
import signal
import stat
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from panelpress.errors import ReleaseRefused
from panelpress.paths import Places
from panelpress.publish.versions import ledger
from panelpress.publish.versions.hashes import file_hash
from panelpress.publish.versions.verify_ledger import verify_ledger
from releasing import project, release

MOMENTS = 100
WORKER = Path(__file__).resolve().parents[1] / "crash_worker.py"
SOURCE = Path(__file__).resolve().parents[2] / "src"


class Publisher:
    """A process that publishes versions of the tiny world one after the other, each in a process that may be killed."""

    def __init__(self, places: Places) -> None:
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(SOURCE), str(WORKER.parent)])}
        self.process = subprocess.Popen(
            [sys.executable, str(WORKER), str(places.root), str(places.work)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=environment,
        )

    def __enter__(self) -> Publisher:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.communicate()

    def begin(self, version: str) -> int:
        """Let a process assemble ``version``; returns its number once it is about to publish."""
        assert self.process.stdin is not None
        self.process.stdin.write(version + "\n")
        self.process.stdin.flush()
        word, number = self._line().split()
        assert word == "ready"
        return int(number)

    def end(self) -> tuple[int, str]:
        """Exit code of that process (negative: the signal that killed it), and why it was refused, if it was."""
        said = ""
        while not (line := self._line()).startswith("ended "):
            said = line
        return int(line.split()[1]), said

    def _line(self) -> str:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, "the publishing process is gone"
        return line.strip()


def state(places: Places) -> dict[str, str]:
    """Hashes of everything in releases that is not staging."""
    return {
        path.relative_to(places.releases).as_posix(): file_hash(path)
        for path in places.releases.rglob("*")
        if path.is_file() and not path.relative_to(places.releases).parts[0].startswith(".")
    }


def assert_whole(places: Places, kept: dict[str, str]) -> dict[str, str]:
    """Published before is untouched, published now is whole, the ledger has no torn line. Returns what is published now."""
    now = state(places)
    assert {path: now.get(path) for path in kept} == kept
    entries, problems = ledger.check(places)
    assert not problems
    known = {entry.version for entry in entries if entry.kind in ("release", "rebuild")}
    report = verify_ledger(places, "tiny-panel")
    unknown = [problem for problem in report.problems if not problem.endswith("is not in the ledger")]
    assert not unknown, "a release folder is there in part, or was changed"
    assert known <= {path.split("/")[0] for path in now}
    return now


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_killed_at_a_hundred_random_moments(tmp_path: Path) -> None:
    places = project(tmp_path)
    release(places, "0.0.1")
    draw = random.Random(20260131)
    version, killed, late = 3, 0, 0
    with Publisher(places) as publisher:
        publisher.begin("0.0.2")
        started = time.monotonic()
        assert publisher.end() == (0, "")
        whole = time.monotonic() - started
        kept = state(places)
        while killed + late < MOMENTS:
            process = publisher.begin(f"0.0.{version}")
            time.sleep(draw.uniform(0, whole * 1.1))
            with suppress(ProcessLookupError):  # it was faster
                os.kill(process, signal.SIGKILL)
            if publisher.end()[0] == -signal.SIGKILL:
                killed += 1
            else:
                late += 1
            kept = assert_whole(places, kept)
            if places.release(f"0.0.{version}").exists():
                version += 1
    assert killed >= MOMENTS // 2, "most processes were still publishing when they were killed"
    release(places, f"0.0.{version}")
    assert verify_ledger(places, "tiny-panel").holds
    assert not places.staging.exists()


@pytest.mark.parametrize("name", ["stage", "write_identities", "put_in_place", "_record"])
def test_killed_before_each_step_the_next_run_completes(tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    class Killed(BaseException):
        """Stands for SIGKILL: nothing that catches Exception may catch it."""

    def die(*_: object) -> None:
        raise Killed

    places = project(tmp_path)
    release(places, "0.0.1", exporters=())
    kept = state(places)
    with monkeypatch.context() as patched:
        patched.setattr(f"panelpress.publish.versions.release.{name}", die)
        with pytest.raises(Killed):
            release(places, "0.0.2", exporters=())
    assert_whole(places, kept)
    release(places, "0.0.3", exporters=())
    assert verify_ledger(places, "tiny-panel").holds


@pytest.fixture
def small_disk(tmp_path: Path) -> Path:
    """A file system of 24 megabytes."""
    folder = tmp_path / "small"
    folder.mkdir()
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", str(folder)], capture_output=True, check=False)
    if done.returncode:
        pytest.skip("a small file system cannot be mounted here (needs root)")
    yield folder  # type: ignore[misc]
    subprocess.run(["umount", "-l", str(folder)], check=False)


def fill(folder: Path, leave: int) -> Path:
    """A file that takes all but ``leave`` bytes."""
    space = os.statvfs(folder)
    ballast = folder / "ballast"
    ballast.write_bytes(b"\0" * max(space.f_bavail * space.f_frsize - leave, 0))
    return ballast


@pytest.mark.parametrize("kilobytes", [0, 64, 512, 2048])
def test_a_full_disk_says_so_and_leaves_the_old_state(small_disk: Path, kilobytes: int) -> None:
    places = project(small_disk)
    release(places, "0.0.1")
    kept = state(places)
    ballast = fill(small_disk, kilobytes * 1024)
    with pytest.raises(ReleaseRefused, match="disk is full"):
        release(places, "0.0.2")
    assert_whole(places, kept)
    assert state(places) == kept
    ballast.unlink()
    release(places, "0.0.2")
    assert verify_ledger(places, "tiny-panel").holds


def test_a_full_work_folder_says_so_and_publishes_nothing(small_disk: Path, tmp_path: Path) -> None:
    places = Places(root=tmp_path / "project", work=small_disk / "work")
    places.root.mkdir()
    release(places, "0.0.1", exporters=())
    ballast = fill(small_disk, 0)
    kept = state(places)
    with pytest.raises(ReleaseRefused, match="disk is full"):
        release(places, "0.0.2", exporters=())
    assert state(places) == kept
    ballast.unlink()
    release(places, "0.0.2", exporters=())
    assert verify_ledger(places, "tiny-panel").holds


def test_a_read_only_target_says_so_and_changes_nothing(tmp_path: Path) -> None:
    places = project(tmp_path)
    release(places, "0.0.1", exporters=())
    kept = state(places)
    done = subprocess.run(
        ["mount", "--bind", "-o", "ro", str(places.releases), str(places.releases)], capture_output=True, check=False
    )
    if done.returncode == 0:
        subprocess.run(["mount", "-o", "remount,bind,ro", str(places.releases)], capture_output=True, check=True)
    elif os.geteuid() == 0:
        pytest.skip("a read-only mount is not permitted here, and root may write anywhere")
    else:
        places.releases.chmod(stat.S_IRUSR | stat.S_IXUSR)
    try:
        with pytest.raises(ReleaseRefused, match=r"read-only|may not be written"):
            release(places, "0.0.2", exporters=())
        assert state(places) == kept
    finally:
        if done.returncode == 0:
            subprocess.run(["umount", str(places.releases)], check=True)
        else:
            places.releases.chmod(0o755)
    release(places, "0.0.2", exporters=())
    assert verify_ledger(places, "tiny-panel").holds


@pytest.mark.timeout(120)
def test_two_processes_at_once_one_wins_and_the_other_says_so(tmp_path: Path) -> None:
    places = project(tmp_path)
    with Publisher(places) as one, Publisher(places) as other:
        for each in (one, other):
            each.begin("0.0.1")
        ended = [one.end(), other.end()]
    assert sorted(code for code, _ in ended) == [0, 1]
    (refusal,) = [said for code, said in ended if code == 1]
    assert "another process is publishing" in refusal or "exists already" in refusal
    assert verify_ledger(places, "tiny-panel").holds
