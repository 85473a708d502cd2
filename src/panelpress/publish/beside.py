"""Runs one function in a process of its own, on the second processor, while the caller goes on with other work.

    with beside(attack, folder, studies) as attacked:
        found = check_tables(rows)
        found += attacked()          # waits; gives back what the function gave, or raises what it raised

For the few long parts of the main job that need little from the rest of it: function and arguments go over as pickles and may
hold no connection. What comes out never depends on where it ran. Whoever leaves the block early, by an error or Ctrl-C, ends the
process; the process ends itself when its caller is gone. So whatever runs here must bear to be killed.

Not ``concurrent.futures``: its workers import the caller's script again, which an unguarded script does not survive, and outlive
a caller that was killed.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from typing import Any, BinaryIO, TypeVar

from panelpress.errors import ReleaseRefused

T = TypeVar("T")


@contextmanager
def beside(function: Callable[..., T], *arguments: Any, worth: bool = True) -> Iterator[Callable[[], T]]:
    """Starts ``function(*arguments)`` and gives what waits for its result; call that once. Where it is not ``worth`` a process
    (starting one takes a second or two) or there is one processor only, the function runs here when its result is asked for.

    Raises ReleaseRefused where the process ends without an answer."""
    if not worth or processors() < 2:
        yield partial(function, *arguments)
        return
    # A session of its own: Ctrl-C reaches the caller alone, which then ends the process without a traceback of its own.
    process = subprocess.Popen(
        [sys.executable, "-m", __name__],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        start_new_session=True,
    )
    assert process.stdin is not None and process.stdout is not None
    try:
        # A pickle in a pickle: the process reads all of it at once, and only then imports what the inner one names.
        with suppress(BrokenPipeError):  # it died before it read; then it gives no answer, which is refused
            pickle.dump(pickle.dumps((function, arguments)), process.stdin)
            process.stdin.flush()
        yield partial(_answer, process)
    finally:
        process.kill()
        process.wait()
        with suppress(BrokenPipeError):
            process.stdin.close()
        process.stdout.close()


def processors() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _answer(process: subprocess.Popen[bytes]) -> Any:
    assert process.stdout is not None
    try:
        result, error = pickle.load(process.stdout)
    except (EOFError, pickle.UnpicklingError):
        what = f"a part of the work that ran in a process of its own ended without an answer (status {process.wait()})."
        raise ReleaseRefused("release", what, "Free memory, then run again: nothing was changed.") from None
    if error is not None:
        raise error
    return result


def _work(given: BinaryIO, told: BinaryIO) -> None:
    """The process: one function in, one answer out."""
    task = pickle.load(given)
    threading.Thread(target=_end_with_caller, args=(given,), daemon=True).start()
    try:
        function, arguments = pickle.loads(task)
        answer = pickle.dumps((function(*arguments), None))
    except BaseException as error:
        # where it happened; the error's own text goes with the error and is printed by whoever may
        error.add_note("".join(traceback.format_tb(error.__traceback__)))
        answer = _pickled(error)
    told.write(answer)
    told.flush()
    os._exit(0)  # the thread below still reads, which the interpreter would not outlive in peace


def _pickled(error: BaseException) -> bytes:
    """The error as an answer; one that cannot travel is told by its kind alone, for its text may hold what was worked on."""
    try:
        return pickle.dumps((None, error))
    except Exception:
        what = f"a part of the work that ran in a process of its own failed with {type(error).__name__}."
        return pickle.dumps(
            (None, ReleaseRefused("release", what, "Nothing was changed. Run again with one processor to see where."))
        )


def _end_with_caller(given: BinaryIO) -> None:
    """The caller never writes again; it closes the pipe, or dies."""
    given.read()
    os._exit(1)


if __name__ == "__main__":
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what a library prints must not get between the bytes of the answer
    _work(sys.stdin.buffer, answers)
