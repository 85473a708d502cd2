"""Runs the simulator of a simulated project: ``raw/simulate.py`` of the project, a file with ``main(folder, seed)``.

The simulator belongs to the project, not to the engine; it is loaded by path and run once. Projects with real respondents have
none, and are refused one.
"""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

from panelpress.errors import UsageError
from panelpress.model.project import ProjectFacts
from panelpress.paths import Places


def simulate(places: Places, facts: ProjectFacts, seed: int = 1) -> tuple[Path, ...]:
    """Writes the simulated deliveries into ``raw/deliveries`` and returns them by name. Raises UsageError where the project is
    not simulated or has no simulator."""
    if not facts.simulated:
        raise UsageError(
            "panelpress.yaml", "does not say `simulated: true`.", "Real deliveries are put into raw/deliveries by hand."
        )
    if not places.simulator.is_file():
        raise UsageError("raw/simulate.py", "is missing.", "Write it, or put the deliveries into raw/deliveries.")
    places.deliveries.mkdir(parents=True, exist_ok=True)
    spec = importlib.util.spec_from_file_location("simulate", places.simulator)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.path.insert(0, str(places.raw))
    try:
        spec.loader.exec_module(module)
        module.main(places.deliveries, seed)
    finally:
        sys.path.remove(str(places.raw))
    return tuple(sorted(path for path in places.deliveries.iterdir() if path.is_file()))
