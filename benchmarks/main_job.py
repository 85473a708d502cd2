"""The main job and its parts: CPU seconds, wall seconds and peak memory, processes that it starts included, on two cores.

python benchmarks/main_job.py

Each contender starts from the tracked files of this checkout, in a folder of its own, without deliveries or releases.
*main_job* is what a fresh clone does: the ledger names two earlier releases, which are computed again. Must: < 120 s, < 2 GB.
*raw_to_release* is the same in a checkout with an empty ledger, from deliveries that are there: intake to all formats, every
variable, the import of Great Expectations included. Must: < 90 s, < 2 GB.
"""

from __future__ import annotations

import atexit
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from measure import begin, contenders
from panelpress.paths import WORK_VARIABLE, Places
from panelpress.raw.project_intake import intake_project
from panelpress.raw.simulated import simulate
from panelpress.schemas.project import load_project

ROOT = Path(__file__).resolve().parents[1]


def _fresh() -> Places:
    """A copy of the checkout as git lists it, taken away when the process ends."""
    folder = Path(tempfile.mkdtemp(prefix="main-job-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    listed = subprocess.run(["git", "-C", str(ROOT), "ls-files", "-z"], capture_output=True, text=True, check=True)
    for name in listed.stdout.split("\0"):
        if name and (ROOT / name).is_file():
            (folder / "project" / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / "project" / name)
    return Places(root=folder / "project", work=folder / "work")


def simulation() -> dict[str, object]:
    here = _fresh()
    begin()
    return {"files": len(simulate(here, load_project(here)))}


def simulation_and_intake() -> dict[str, object]:
    here = _fresh()
    begin()
    simulate(here, load_project(here))
    return {"waves": len(intake_project(here).waves)}


def main_job() -> dict[str, object]:
    here = _fresh()
    begin()
    return _run(here)


def raw_to_release() -> dict[str, object]:
    here = _fresh()
    here.ledger.unlink()
    simulate(here, load_project(here))
    begin()
    return _run(here)


def _run(here: Places) -> dict[str, object]:
    """``panelpress run`` as a person types it: imports count."""
    command = [sys.executable, "-c", "from panelpress.cli.main import main; main()", "run", "--json", "--project", str(here.root)]
    done = subprocess.run(command, env={**os.environ, WORK_VARIABLE: str(here.work)}, stdout=subprocess.PIPE, check=True)
    return {"release": json.loads(done.stdout.splitlines()[-1])["version"]}


if __name__ == "__main__":
    contenders(
        __file__,
        rounds=1,
        main_job=main_job,
        raw_to_release=raw_to_release,
        simulation=simulation,
        simulation_and_intake=simulation_and_intake,
    )
