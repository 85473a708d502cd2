"""The server's side of ``runner``: a few small processes, each asked one query at a time and killed when it overstays.

Queries wait in a line of bounded length; who comes when it is full is told so at once. Pages that need no visitor's SQL never
stand in it.
"""

from __future__ import annotations

import asyncio
import base64
import json
import os
import select
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from panelpress.publish.site.runner import NOT_RUN

RUNNERS = 2  # shared out among the server processes, each of which has at least one; the machine runs the site beside them
LONGEST_LINE = 8  # queries under way and waiting for one runner; the last waits about twelve seconds
GRACE = 0.3  # seconds that a runner has to say itself that the time is over
START = 20.0  # seconds that a process may take to start, on a machine that is busy
MODULE = "panelpress.publish.site.runner"
KEPT = ("PATH", "LANG", "LC_ALL", "SYSTEMROOT", "PYTHONHOME")  # no key and no token of the environment goes along


class Busy(Exception):
    """The line of waiting queries is full."""


class Runner:
    """One process, and after it another where it was stopped or took much memory. Used by one thread."""

    def __init__(self) -> None:
        self._start()

    def ask(self, question: Mapping[str, Any]) -> dict[str, Any]:
        """The answer of the process, or that it was interrupted where it gave none in time."""
        self._wait_until_ready()
        until = time.monotonic() + float(question["seconds"]) + GRACE
        line = self._exchange(json.dumps(question).encode() + b"\n", until)
        if line is None:
            late = time.monotonic() >= until
            self._replace()
            return {"error": "interrupted" if late else NOT_RUN, "interrupted": late}
        found: dict[str, Any] = json.loads(line, object_hook=_blob)
        if found.pop("worn"):
            self._replace()
        return found

    def _replace(self) -> None:
        """The next process starts while this query is answered; the next query waits for it."""
        self.stop()
        self._start()

    def stop(self) -> None:
        self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                stream.close()

    def _start(self) -> None:
        environment = {name: os.environ[name] for name in KEPT if name in os.environ}
        environment["PYTHONPATH"] = os.pathsep.join(filter(None, sys.path))
        self._process = subprocess.Popen(
            [sys.executable, "-m", MODULE],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
            env=environment,
        )
        self._ready = False

    def _wait_until_ready(self) -> None:
        """It says so itself: no query pays for the start out of its own time."""
        if not self._ready:
            self._exchange(b"", time.monotonic() + START)
            self._ready = True

    def _exchange(self, question: bytes, until: float) -> bytes | None:
        """The line that answers ``question``; None where the process died or the time is over."""
        source, target = self._process.stdout, self._process.stdin
        if source is None or target is None:
            return None
        parts: list[bytes] = []
        poll = select.poll()
        poll.register(source, select.POLLIN)
        try:
            target.write(question)
            while not parts or not parts[-1].endswith(b"\n"):
                ready = poll.poll(max(0.0, until - time.monotonic()) * 1000)
                part = os.read(source.fileno(), 1 << 20) if ready else b""
                if not part:
                    return None
                parts.append(part)
        except OSError:
            return None
        return b"".join(parts)


class Runners:
    """The line before ``count`` processes. Nothing is started before the first query."""

    def __init__(self, count: int = RUNNERS) -> None:
        self._longest = LONGEST_LINE * count
        self._threads = ThreadPoolExecutor(count, thread_name_prefix="visitor-sql")
        self._own = threading.local()
        self._started: list[Runner] = []
        self._in_line = 0

    async def ask(self, question: Mapping[str, Any]) -> dict[str, Any]:
        """Raises Busy where the line is full."""
        if self._in_line >= self._longest:
            raise Busy
        self._in_line += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, self._ask, question)
        finally:
            self._in_line -= 1

    def stop(self) -> None:
        """Ends the processes; they end with the server in any case."""
        self._threads.shutdown()
        for runner in self._started:
            runner.stop()

    def _ask(self, question: Mapping[str, Any]) -> dict[str, Any]:
        if not hasattr(self._own, "runner"):
            self._own.runner = Runner()
            self._started.append(self._own.runner)
        answer: dict[str, Any] = self._own.runner.ask(question)
        return answer


class Answered(tuple[Any, ...]):
    """A row that is asked for cells by number and by name, as Datasette does with SQLite's own."""

    columns: Sequence[str]

    def __new__(cls, values: Sequence[Any], columns: Sequence[str]) -> Answered:
        row = super().__new__(cls, values)
        row.columns = columns
        return row

    def __getitem__(self, key: Any) -> Any:
        return super().__getitem__(self._number(key) if isinstance(key, str) else key)

    def keys(self) -> Sequence[str]:
        return self.columns

    def _number(self, name: str) -> int:
        if name not in self.columns:
            raise IndexError(name)
        return self.columns.index(name)


def _blob(found: dict[str, Any]) -> Any:
    return base64.b64decode(found["blob"]) if set(found) == {"blob"} else found
