"""Intake: every registered delivery becomes one de-identified wave file in the work folder, or nothing changes at all.

For each delivery: the file is the registered one, it is read, its columns are held against the contract, people without
consent are left out, detectors look for identifiers that no contract admits, ids become pseudonyms, and only kept columns go
on. All waves are replaced together. The result holds counts and findings; printing is elsewhere.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import polars as pl

from panelpress import __version__
from panelpress.errors import IntakeRefused
from panelpress.model.delivery import Contract, RawTable
from panelpress.model.findings import Finding
from panelpress.paths import Places
from panelpress.raw.codes import UnlistedCode, code_findings, unlisted_codes
from panelpress.raw.columns import refuse_columns
from panelpress.raw.deidentify import Responses, pseudonymize, raw_ids, refuse_person_twice, usable_rows
from panelpress.raw.detectors.scan import judge, refuse_identifiers, scan
from panelpress.raw.key import PseudonymKey
from panelpress.raw.registry import DeliveredFiles, Registration, find_delivery
from panelpress.raw.wave_store import recover, replace_waves, stored_record
from panelpress.raw.work_folder import prepare_work
from panelpress.schemas.contracts import find_contract

# Path of the delivery, its platform, the files beside it.
Reader = Callable[[Path, str | None, Sequence[Path]], RawTable]


@dataclass(frozen=True, slots=True)
class WaveCounts:
    """What became of one delivery. ``rows_in`` = ``rows_kept`` + all of ``refused``; columns are counted by role."""

    study: str
    wave: str
    file: str
    platform: str
    rows_in: int
    rows_kept: int
    refused: Mapping[str, int]
    columns_kept: int
    columns_dropped: Mapping[str, int]
    repairs: int


@dataclass(frozen=True, slots=True)
class IntakeResult:
    """All waves of the project, and what was noticed. ``unchanged`` says that the work folder already held exactly this."""

    waves: tuple[WaveCounts, ...]
    findings: tuple[Finding, ...]
    unchanged: bool


@dataclass(frozen=True, slots=True)
class _Arrived:
    registration: Registration
    contract: Contract
    raw: RawTable
    responses: Responses
    ids: pl.Series
    codes: tuple[UnlistedCode, ...]
    findings: tuple[Finding, ...]

    @property
    def where(self) -> str:
        return self.registration.file


def take_in(
    places: Places,
    key: PseudonymKey,
    registrations: Iterable[Registration],
    contracts: tuple[Contract, ...],
    reader: Reader,
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
    files = {each: find_delivery(places, each, key) for each in listed}
    inputs = _inputs(places, key, listed, contracts)
    stored = stored_record(places)
    if stored is not None and stored.get("inputs") == inputs:
        findings = tuple(Finding(**each) for each in stored["findings"])
        return IntakeResult(tuple(WaveCounts(**each) for each in stored["waves"]), findings, unchanged=True)
    run = inputs[:12]
    arrived = [_receive(each, find_contract(contracts, each.study, each.wave), files[each], reader, run) for each in listed]
    findings = tuple(finding for each in arrived for finding in each.findings)
    refuse_identifiers(findings)
    frames: dict[tuple[str, str], pl.DataFrame] = {}
    for each in arrived:
        frame = pseudonymize(each.responses, each.ids, each.contract, key)
        refuse_person_twice(frame.get_column("person_id"), each.where)
        frames[each.contract.study, each.contract.wave] = frame
    counts = tuple(_count(each) for each in arrived)
    record = {"inputs": inputs, "waves": [asdict(each) for each in counts], "findings": [asdict(each) for each in findings]}
    codes = [asdict(code) for each in arrived for code in each.codes]
    replace_waves(places, frames, {"intake": record, "unlisted_codes": codes})
    return IntakeResult(counts, findings, unchanged=False)


def _receive(registration: Registration, contract: Contract, files: DeliveredFiles, reader: Reader, run: str) -> _Arrived:
    where = registration.file
    raw = reader(files.path, registration.platform or None, files.companions)
    refuse_columns(raw, contract, where)
    if raw.rows_in != raw.data.height + sum(raw.refused.values()):
        raise IntakeRefused(where, "rows read and rows refused are not the rows of the file.", "Report this as a defect.")
    responses = usable_rows(raw, contract)
    if responses.data.height == 0:
        raise IntakeRefused(where, f"none of its {raw.rows_in} rows may be used.", "Check the file and the contract's `consent`.")
    ids = raw_ids(responses, contract, where)
    codes = unlisted_codes(raw, responses.data, contract)
    findings = (*judge(scan(raw, contract), raw, contract, run), *code_findings(codes, responses.data, run))
    return _Arrived(registration, contract, raw, responses, ids, codes, findings)


def _count(arrived: _Arrived) -> WaveCounts:
    kept = {each.name for each in arrived.contract.kept}
    dropped: dict[str, int] = {}
    for column in arrived.contract.columns:
        if column.name not in kept:
            dropped[column.role] = dropped.get(column.role, 0) + 1
    return WaveCounts(
        study=arrived.contract.study,
        wave=arrived.contract.wave,
        file=arrived.registration.file,
        platform=arrived.raw.platform,
        rows_in=arrived.raw.rows_in,
        rows_kept=arrived.responses.data.height,
        refused=dict(arrived.responses.refused),
        columns_kept=len(kept),
        columns_dropped=dropped,
        repairs=sum(each.n for each in arrived.raw.repairs if each.repaired),
    )


def _inputs(places: Places, key: PseudonymKey, listed: tuple[Registration, ...], contracts: tuple[Contract, ...]) -> str:
    """A digest of everything that the wave files depend on; the delivery files stand in it by their registered digests."""
    facts: dict[str, Any] = {
        "engine": __version__,
        "key": key.fingerprint,
        "deliveries": [asdict(each) for each in listed],
        "contracts": {each.declared_in: hashlib.sha256(repr(each).encode("utf-8")).hexdigest() for each in contracts},
    }
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode("utf-8")).hexdigest()
