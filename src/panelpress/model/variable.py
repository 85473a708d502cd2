"""A harmonized variable as the crosswalk declares it: what it means, what it may hold, where each wave gets it from.

Value objects only. ``panelpress.schemas.crosswalk`` reads them from ``build/variables/<group>/<variable>.yaml`` and refuses
what is wrong; ``panelpress.build`` compiles them to SQL.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from panelpress.model.missing import WHY_SUFFIX
from panelpress.model.text import NO_TEXT, LocalText

Code = int | str
VariableType = Literal["nominal", "ordinal", "integer", "decimal", "date", "text"]
Status = Literal["complete", "partial", "impossible", "undetermined"]
Tier = Literal["open", "scientific_use", "never"]
DisclosureRole = Literal["none", "quasi", "sensitive", "observable_act"]


@dataclass(frozen=True, slots=True)
class Category:
    """One answer of a nominal or ordinal variable. ``group`` names a broader heading, used in codebooks."""

    code: Code
    label: LocalText
    group: str | None = None


@dataclass(frozen=True, slots=True)
class Interval:
    """A numeric range of raw codes, written ``[0,4]``, ``(4,6)``, ``[6,inf)``."""

    low: str | None
    high: str | None
    low_closed: bool
    high_closed: bool
    text: str


@dataclass(frozen=True, slots=True)
class ExternalId:
    """The same item in a standard or another survey, e.g. scheme ``WVS7`` id ``Q57``."""

    scheme: str
    id: str


@dataclass(frozen=True, slots=True)
class ItemFacts:
    """How the question was put in one wave: scale length, direction, midpoint, mode, whether don't-know was offered."""

    n_points: int | None = None
    direction: Literal["ascending", "descending"] | None = None
    midpoint: bool | None = None
    mode: str | None = None
    dk_offered: bool | None = None


@dataclass(frozen=True, slots=True)
class Filter:
    """A routing question that implies the value: where ``expr`` holds, the variable is ``value`` without being asked."""

    expr: str
    value: Code


@dataclass(frozen=True, slots=True)
class Units:
    """Conversion of a measured quantity: multiply by ``factor``, or by the row of a dated ``table`` (CSV in build/units)."""

    source: str
    target: str
    factor: str | None = None
    table: str | None = None
    key: str | None = None


@dataclass(frozen=True, slots=True)
class MultiSource:
    """How a multi-select answer stands in a raw file: one column holding all options, or a column an option.

    ``column`` + ``separator`` + ``options`` (raw option text): options are matched longest first, so a separator inside an
    option is no boundary. ``option`` is the raw text of the option that this dichotomy stands for.
    """

    column: str
    separator: str
    option: str
    options: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WaveRule:
    """How one wave yields the variable. Exactly one way applies: map, copy (numbers, dates), multi, expr, or impossible.

    ``value_map`` and ``missing_map`` are keyed by the raw code as text; ``None`` is the raw NULL. ``universe`` is who was
    asked (others are ``not_applicable``), written over raw columns; ``filter`` is routing that implies a value.
    ``expr`` is written over harmonized variables of the same row.
    """

    wave: str
    status: Status
    detail: str | None = None
    source: tuple[str, ...] = ()
    map_on: str | None = None
    value_map: tuple[tuple[str | Interval, Code], ...] = ()
    missing_map: tuple[tuple[str | Interval | None, str], ...] = ()
    copy: bool = False
    multi: MultiSource | None = None
    expr: str | None = None
    universe: str | None = None
    filter: Filter | None = None
    units: Units | None = None
    date_format: str | None = None
    reason: str | None = None
    coverage: tuple[Code, ...] = ()
    breaks_with: tuple[str, ...] = ()
    item: ItemFacts | None = None
    question: LocalText = NO_TEXT
    note: LocalText = NO_TEXT


@dataclass(frozen=True, slots=True)
class Variable:
    """One harmonized variable of one or more studies. ``waves`` holds a rule for every wave of every study it belongs to."""

    id: str
    label: LocalText
    concept: str
    type: VariableType
    tier: Tier
    waves: Mapping[str, WaveRule]
    question: LocalText = NO_TEXT
    note: LocalText = NO_TEXT
    categories: tuple[Category, ...] = ()
    unit: str | None = None
    minimum: str | None = None
    maximum: str | None = None
    tier_reason: LocalText = NO_TEXT
    disclosure: DisclosureRole = "none"
    denominator: str = "valid"
    denominators: tuple[str, ...] = ("valid",)
    precedence: tuple[str, ...] = ()
    external: tuple[ExternalId, ...] = ()
    multi_of: str | None = None
    person_level: bool = False
    replaced_by: str | None = None
    declared_in: str = ""
    top_box: Mapping[str, tuple[Code, ...]] = field(default_factory=dict)

    @property
    def why(self) -> str:
        """Name of the column that says why a value is missing."""
        return self.id + WHY_SUFFIX

    @property
    def is_categorical(self) -> bool:
        return self.type in ("nominal", "ordinal")

    @property
    def codes_are_text(self) -> bool:
        return any(isinstance(category.code, str) for category in self.categories)
