"""A delivery as read from a platform export, and the contract that says what each of its columns may become."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import polars as pl

from panelpress.model.text import NO_TEXT, LocalText

PrivacyRole = Literal["id", "direct", "free_text", "quasi", "sensitive", "plain", "drop", "paradata"]
KEPT_ROLES: frozenset[str] = frozenset({"quasi", "sensitive", "plain"})


@dataclass(frozen=True, slots=True)
class RawColumn:
    """One column of an export. ``values`` are labels of raw codes; ``missing`` are codes that the file itself marks missing;
    ``identifier`` says that the platform or its data dictionary marks the column as identifying."""

    name: str
    text: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    missing_ranges: tuple[tuple[str, str], ...] = ()
    type: str = "string"
    identifier: bool = False


@dataclass(frozen=True, slots=True)
class Repair:
    """Something that a reader noticed: ``repaired`` says whether it could mend it with certainty. Holds counts, no values."""

    code: str
    message: str
    n: int = 1
    line: int | None = None
    column: str | None = None
    repaired: bool = True


@dataclass(frozen=True, slots=True)
class RawTable:
    """A read delivery. ``data`` has one text column a raw column (raw code as text, numbers without a trailing ``.0``,
    dates as ISO, NULL for blank or system-missing), in the order of ``columns``. ``rows_in`` = rows of ``data`` + ``refused``."""

    platform: str
    columns: tuple[RawColumn, ...]
    data: pl.DataFrame
    encoding: str | None = None
    rows_in: int = 0
    refused: Mapping[str, int] = field(default_factory=dict)
    repairs: tuple[Repair, ...] = ()
    children: Mapping[str, RawTable] = field(default_factory=dict)
    label: str = ""

    def column(self, name: str) -> RawColumn:
        """The column called ``name``. Raises KeyError where there is none."""
        for each in self.columns:
            if each.name == name:
                return each
        raise KeyError(name)


@dataclass(frozen=True, slots=True)
class ContractColumn:
    """What a project declares of one raw column: its privacy role, and why a suspicious column is fine after all. ``parts``
    names the parts of the wave whose files have the column; empty where every file has it."""

    name: str
    role: PrivacyRole
    text: LocalText = NO_TEXT
    type: str = "string"
    values: Mapping[str, LocalText] = field(default_factory=dict)
    required: bool = False
    minimum: str | None = None
    maximum: str | None = None
    cleared: str | None = None
    parts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Consent:
    """Rows that may be used: those with one of the codes ``given`` in ``column``."""

    column: str
    given: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Contract:
    """``schemas/raw/<study>_<wave>.yaml``: what the delivery of one wave must look like. Columns not listed are refused.
    ``consent`` says by which question people agreed, ``rows`` which rows of a file that holds several waves are of this one.
    Two listed columns are in no file: ``part_column`` is filled with the part of the wave that each file was registered as,
    ``row_column`` counts the rows of a file in which nothing tells persons apart."""

    study: str
    wave: str
    platform: str
    columns: tuple[ContractColumn, ...]
    declared_in: str = ""
    country_column: str | None = None
    consent: Consent | None = None
    rows: Consent | None = None
    part_column: str | None = None
    row_column: str | None = None

    @property
    def id_column(self) -> ContractColumn:
        """The column that identifies a person. Raises KeyError where none is declared."""
        for each in self.columns:
            if each.role == "id":
                return each
        raise KeyError("id")

    @property
    def kept(self) -> tuple[ContractColumn, ...]:
        return tuple(each for each in self.columns if each.role in KEPT_ROLES)
