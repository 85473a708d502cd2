"""What a project demands of its data beyond structure: thresholds, panel rules, rules of its own, waivers. Reads no file.

Read from ``validation/rules.yaml`` and ``validation/waivers.yaml`` by ``panelpress.schemas.rules``; each attribute has a default,
so a project without these files is still held to all built-in checks.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from panelpress.model.findings import Severity
from panelpress.model.text import NO_TEXT, LocalText


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Largest values that pass. Shares and changes of shares run from 0 to 1.

    ``missing``: answers missing of those that should be there; ``missing_change``: the same against the last release;
    ``suppressed``: answers removed by disclosure control; ``tvd``: total variation distance of a distribution to the last
    release's; ``psi``: its population stability index (0.2 is the customary alarm); ``rows_change``: responses of a wave against
    the last release; ``expected``: responses of a wave against the number that its documents state.
    """

    missing: float = 0.9
    missing_change: float = 0.1
    suppressed: float = 0.5
    tvd: float = 0.1
    psi: float = 0.2
    rows_change: float = 0.05
    expected: float = 0.02


@dataclass(frozen=True, slots=True)
class Listed:
    """An exception that the project declares: a variable (in one wave, or in all) and why."""

    variable: str
    wave: str | None
    reason: str


@dataclass(frozen=True, slots=True)
class Bounds:
    """Share of the previous wave's persons who answered ``wave``, at least and at most."""

    wave: str
    minimum: float
    maximum: float


@dataclass(frozen=True, slots=True)
class Weight:
    """A weight variable: positive wherever there is one, and its sum in a wave is ``total`` (``rows``: the number of responses)
    within the share ``tolerance``."""

    variable: str
    study: str
    total: str = "rows"
    tolerance: float = 0.001


@dataclass(frozen=True, slots=True)
class Routing:
    """``variable`` is not_applicable exactly where ``asked_when`` is false, in ``waves`` (empty: every wave of ``study``)."""

    variable: str
    study: str
    asked_when: str
    waves: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ProjectRule:
    """``holds`` is an expression over harmonized variables that no row of ``study`` may make false (NULL passes, as in SQL).
    Up to the share ``tolerance`` of rows may break it."""

    id: str
    study: str
    holds: str
    text: LocalText = NO_TEXT
    severity: Severity = "error"
    tolerance: float = 0.0
    waves: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Waiver:
    """A named person accepts a known failure until a day: ``rule`` (and ``resource``, ``field`` where given) no longer blocks.
    ``owner`` is a role, ``expires`` an ISO day after which the waiver counts for nothing."""

    id: str
    rule: str
    reason: str
    owner: str
    expires: str
    resource: str | None = None
    field: str | None = None
    declared_in: str = ""


@dataclass(frozen=True, slots=True)
class Rules:
    """All of ``validation/rules.yaml``. ``smallest_count`` is the count below which no report prints a number of respondents."""

    smallest_count: int = 11
    thresholds: Thresholds = Thresholds()
    severities: Mapping[str, Severity] = field(default_factory=dict)
    empty: tuple[Listed, ...] = ()
    retention: tuple[Bounds, ...] = ()
    participation: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    constant: tuple[str, ...] = ()
    field_dates: tuple[str, ...] = ()
    weights: tuple[Weight, ...] = ()
    routing: tuple[Routing, ...] = ()
    minimum_cells: Mapping[str, int] = field(default_factory=dict)
    rules: tuple[ProjectRule, ...] = ()
    conflict_tolerance: float = 0.01
