"""How every benchmark here measures: each contender in a process of its own, CPU seconds, wall seconds and peak memory.

A benchmark file defines functions and ends with ``contenders(name=function, ...)``. Called without arguments it runs all of
them in turn, several rounds, and prints the median of each beside the first one (ratio). CPU seconds are those beyond imports
and preparation: the function returns after doing the work, and what it did before calling ``begin()`` does not count.
"""

from __future__ import annotations

import json
import os
import resource
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

_started = {"cpu": 0.0, "wall": 0.0}


@dataclass(frozen=True, slots=True)
class Measurement:
    """One run: CPU and wall seconds beyond preparation, peak resident memory of the process in MB, what it reported."""

    cpu: float
    wall: float
    peak_mb: float
    report: dict[str, object]


def begin() -> None:
    """Marks the end of preparation; what comes after counts."""
    _started["cpu"], _started["wall"] = time.process_time(), time.perf_counter()


def _child(function: Callable[[], dict[str, object] | None]) -> None:
    begin()
    report = function() or {}
    cpu, wall = time.process_time() - _started["cpu"], time.perf_counter() - _started["wall"]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print("MEASURED " + json.dumps({"cpu": cpu, "wall": wall, "peak_mb": peak, "report": report}))


def run(script: str, name: str) -> Measurement:
    """Runs one contender of a benchmark file in a fresh process."""
    import subprocess

    done = subprocess.run([sys.executable, script, name], capture_output=True, text=True, env=os.environ, check=False)
    lines = [line for line in done.stdout.splitlines() if line.startswith("MEASURED ")]
    if done.returncode or not lines:
        raise SystemExit(f"{script} {name} failed:\n{done.stdout[-2000:]}\n{done.stderr[-4000:]}")
    return Measurement(**json.loads(lines[-1].removeprefix("MEASURED ")))


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
