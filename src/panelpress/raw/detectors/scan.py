"""Runs every detector over every column of a delivery and judges the hits by the columns' roles. Reports counts, no values.

A hit under a role that lets a column in (quasi, sensitive, plain) is an error that blocks intake, until the contract's
``cleared`` says why it is fine. Under a role that is dropped anyway a hit only confirms the role.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import polars as pl

from panelpress.errors import IntakeRefused
from panelpress.model.delivery import KEPT_ROLES, Contract, RawTable
from panelpress.model.findings import Finding, Severity
from panelpress.raw.detectors.cells import Cells, gather
from panelpress.raw.detectors.documents import documents
from panelpress.raw.detectors.locale import load_locales
from panelpress.raw.detectors.names import names
from panelpress.raw.detectors.patterns import PATTERNS, ipv6, matched
from panelpress.raw.detectors.phones import phones
from panelpress.raw.detectors.places import postal_codes, single_coordinates
from panelpress.raw.detectors.regions import row_regions
from panelpress.raw.detectors.weigh import Hit, Strength
from panelpress.raw.few import few

TOOL = "panelpress.detectors"
_RANK: dict[Strength, int] = {"certain": 0, "likely": 1, "possible": 2}


class IdentifiersFound(IntakeRefused):
    """Columns that the contracts let in look like direct identifiers. ``findings`` names them all, by counts."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        first = findings[0]
        where = f"schemas/raw/{first.resource}.yaml"
        columns = list(dict.fromkeys((each.resource, each.field) for each in findings))
        more = f", and {len(columns) - 1} other columns" if len(columns) > 1 else ""
        super().__init__(
            where,
            f"the column `{first.field}` {first.message} in {few(first.n_failed)} cells{more}.",
            "Give it the role direct, free_text or drop, or say under `cleared` why it is fine.",
        )
        self.findings = findings


def scan(raw: RawTable, contract: Contract | None = None) -> tuple[Hit, ...]:
    """The surest hit of each detector in each column, in order of columns, then surest first."""
    locales = load_locales()
    cells = gather(raw, contract)
    regions = row_regions(raw, contract)
    hits = [
        *_patterns(cells),
        *documents(cells, locales),
        *postal_codes(cells, locales),
        *single_coordinates(cells, locales),
        *phones(cells, locales, {} if regions is None else {"row": regions}),
        *names(cells, locales),
    ]
    order = {column.name: number for number, column in enumerate(raw.columns)}
    hits.sort(key=lambda hit: (order[hit.column], _RANK[hit.strength], -hit.cells, hit.detector))
    surest: dict[tuple[str, str], Hit] = {}
    for hit in hits:
        surest.setdefault((hit.column, hit.detector), hit)
    return tuple(surest.values())


def _patterns(cells: Cells) -> Iterator[Hit]:
    found = [matched(cells, pattern).with_columns(detector=pl.lit(pattern.id)) for pattern in PATTERNS]
    found.append(ipv6(cells).with_columns(detector=pl.lit("ip_address")))
    every = pl.concat(found).unique(["column", "detector", "value"])
    counts = every.group_by("column", "detector").agg(cells=pl.col("n").sum(), values=pl.len()).sort("column", "detector")
    for column, detector, n, values in counts.rows():
        yield Hit(column, detector, "certain", int(n), int(values))


def refuse_identifiers(findings: Iterable[Finding]) -> None:
    """Raises IdentifiersFound where one of ``findings`` is an error."""
    errors = tuple(each for each in findings if each.blocks)
    if errors:
        raise IdentifiersFound(errors)


def judge(hits: Iterable[Hit], raw: RawTable, contract: Contract, run: str) -> tuple[Finding, ...]:
    """One finding a hit: an error where a column that comes in holds what is likely an identifier and is not ``cleared``."""
    columns = {each.name: each for each in contract.columns}
    findings = []
    for hit in hits:
        column = columns.get(hit.column)
        kept = column is None or column.role in KEPT_ROLES
        severity: Severity = "info"
        message = f"looks like {hit.detector.replace('_', ' ')} ({hit.strength})"
        if kept and column is not None and column.cleared:
            message += f"; cleared: {column.cleared}"
        elif kept:
            severity = "warning" if hit.strength == "possible" else "error"
        else:
            message += f"; dropped as {column.role}" if column else ""
        findings.append(
            Finding(
                run=run,
                stage="intake",
                tool=TOOL,
                rule=f"identifier.{hit.detector}",
                resource=f"{contract.study}_{contract.wave}",
                field=hit.column,
                severity=severity,
                n_failed=hit.cells,
                n_total=raw.data.height - raw.data.get_column(hit.column).null_count(),
                message=message,
            )
        )
    return tuple(findings)
