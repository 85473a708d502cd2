"""One call for the intake of a whole project: reads its declarations, finds its key, and takes its deliveries in.

The command line and the pipeline start here; ``intake`` holds the work itself and takes everything as arguments.
"""

from __future__ import annotations

from datetime import date
from importlib import import_module
from pathlib import Path

from panelpress.errors import UsageError
from panelpress.model.delivery import RawTable
from panelpress.paths import Places
from panelpress.raw.identity import delivery_digest
from panelpress.raw.intake import IntakeResult, Reader, take_in
from panelpress.raw.project_key import project_key
from panelpress.raw.registry import Registration, read_registry, write_registry
from panelpress.schemas.contracts import load_contracts
from panelpress.schemas.project import load_project
from panelpress.schemas.waves import load_studies


def read_file(path: Path) -> RawTable:
    """Read a delivery with the reader that fits its content."""
    table: RawTable = import_module("panelpress.raw.readers").read_delivery(path)
    return table


def intake_project(places: Places, reader: Reader = read_file) -> IntakeResult:
    """Take in every registered delivery of the project at ``places``. Raises what ``take_in`` and ``project_key`` raise."""
    facts = load_project(places)
    key = project_key(places, facts)
    return take_in(places, key, read_registry(places), load_contracts(places, facts.languages), reader)


def register_delivery(
    places: Places,
    file: Path,
    study: str,
    wave: str,
    received: date | None = None,
    licence: str = "not public",
    reader: Reader = read_file,
) -> Registration:
    """Write ``file``, which lies in raw/deliveries, into the registry as the delivery of ``wave``; an earlier one is replaced.

    Raises UsageError for a file elsewhere and for an unknown wave, and what the reader raises.
    """
    facts = load_project(places)
    path, folder = file.resolve(), places.deliveries.resolve()
    if not path.is_relative_to(folder) or not path.is_file():
        raise UsageError(str(file), "is no file in raw/deliveries.", "Put the delivery there first; it is never committed.")
    if not any(each.id == study and wave in each.wave_ids for each in load_studies(places, facts.languages)):
        raise UsageError("build/waves.yaml", f"declares no wave `{wave}` of a study `{study}`.", "Declare it first.")
    raw = reader(path)
    registration = Registration(
        file=path.relative_to(folder).as_posix(),
        digest=delivery_digest(project_key(places, facts), path),
        bytes=path.stat().st_size,
        rows=raw.rows_in,
        study=study,
        wave=wave,
        platform=raw.platform,
        received=(received or date.today()).isoformat(),
        licence=licence,
    )
    others = [each for each in read_registry(places) if (each.study, each.wave) != (study, wave)]
    write_registry(places, [*others, registration])
    return registration
