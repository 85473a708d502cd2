"""One delivery on its way in: read, held against its contract, looked over by the detectors. Nothing is written here."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from panelpress.errors import IntakeRefused
from panelpress.model.delivery import Contract, RawTable
from panelpress.model.findings import Finding
from panelpress.raw.codes import UnlistedCode, code_findings, unlisted_codes
from panelpress.raw.columns import refuse_columns
from panelpress.raw.deidentify import Responses, raw_ids, usable_rows
from panelpress.raw.detectors.scan import judge, scan
from panelpress.raw.parts import completed
from panelpress.raw.registry import DeliveredFiles, Registration

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
    part: str = ""


@dataclass(frozen=True, slots=True)
class Arrived:
    """A delivery that was read and fits its contract: its usable rows, their ids, and what was noticed."""

    registration: Registration
    contract: Contract
    raw: RawTable
    responses: Responses
    ids: pl.Series
    codes: tuple[UnlistedCode, ...]
    findings: tuple[Finding, ...]


def receive(registration: Registration, contract: Contract, files: DeliveredFiles, reader: Reader, run: str) -> Arrived:
    """Read one delivery. Raises IntakeRefused where it does not fit its contract, DeliveryError where it cannot be read."""
    where = registration.file
    raw = completed(reader(files.path, registration.platform or None, files.companions), contract, registration.part, where)
    refuse_columns(raw, contract, where)
    if raw.rows_in != raw.data.height + sum(raw.refused.values()):
        raise IntakeRefused(where, "rows read and rows refused are not the rows of the file.", "Report this as a defect.")
    responses = usable_rows(raw, contract)
    if responses.data.height == 0:
        raise IntakeRefused(where, f"none of its {raw.rows_in} rows may be used.", "Check the file and the contract's `consent`.")
    ids = raw_ids(responses, contract, where)
    codes = unlisted_codes(raw, responses.data, contract)
    findings = (*judge(scan(raw, contract), raw, contract, run), *code_findings(codes, responses.data, run))
    return Arrived(registration, contract, raw, responses, ids, codes, findings)


def count(arrived: Arrived) -> WaveCounts:
    """What became of the rows and columns of a delivery."""
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
        part=arrived.registration.part,
    )
