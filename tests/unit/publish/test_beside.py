"""One function in a process of its own: its answer, its errors, and that nothing of it stays."""

from __future__ import annotations

import math
import os
import pickle
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from panelpress.errors import ReleaseRefused, UsageError
from panelpress.publish import beside as module
from panelpress.publish.beside import beside
from panelpress.publish.gate.judge import GateStopped

# Any report would do here; the error only carries it.
REPORT = ("go", "no go")


def fails_with_what_no_pickle_holds() -> None:
    raise ValueError("an answer of somebody", lambda: None)


def _gone(process: int) -> bool:
    """Whether it ended within five seconds."""
    for _ in range(100):
        try:
            os.kill(process, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.05)
    return False


@pytest.fixture(autouse=True)
def two_processors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "processors", lambda: 2)


def test_the_answer_comes_from_another_process() -> None:
    with beside(os.getpid) as other:
        assert other() != os.getpid()


def test_little_work_is_done_here() -> None:
    with beside(os.getpid, worth=False) as here:
        assert here() == os.getpid()


def test_one_processor_does_all_work_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "processors", lambda: 1)
    with beside(os.getpid) as here:
        assert here() == os.getpid()


def test_an_error_arrives_as_it_was_raised() -> None:
    with beside(math.sqrt, -1) as other, pytest.raises(ValueError, match="math domain error"):
        other()


def test_a_refusal_keeps_its_facts_on_the_way() -> None:
    error = pickle.loads(pickle.dumps(GateStopped("waves", "one check failed.", "Look.", REPORT)))  # type: ignore[arg-type]
    assert (type(error), error.where, error.what, error.todo) == (GateStopped, "waves", "one check failed.", "Look.")
    assert error.report == REPORT and str(error) == "waves: one check failed. Look."
    assert pickle.loads(pickle.dumps(UsageError("a", "b", "c"))).exit_code == 2


def test_a_process_that_dies_is_one_clear_refusal(capfd: pytest.CaptureFixture[str]) -> None:
    with beside(os._exit, 3) as other, pytest.raises(ReleaseRefused, match="ended without an answer"):
        other()
    assert capfd.readouterr().err == ""


def test_a_process_that_dies_before_it_reads_is_the_same_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module.sys, "executable", "/bin/false")
    with beside(len, b"x" * 1_000_000) as other, pytest.raises(ReleaseRefused, match="ended without an answer"):
        other()


def test_an_error_that_cannot_travel_is_told_by_its_kind(capfd: pytest.CaptureFixture[str]) -> None:
    with beside(fails_with_what_no_pickle_holds) as other, pytest.raises(ReleaseRefused, match="failed with ValueError"):
        other()
    assert "an answer of somebody" not in capfd.readouterr().err


def test_what_a_library_prints_does_not_disturb_the_answer(capfd: pytest.CaptureFixture[str]) -> None:
    with beside(print, "a library says something") as other:
        assert other() is None
    assert capfd.readouterr().out == ""


def test_who_leaves_early_ends_the_process(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[subprocess.Popen[bytes]] = []
    popen = subprocess.Popen
    monkeypatch.setattr(module.subprocess, "Popen", lambda *a, **k: started.append(popen(*a, **k)) or started[-1])
    with pytest.raises(KeyboardInterrupt), beside(time.sleep, 60):
        raise KeyboardInterrupt
    assert _gone(started[0].pid)


def test_the_process_ends_when_its_caller_is_killed(tmp_path: Path) -> None:
    script = tmp_path / "caller.py"
    script.write_text(
        "import time\nfrom panelpress.publish import beside as module\n"
        "module.processors = lambda: 2\n"
        "popen = module.subprocess.Popen\n"
        "def told(*a, **k):\n    made = popen(*a, **k)\n    print(made.pid, flush=True)\n    return made\n"
        "module.subprocess.Popen = told\n"
        "with module.beside(time.sleep, 60) as other:\n    other()\n",
        encoding="utf-8",
    )
    caller = subprocess.Popen([sys.executable, str(script)], stdout=subprocess.PIPE)
    assert caller.stdout is not None
    process = int(caller.stdout.readline())
    caller.send_signal(signal.SIGKILL)
    caller.wait()
    assert _gone(process)
