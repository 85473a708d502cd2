"""One call for the intake of a whole project: reads its declarations, finds its key, and takes its deliveries in.

The command line and the pipeline start here; ``intake`` holds the work itself and takes everything as arguments.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from panelpress.errors import UsageError
from panelpress.model.project import ProjectFacts
from panelpress.paths import Places
from panelpress.raw.arrival import Reader
from panelpress.raw.identity import delivery_digest
from panelpress.raw.intake import Declared, IntakeResult, take_in
from panelpress.raw.project_key import project_key
from panelpress.raw.readers import read_delivery
from panelpress.raw.redelivery import Redelivered, compare_with_old, refuse_short
from panelpress.raw.registry import Registration, read_registry, write_companions, write_registry
from panelpress.schemas.cleaning import load_cleaning
from panelpress.schemas.contracts import load_contract, load_contracts
from panelpress.schemas.linkage import load_linkage
from panelpress.schemas.project import load_project
from panelpress.schemas.waves import load_studies


def intake_project(places: Places, reader: Reader = read_delivery) -> IntakeResult:
    """Take in every registered delivery of the project at ``places``. Raises what ``take_in`` and ``project_key`` raise."""
    facts = load_project(places)
    key = project_key(places, facts)
    return take_in(places, key, read_registry(places), declared_for_intake(places, facts), reader)


def declared_for_intake(places: Places, facts: ProjectFacts) -> Declared:
    """Studies, contracts, linkage and waves to be cleaned of the project. Raises DeclarationError where one is wrong."""
    studies = load_studies(places, facts.languages)
    rules = load_cleaning(places, studies, facts.languages)
    return Declared(
        studies,
        load_contracts(places, facts.languages),
        load_linkage(places, studies),
        frozenset(wave for rule in rules if rule.kind == "duplicates" for wave in rule.waves),
    )


def register_delivery(
    places: Places,
    file: Path,
    study: str,
    wave: str,
    received: date | None = None,
    licence: str = "not public",
    platform: str | None = None,
    companions: Sequence[Path] = (),
    part: str = "",
    replace: bool = False,
    reader: Reader = read_delivery,
) -> Registration:
    """Write ``file``, which lies in raw/deliveries, into the registry as the delivery of ``wave``, or of its ``part``.
    ``platform`` overrules recognition, ``companions`` are files the reader needs beside it.

    Raises UsageError for a file elsewhere and for an unknown wave, Redelivered where another export of the same is registered
    and ``replace`` was not asked for, IntakeRefused where the new export is implausibly short, and what the reader raises.
    """
    facts = load_project(places)
    key = project_key(places, facts)
    name, *beside = (_in_deliveries(places, each) for each in (file, *companions))
    _refuse_blanks(beside)
    if not any(each.id == study and wave in each.wave_ids for each in load_studies(places, facts.languages)):
        raise UsageError("build/waves.yaml", f"declares no wave `{wave}` of a study `{study}`.", "Declare it first.")
    raw = reader(file, platform, companions)
    registration = Registration(
        file=name,
        digest=delivery_digest(key, file),
        bytes=file.stat().st_size,
        rows=raw.rows_in,
        study=study,
        wave=wave,
        platform=platform or raw.platform,
        received=(received or date.today()).isoformat(),
        licence=licence,
        companions=write_companions({each: delivery_digest(key, places.deliveries / each) for each in beside}),
        part=part.strip(),
    )
    registry = read_registry(places)
    old = _replaced(registry, registration)
    if old is not None and old.digest != registration.digest:
        refuse_short(old, raw.rows_in, name)
        if not replace:
            contract = load_contract(places, study, wave, facts.languages)
            raise Redelivered(registration, compare_with_old(places, old, raw, contract, key, reader))
    write_registry(places, [*(each for each in registry if each is not old), registration])
    return registration


def _replaced(registry: Sequence[Registration], new: Registration) -> Registration | None:
    """The registration that ``new`` takes the place of: of the same part, or of the same file without its part. Raises UsageError
    where a file would stand for two parts, or a part beside the whole."""
    wave = [each for each in registry if (each.study, each.wave) == (new.study, new.wave)]
    same = next((each for each in wave if each.digest == new.digest), None)
    if same is not None and same.part not in ("", new.part):
        what = f"is registered as part {same.part} of {new.study}, {new.wave} already."
        raise UsageError(new.file, what, "Point at the file of the other part.")
    others = [each for each in wave if each is not same and bool(each.part) != bool(new.part)]
    if others:
        todo = f"Register {others[0].file} again with --part." if new.part else "Name the part of this file with --part."
        raise UsageError(new.file, f"{new.study}, {new.wave} comes whole or in parts, not both.", todo)
    return same or next((each for each in wave if each.slot == new.slot), None)


def _in_deliveries(places: Places, file: Path) -> str:
    """The name of ``file`` relative to raw/deliveries. Raises UsageError for a file elsewhere."""
    path, folder = file.resolve(), places.deliveries.resolve()
    if not path.is_relative_to(folder) or not path.is_file():
        raise UsageError(str(file), "is no file in raw/deliveries.", "Put the delivery there first; it is never committed.")
    return path.relative_to(folder).as_posix()


def _refuse_blanks(beside: Sequence[str]) -> None:
    """Raises UsageError for names that the registry's list of companions cannot hold."""
    for name in beside:
        if set(name) & set(" ="):
            raise UsageError(name, "has a blank or an equals sign in its name.", "Rename it; it stands in a list of names.")
