"""The main job beside its two largest parts: CPU seconds, wall seconds and peak memory. Must: below 120 s and 2 GB on two cores.

python benchmarks/main_job.py

Each contender starts from the tracked files of this checkout, in a folder of its own, without deliveries or releases.
"""

from __future__ import annotations

import atexit
import shutil
import subprocess
import tempfile
from pathlib import Path

from measure import begin, contenders
from panelpress.paths import Places
from panelpress.publish.pipeline import run
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
    return {"release": run(here).version}


if __name__ == "__main__":
    contenders(__file__, rounds=1, main_job=main_job, simulation=simulation, simulation_and_intake=simulation_and_intake)
