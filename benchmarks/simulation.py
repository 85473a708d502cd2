"""The simulator with and without its targets, and the writing of all files: CPU seconds and peak memory. Must: below 60 s.

python benchmarks/simulation.py [seed]
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "raw"))

import simulate  # noqa: E402
from simulation import outrush, single, targets  # noqa: E402
from simulation.targets import Target  # noqa: E402


def seconds(work: Callable[[], object]) -> float:
    """CPU seconds of ``work``."""
    started = time.process_time()
    work()
    return time.process_time() - started


def answers(seed: int, known: tuple[Target, ...]) -> None:
    for study in (outrush.answers, single.okr, single.gmf):
        study(seed, known)


def main(seed: int) -> None:
    known = targets.load()
    plain = seconds(lambda: answers(seed, ()))
    calibrated = seconds(lambda: answers(seed, known))
    with tempfile.TemporaryDirectory() as folder:
        everything = seconds(lambda: simulate.main(Path(folder), seed))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024 / 1024
    print(f"answers without targets   {plain:6.1f} CPU s   1.00")
    print(f"answers, {len(known)} targets      {calibrated:6.1f} CPU s   {calibrated / plain:.2f}")
    print(f"answers and six files     {everything:6.1f} CPU s   {everything / plain:.2f}   peak {peak:.2f} GB")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1)
