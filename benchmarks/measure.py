"""How every benchmark here measures: each contender in a process of its own, CPU seconds, wall seconds and peak memory.

A benchmark file defines functions and ends with ``contenders(name=function, ...)``. Called without arguments it runs all of
them in turn, several rounds, and prints the median of each beside the first one (ratio). CPU seconds are those beyond imports
and preparation: the function returns after doing the work, and what it did before calling ``begin()`` does not count. Processes that
a contender starts count: their CPU seconds are added, and the peak is that of all of them together, looked at five times a second.
"""

from __future__ import annotations

import json
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

_started = {"cpu": 0.0, "wall": 0.0}


@dataclass(frozen=True, slots=True)
class Measurement:
    """One run: CPU and wall seconds beyond preparation, peak resident memory of the process and its children in MB, what it
    reported."""

    cpu: float
    wall: float
    peak_mb: float
    report: dict[str, object]


def begin() -> None:
    """Marks the end of preparation; what comes after counts."""
    _started["cpu"], _started["wall"] = _cpu(), time.perf_counter()


def _cpu() -> float:
    """CPU seconds of this process and of the children that have ended."""
    said = os.times()
    return said.user + said.system + said.children_user + said.children_system


def _resident_mb(process: int) -> float:
    """Resident memory of ``process`` and all processes that it started; what two of them share counts twice. 0 without /proc."""
    own = Path(f"/proc/{process}")
    try:
        pages = int((own / "statm").read_text().split()[1])
        children = [int(each) for task in (own / "task").iterdir() for each in (task / "children").read_text().split()]
    except OSError:
        return 0.0
    return pages * resource.getpagesize() / 2**20 + sum(map(_resident_mb, children))


def _child(function: Callable[[], dict[str, object] | None]) -> None:
    begin()
    report = function() or {}
    cpu, wall = _cpu() - _started["cpu"], time.perf_counter() - _started["wall"]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print("MEASURED " + json.dumps({"cpu": cpu, "wall": wall, "peak_mb": peak, "report": report}))


def run(script: str, name: str) -> Measurement:
    """Runs one contender of a benchmark file in a fresh process."""
    process = subprocess.Popen([sys.executable, script, name], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    peak = 0.0
    while True:
        try:
            said, complained = process.communicate(timeout=0.2)
            break
        except subprocess.TimeoutExpired:
            peak = max(peak, _resident_mb(process.pid))
    lines = [line for line in said.splitlines() if line.startswith("MEASURED ")]
    if process.returncode or not lines:
        raise SystemExit(f"{script} {name} failed:\n{said[-2000:]}\n{complained[-4000:]}")
    measured = Measurement(**json.loads(lines[-1].removeprefix("MEASURED ")))
    return replace(measured, peak_mb=max(peak, measured.peak_mb))


def contenders(script: str, rounds: int = 3, **functions: Callable[[], dict[str, object] | None]) -> None:
    """Entry point of a benchmark file: with a name, runs that contender; without, all of them interleaved, and prints a table."""
    if len(sys.argv) > 1 and sys.argv[1] in functions:
        _child(functions[sys.argv[1]])
        return
    found: dict[str, list[Measurement]] = {name: [] for name in functions}
    for _ in range(rounds):
        for name in functions:
            found[name].append(run(script, name))
    first = statistics.median(each.cpu for each in next(iter(found.values())))
    print(f"{'contender':<28}{'CPU s':>9}{'ratio':>8}{'wall s':>9}{'peak MB':>9}  report")
    for name, runs in found.items():
        cpu = statistics.median(each.cpu for each in runs)
        wall = statistics.median(each.wall for each in runs)
        peak = max(each.peak_mb for each in runs)
        print(f"{name:<28}{cpu:>9.2f}{cpu / first if first else 0:>8.2f}{wall:>9.2f}{peak:>9.0f}  {runs[-1].report or ''}")
