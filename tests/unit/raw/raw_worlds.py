"""Tiny deliveries for the tests of this room: five people, two waves, every privacy role."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import polars as pl

from panelpress.model.delivery import Contract, ContractColumn, PrivacyRole, RawColumn, RawTable
from panelpress.model.study import Study, Wave
from panelpress.model.text import LocalText
from panelpress.paths import Places
from panelpress.raw.identity import delivery_digest
from panelpress.raw.key import PseudonymKey
from panelpress.raw.registry import Registration

HEADER = ("token", "email", "comment", "country", "vote", "q1", "internal", "ip")
ROLES: tuple[PrivacyRole, ...] = ("id", "direct", "free_text", "quasi", "sensitive", "plain", "drop", "paradata")
STUDIES = (
    Study(
        "tiny",
        LocalText({"en": "Tiny"}),
        tuple(Wave(each, "tiny", LocalText({"en": each}), "2023", "2023") for each in ("w1", "w2", "w3")),
    ),
)
ROWS = (
    ("R1", "a@example.org", "call Anna", "GE", "1", "3", "x", "203.0.113.1"),
    ("R2", "b@example.org", "", "AM", "2", "4", "x", "203.0.113.2"),
    ("R3", "c@example.org", "me", "GE", "", "5", "x", "203.0.113.3"),
    ("R4", "d@example.org", "", "TR", "1", "", "x", "203.0.113.4"),
    ("007", "e@example.org", "", "GE", "2", "1", "x", "203.0.113.5"),
)


def raw_table(
    rows: Sequence[Sequence[str | None]] = ROWS,
    header: Sequence[str] = HEADER,
    platform: str = "plain_csv",
    refused: dict[str, int] | None = None,
) -> RawTable:
    """A read delivery with ``rows`` under ``header``; empty text is blank."""
    cells = [[cell or None for cell in row] for row in rows]
    data = pl.DataFrame(cells, schema=dict.fromkeys(header, pl.String), orient="row")
    columns = tuple(RawColumn(name) for name in header)
    turned_away = refused or {}
    return RawTable(platform, columns, data, rows_in=len(cells) + sum(turned_away.values()), refused=turned_away)


def contract(wave: str = "w1", **changes: ContractColumn) -> Contract:
    """The contract of ``HEADER``; ``changes`` replaces single columns."""
    columns = tuple(
        changes.get(name, ContractColumn(name, role, text=LocalText({"en": name})))
        for name, role in zip(HEADER, ROLES, strict=True)
    )
    return Contract("tiny", wave, "plain_csv", columns, declared_in=f"schemas/raw/tiny_{wave}.yaml")


def write_csv(path: Path, rows: Sequence[Sequence[str]] = ROWS, header: Sequence[str] = HEADER) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(",".join(row) for row in [header, *rows]) + "\n", encoding="utf-8")
    return path


def read_csv(path: Path, platform: str | None = None, companions: Sequence[Path] = ()) -> RawTable:
    """As much of a reader as these tests need."""
    lines = [line.split(",") for line in path.read_text(encoding="utf-8").splitlines()]
    return raw_table(lines[1:], lines[0])


def register(places: Places, key: PseudonymKey, wave: str = "w1", rows: Sequence[Sequence[str]] = ROWS) -> Registration:
    """Write a delivery into raw/deliveries and register it."""
    path = write_csv(places.deliveries / f"{wave}.csv", rows)
    digest = delivery_digest(key, path)
    return Registration(path.name, digest, path.stat().st_size, len(rows), "tiny", wave, "plain_csv", "2024-01-31", "not public")
