"""Codes that a delivery holds and its contract does not list, per wave, item and code.

Platforms add options, people type into files: a new code is normal, going unseen is not. Intake reports them; whether one may
be used is the crosswalk's decision, which has to map it. A code is printed only if it is short, without blanks, and at least
``K`` people gave it; the whole list is private.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

import polars as pl

from panelpress.model.delivery import Contract, ContractColumn, RawTable
from panelpress.model.findings import Finding
from panelpress.raw.few import K

TOOL = "panelpress.codes"
_PRINTABLE = re.compile(r"[\w.+-]{1,8}")
_NUMBER = r"^-?[0-9]+(?:\.[0-9]+)?$"


@dataclass(frozen=True, slots=True)
class UnlistedCode:
    """One code of one item in one wave that no contract lists, and how many people gave it. Private."""

    study: str
    wave: str
    column: str
    code: str
    n: int

    @property
    def printable(self) -> bool:
        return self.n >= K and _PRINTABLE.fullmatch(self.code) is not None


def unlisted_codes(raw: RawTable, data: pl.DataFrame, contract: Contract) -> tuple[UnlistedCode, ...]:
    """Codes in the kept columns of ``data`` that the contract does not list, in order of columns and frequency.

    A column without ``values`` lists nothing and is not looked at. Where it has a range too, numbers within it are listed.
    """
    found: list[UnlistedCode] = []
    for column in contract.kept:
        if not column.values:
            continue
        known = [*column.values, *raw.column(column.name).missing]
        counts = (
            data.select(pl.col(column.name).cast(pl.String).alias("code"))
            .drop_nulls()
            .filter(~pl.col("code").is_in(known) & ~_in_range(column))
            .group_by("code")
            .len("n")
            .sort(["n", "code"], descending=[True, False])
        )
        found.extend(UnlistedCode(contract.study, contract.wave, column.name, code, n) for code, n in counts.rows())
    return tuple(found)


def _in_range(column: ContractColumn) -> pl.Expr:
    if column.minimum is None and column.maximum is None:
        return pl.lit(False)
    value = pl.col("code").cast(pl.Float64, strict=False)
    inside = pl.col("code").str.contains(_NUMBER)
    if column.minimum is not None:
        inside = inside & (value >= float(column.minimum))
    if column.maximum is not None:
        inside = inside & (value <= float(column.maximum))
    return inside.fill_null(False)


def code_findings(codes: Iterable[UnlistedCode], data: pl.DataFrame, run: str) -> tuple[Finding, ...]:
    """One warning an item: how many rows hold unlisted codes, naming only codes that may be printed."""
    by_item: dict[tuple[str, str, str], list[UnlistedCode]] = {}
    for each in codes:
        by_item.setdefault((each.study, each.wave, each.column), []).append(each)
    return tuple(
        Finding(
            run=run,
            stage="intake",
            tool=TOOL,
            rule="code_not_listed",
            resource=f"{study}_{wave}",
            field=column,
            severity="warning",
            n_failed=sum(each.n for each in found),
            n_total=data.height - data.get_column(column).null_count(),
            message=_message(found),
        )
        for (study, wave, column), found in by_item.items()
    )


def _message(found: list[UnlistedCode]) -> str:
    named = [f"{each.code} ({each.n})" for each in found if each.printable]
    hidden = len(found) - len(named)
    parts = [f"codes that the contract does not list: {', '.join(named)}"] if named else []
    if hidden:
        parts.append(f"{hidden} {'more ' if named else ''}unlisted codes, see waves/unlisted_codes.json in the work folder")
    return "; ".join(parts)
