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
class Rate:
    """One factor of a dated unit table, valid from ``start`` to ``end`` (ISO days, both inside) for raw unit ``key``."""

    key: str
    start: str
    end: str
    factor: str


@dataclass(frozen=True, slots=True)
class Units:
    """Conversion of a measured quantity into the variable's unit: times ``factor``, or times the rate that the dated ``table``
    (CSV in build/units: key, start, end, factor) gives for the raw unit in column ``key`` on the first day of the wave."""

    source: str
    target: str
    factor: str | None = None
    table: str | None = None
    key: str | None = None
    rates: tuple[Rate, ...] = ()


@dataclass(frozen=True, slots=True)
class MultiSource:
    """A multi-select answer that stands in one raw column, options joined by ``separator``.

    ``options`` are all raw option texts of the column; they are matched longest first and whole, so a separator inside an
    option is no boundary. ``chosen`` are those that mean the option of this dichotomy; ``rest`` says that this option takes
    whatever text no listed option explains (an "other, please specify" written into the same cell).
    """

    column: str
    separator: str
    chosen: tuple[str, ...]
    options: tuple[str, ...]
    rest: bool = False
    rest_allowed: bool = False


@dataclass(frozen=True, slots=True)
class WaveRule:
    """How one wave yields the variable. Exactly one way applies: map, copy (numbers, dates), multi, expr, or impossible.

    ``value_map`` and ``missing_map`` are keyed by the raw code as text; ``None`` is the raw NULL. ``universe`` is who was
    asked (others are ``not_applicable``), written over raw columns; ``filters`` are routings that imply a value, the first that
    holds wins.
    ``expr`` is written over harmonized variables of the same row.
    """

    wave: str
    status: Status
    detail: str | None = None
    source: tuple[str, ...] = ()
    map_on: str | None = None
    value_map: tuple[tuple[str | Interval | None, Code], ...] = ()
    missing_map: tuple[tuple[str | Interval | None, str], ...] = ()
    copy: bool = False
    multi: MultiSource | None = None
    expr: str | None = None
    line: int = 0
    universe: str | None = None
    filters: tuple[Filter, ...] = ()
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
    line: int = field(default=0, compare=False)
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
