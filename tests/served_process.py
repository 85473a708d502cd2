"""``panelpress serve`` as a process of its own: asked over HTTP, its memory read from the system."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import IO

from panelpress.paths import Places

COMMAND = "from panelpress.cli.main import main; main()"


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes
    seconds: float


def _headers(given: list[tuple[str, str]]) -> dict[str, str]:
    """By small name; what was sent twice stands there twice, with a comma between."""
    names = {name.lower() for name, _ in given}
    return {name: ", ".join(value for each, value in given if each.lower() == name) for name in names}


@dataclass(frozen=True, slots=True)
class Served:
    """A running server. ``log``: all that it wrote, on both streams."""

    port: int
    process: subprocess.Popen[bytes]
    log: Path

    def get(self, path: str, headers: dict[str, str] | None = None, seconds: float = 30, source: str = "127.0.0.1") -> Answer:
        """``source`` is the address of the client: 127.0.0.2 is another visitor than 127.0.0.1."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=seconds, source_address=(source, 0))
        started = time.monotonic()
        try:
            connection.request("GET", path, headers=headers or {})
            found = connection.getresponse()
            body = found.read()
        finally:
            connection.close()
        return Answer(found.status, _headers(found.getheaders()), body, time.monotonic() - started)

    def processes(self) -> list[int]:
        """The server and every process below it."""
        found = [self.process.pid]
        for pid in found:
            for children in Path(f"/proc/{pid}/task").glob("*/children"):
                found += [int(child) for child in children.read_text().split() if int(child) not in found]
        return found

    def forget_peaks(self) -> None:
        """Lets every process count its peak of memory anew."""
        for pid in self.processes():
            Path(f"/proc/{pid}/clear_refs").write_text("5")

    def peak_mb(self) -> float:
        """Peak resident memory of all processes together since ``forget_peaks``, MB."""
        return sum(_status_kb(pid, "VmHWM") for pid in self.processes()) / 1024

    def cpu_seconds(self) -> float:
        """CPU seconds that all processes have used, all their threads together."""
        tasks = [task for pid in self.processes() for task in Path(f"/proc/{pid}/task").glob("*/schedstat")]
        return sum(int(task.read_text().split()[0]) for task in tasks) / 1e9


@contextmanager
def serving_process(places: Places, log: Path, *options: str) -> Iterator[Served]:
    """``panelpress serve`` over ``places`` while the block runs; its output goes to ``log``."""
    environment = {"PANELPRESS_WORK": str(places.work), "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    with serving_command(["-c", COMMAND, "serve", "--project", str(places.root), *options], log, environment) as served:
        yield served


@contextmanager
def serving_command(arguments: list[str], log: Path, environment: dict[str, str] | None = None) -> Iterator[Served]:
    """A server that is Python with ``arguments`` and ``--port``, while the block runs."""
    port = free_port()
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as output:
        command = [sys.executable, *arguments, "--port", str(port)]
        process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT, env={**os.environ, **(environment or {})})
    served = Served(port, process, log)
    try:
        wait_for(port, process, log)
        yield served
    finally:
        process.terminate()
        process.wait(timeout=20)


def wait_for(port: int, process: subprocess.Popen[bytes], log: Path, seconds: float = 90) -> None:
    """Until something listens on ``port``. Raises RuntimeError with the log where ``process`` ended before."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if process.poll() is not None:
            raise RuntimeError(log.read_text(encoding="utf-8", errors="replace"))
        try:
            Served(port, process, log).get("/robots.txt")
            return
        except (OSError, HTTPException):
            time.sleep(0.1)
    raise RuntimeError("nothing answers")


def free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port: int = listening.getsockname()[1]
        return port


def _status_kb(pid: int, name: str) -> int:
    try:
        with Path(f"/proc/{pid}/status").open(encoding="utf-8") as lines:
            return _number(lines, name)
    except FileNotFoundError:  # it was killed meanwhile
        return 0


def _number(lines: IO[str], name: str) -> int:
    return next((int(line.split()[1]) for line in lines if line.startswith(name + ":")), 0)
