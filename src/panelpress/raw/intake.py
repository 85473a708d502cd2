"""Intake: every registered delivery becomes one de-identified wave file in the work folder, or nothing changes at all.

For each delivery: the file is the registered one, it is read, its columns are held against the contract, people without
consent are left out, detectors look for identifiers that no contract admits, ids become pseudonyms, and only kept columns go
on. All waves are replaced together. The result holds counts and findings; printing is elsewhere.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import polars as pl

from panelpress import __version__
from panelpress.errors import DeclarationError, IntakeRefused
from panelpress.model.delivery import Contract
from panelpress.model.findings import Finding
from panelpress.model.linkage import StudyLinkage
from panelpress.model.study import Study
from panelpress.paths import Places
from panelpress.raw.arrival import Reader, WaveCounts, count, receive
from panelpress.raw.deidentify import ORDER
from panelpress.raw.detectors.scan import refuse_identifiers
from panelpress.raw.identity import delivery_digest
from panelpress.raw.key import PseudonymKey
from panelpress.raw.left_out import left_out
from panelpress.raw.persons import PersonCounts, tell_apart
from panelpress.raw.registry import Registration, find_delivery
from panelpress.raw.suppression import keys_of_list, read_suppressed, without_withdrawn
from panelpress.raw.wave_store import recover, replace_waves, stored_record
from panelpress.raw.work_folder import prepare_work
from panelpress.schemas.contracts import find_contract

WITHDRAWN = "withdrawn"
# Study, wave and part of a delivery.
Slot = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class IntakeResult:
    """All waves of the project, the persons of each study, and what was noticed. ``unchanged`` says that the work folder already
    held exactly this."""

    waves: tuple[WaveCounts, ...]
    persons: tuple[PersonCounts, ...]
    findings: tuple[Finding, ...]
    unchanged: bool


@dataclass(frozen=True, slots=True)
class Declared:
    """What a project declares for intake. Studies without a linkage have stable ids. ``cleaned`` names the waves in which a
    person may stand twice, because a declared cleaning rule decides later which response counts."""

    studies: tuple[Study, ...]
    contracts: tuple[Contract, ...]
    linkages: tuple[StudyLinkage, ...] = ()
    cleaned: frozenset[str] = frozenset()


def take_in(
    places: Places, key: PseudonymKey, registrations: Iterable[Registration], declared: Declared, reader: Reader
) -> IntakeResult:
    """Replace the wave files of the work folder by what ``registrations`` deliver.

    Raises IntakeRefused (a delivery may not come in), DeliveryError (it cannot be read), DeclarationError (a contract is
    missing), UsageError (the work folder is unfit); the wave files are then as they were before.
    """
    prepare_work(places)
    recover(places)
    listed = tuple(registrations)
    if not listed:
        todo = "Put a file into raw/deliveries and run `panelpress register`; a simulated project runs `panelpress simulate`."
        raise IntakeRefused("raw/deliveries.csv", "no delivery is registered.", todo)
    _refuse_unknown_waves(listed, declared.studies)
    files = {each: find_delivery(places, each, key) for each in listed}
    inputs = _inputs(places, key, listed, declared)
    stored = stored_record(places)
    if stored is not None and stored.get("inputs") == inputs:
        return _stored_result(stored)
    keys = keys_of_list(places, key)
    arrived = []
    for each in listed:
        contract = find_contract(declared.contracts, each.study, each.wave)
        arrived.append(receive(each, contract, files[each], reader, inputs[:12]))
    refuse_identifiers(finding for each in arrived for finding in each.findings)
    frames: dict[Slot, pl.DataFrame] = {}
    persons: list[PersonCounts] = []
    ids: dict[tuple[str, str], tuple[str, ...]] = {}
    findings = [*(finding for each in arrived for finding in each.findings), *left_out(arrived, inputs[:12])]
    for study in declared.studies:
        own = [each for each in arrived if each.contract.study == study.id]
        if own:
            linkage = next((each for each in declared.linkages if each.study == study.id), StudyLinkage(study.id))
            told = tell_apart(study, linkage, own, read_pairs(places, linkage, reader), keys, inputs[:12], declared.cleaned)
            frames.update(zip((each.registration.slot for each in own), told.frames, strict=True))
            persons.append(told.counts)
            findings.extend(told.findings)
            ids |= told.ids
    frames, gone = without_withdrawn(frames, places, keys, ids)
    counts = tuple(_less(count(each), gone.get(each.registration.slot, 0)) for each in arrived)
    waves = _whole(frames)
    result = IntakeResult(counts, tuple(_present(each, waves) for each in persons), tuple(findings), unchanged=False)
    codes = [asdict(code) for each in arrived for code in each.codes]
    replace_waves(places, waves, {"intake": {"inputs": inputs, "result": asdict(result)}, "unlisted_codes": codes})
    return result


def _whole(frames: Mapping[Slot, pl.DataFrame]) -> dict[tuple[str, str], pl.DataFrame]:
    """The wave files: the parts of each wave together, again in order of their pseudonyms."""
    parts: dict[tuple[str, str], list[pl.DataFrame]] = {}
    for (study, wave, _), frame in frames.items():
        parts.setdefault((study, wave), []).append(frame)
    return {wave: pl.concat(found).sort(ORDER) for wave, found in parts.items()}


def _less(counts: WaveCounts, withdrawn: int) -> WaveCounts:
    """``counts`` without the rows of people who withdrew before this delivery came."""
    if not withdrawn:
        return counts
    return replace(counts, rows_kept=counts.rows_kept - withdrawn, refused={**counts.refused, WITHDRAWN: withdrawn})


def _present(counts: PersonCounts, frames: Mapping[tuple[str, str], pl.DataFrame]) -> PersonCounts:
    """``counts`` of the persons who are still in ``frames``."""
    own = [frame.get_column("person_id") for (study, _), frame in frames.items() if study == counts.study]
    waves = Counter(person for persons in own for person in set(persons.to_list()))
    sizes = Counter(waves.values())
    by_waves = tuple(sizes[number] for number in range(1, len(own) + 1))
    return replace(counts, persons=len(waves), responses=sum(len(persons) for persons in own), by_waves=by_waves)


def _refuse_unknown_waves(listed: tuple[Registration, ...], studies: tuple[Study, ...]) -> None:
    known = {(study.id, wave) for study in studies for wave in study.wave_ids}
    for each in listed:
        if (each.study, each.wave) not in known:
            what = f"{each.file} is registered for {each.study}, {each.wave}, which build/waves.yaml does not declare."
            raise DeclarationError("raw/deliveries.csv", what, "Declare the wave, or take the line out.")


def read_pairs(places: Places, linkage: StudyLinkage, reader: Reader) -> dict[str, pl.DataFrame]:
    """The private crosswalk files that ``linkage`` names, by name."""
    return {each.file: reader(_pair_file(places, each.file), None, ()).data for each in linkage.crosswalks if each.file}


def _stored_result(stored: dict[str, Any]) -> IntakeResult:
    given = stored["result"]
    return IntakeResult(
        waves=tuple(WaveCounts(**each) for each in given["waves"]),
        persons=tuple(PersonCounts.from_json(each) for each in given["persons"]),
        findings=tuple(Finding(**each) for each in given["findings"]),
        unchanged=True,
    )


def _inputs(places: Places, key: PseudonymKey, listed: tuple[Registration, ...], declared: Declared) -> str:
    """A digest of everything that the wave files depend on; the delivery files stand in it by their registered digests."""
    pairs = sorted({walk.file for linkage in declared.linkages for walk in linkage.crosswalks if walk.file})
    facts: dict[str, Any] = {
        "engine": __version__,
        "key": key.fingerprint,
        "deliveries": [asdict(each) for each in listed],
        "declared": hashlib.sha256(repr(declared).encode("utf-8")).hexdigest(),
        "withdrawn": sorted(each.digest for each in read_suppressed(places)),
        "pairs": {name: delivery_digest(key, _pair_file(places, name)) for name in pairs},
    }
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode("utf-8")).hexdigest()


def _pair_file(places: Places, name: str) -> Path:
    path = places.deliveries / name
    if not path.is_file():
        todo = "Put it there; it holds ids and is never committed."
        raise IntakeRefused(f"raw/deliveries/{name}", "the file of id pairs is missing.", todo)
    return path
