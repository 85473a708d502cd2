"""What a project declares about disclosure before any search: keys, hierarchies, tiers, floors and budgets.

A *key* is a variable by which an intruder may recognize a person. Its *hierarchy* says how it may be coarsened; level 0 is the
variable as harmonized, the last level (``withheld``) shows nothing. A *floor* is the coarsest level that a tier must keep in a
named sample. Value objects only: ``panelpress.schemas.disclosure`` reads them, ``panelpress.build.disclosure`` obeys them.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from typing import Literal

from panelpress.model.text import NO_TEXT, LocalText
from panelpress.model.variable import Category, Code, Tier

KeyKind = Literal["static", "varying", "act"]
Loss = Literal["ncp", "entropy", "discernibility"]
Reasons = Literal["kept", "merged"]
Starring = Literal["history", "cell"]

AS_IS = "as_is"
WITHHELD = "withheld"


@dataclass(frozen=True, slots=True)
class Level:
    """One way of coarsening. Either ``parents`` sends every harmonized code to a published one, or ``cuts`` are the lower
    bounds (whole numbers or ISO days) at which a new published band begins. ``categories`` are the published code list."""

    id: str
    title: LocalText
    categories: tuple[Category, ...]
    parents: Mapping[Code, Code] = field(default_factory=dict)
    cuts: tuple[str, ...] = ()

    def parent(self, value: object) -> Code | None:
        """The published code of one harmonized ``value``; None where the hierarchy has a hole."""
        if not self.cuts:
            return self.parents.get(value)  # type: ignore[call-overload, no-any-return]
        if is_day(self.cuts[0]):
            position = bisect_right(self.cuts, str(value))
        else:
            position = bisect_right(_numbers(self.cuts), Decimal(str(value)))
        return self.categories[position].code


@dataclass(frozen=True, slots=True)
class Hierarchy:
    """Levels from fine to coarse, without the two that every key has: as harmonized (0) and withheld (last)."""

    id: str
    levels: tuple[Level, ...]


@dataclass(frozen=True, slots=True)
class Key:
    """One quasi-identifier. ``static`` ones are the same in all waves and starred in all at once; ``act`` is a time-varying
    observable act. ``importance`` weighs a lost cell. ``local`` allows levels to differ between persons (composite codes).
    ``reasons: merged`` publishes all item-level missing reasons as one, because a rare reason is a fingerprint too.

    ``star`` says what a star takes: the ``history`` of a varying key in all waves, because what is starred in one wave is easily
    guessed from the others, or a single ``cell``, for long panels in which hardly a whole history is shared."""

    variable: str
    kind: KeyKind
    hierarchy: Hierarchy | None = None
    importance: float = 1.0
    local: bool = False
    reasons: Reasons = "kept"
    star: Starring = "history"

    @property
    def levels(self) -> tuple[Level, ...]:
        return self.hierarchy.levels if self.hierarchy else ()

    @property
    def top(self) -> int:
        """Index of the level that shows nothing."""
        return len(self.levels) + 1

    def level_id(self, index: int) -> str:
        return AS_IS if index == 0 else WITHHELD if index == self.top else self.levels[index - 1].id

    def level_index(self, level: str) -> int:
        """Index of the level called ``level``. Raises KeyError where there is none."""
        names = [self.level_id(index) for index in range(self.top + 1)]
        if level not in names:
            raise KeyError(level)
        return names.index(level)


@dataclass(frozen=True, slots=True)
class Stratum:
    """Persons of like participation, searched on their own: who took part when is visible and is therefore part of the key.
    ``where`` is written with ``n_waves()`` and ``in_wave('x')`` only."""

    id: str
    where: str


EVERYONE = Stratum("everyone", "n_waves() >= 1")  # of a study that declares no strata


@dataclass(frozen=True, slots=True)
class Floor:
    """In ``sample`` (a named sample or a stratum) ``variable`` is published at ``level`` or finer for all but ``starred`` of
    the answers."""

    sample: str
    variable: str
    level: str
    starred: float


@dataclass(frozen=True, slots=True)
class Budget:
    """What protection may cost in ``sample``: mean loss over key cells (``ncp``, 0 to 1), share of key cells starred, share of
    responses withheld, and the least share of the printed numbers of the sample that the tier must carry."""

    sample: str
    ncp: float | None = None
    starred: float | None = None
    withheld: float | None = None
    carried: float | None = None


@dataclass(frozen=True, slots=True)
class EstimateDemand:
    """How well the printed numbers ``about`` some variables must come through protection, in every sample that prints some: the
    least share ``carried``, and how far the ``median`` and the ``ninth_decile`` of these may move (in the unit of the number)."""

    about: tuple[str, ...]
    carried: float
    median: float | None = None
    ninth_decile: float | None = None


@dataclass(frozen=True, slots=True)
class StudyKeys:
    """What identifies people in one study, whatever the tier. ``patterns`` are multi-selects whose rare combinations are
    starred; ``harmless`` names variables with rare values that identify nobody, each with its reason. ``weight``
    and ``household`` name variables that hold sampling weights and households, so that risks are reckoned with them."""

    study: str
    keys: tuple[Key, ...]
    strata: tuple[Stratum, ...] = ()
    sensitive: tuple[str, ...] = ()
    patterns: tuple[str, ...] = ()
    harmless: Mapping[str, str] = field(default_factory=dict)
    weight: str | None = None
    household: str | None = None

    def key(self, variable: str) -> Key:
        """The key on ``variable``. Raises KeyError where it is none."""
        for each in self.keys:
            if each.variable == variable:
                return each
        raise KeyError(variable)


@dataclass(frozen=True, slots=True)
class StudyRules:
    """What one tier must keep of one study, ``estimates`` included, and at what cost. ``finest`` forbids levels finer than the
    named one, ``withhold`` keys altogether. ``before`` replaces these rules in releases that do not hold a wave yet: whatever is
    published of a panel that goes on is known for good, and later waves can only divide its classes further."""

    study: str
    floors: tuple[Floor, ...] = ()
    budgets: tuple[Budget, ...] = ()
    estimates: EstimateDemand | None = None
    finest: Mapping[str, str] = field(default_factory=dict)
    withhold: tuple[str, ...] = ()
    before: tuple[tuple[str, StudyRules], ...] = ()

    def with_waves(self, waves: Collection[str]) -> StudyRules:
        """The rules of a release that holds ``waves``."""
        return next((rules for wave, rules in self.before if wave not in waves), self)


@dataclass(frozen=True, slots=True)
class TierRules:
    """How safe one tier is. ``max_risk`` is the greatest chance of a right guess at one person; ``diversity`` the least number
    of distinct answers to each sensitive variable within a class (1 asks nothing)."""

    tier: Tier
    k: int
    max_risk: float
    diversity: int = 1
    loss: Loss = "ncp"
    studies: Mapping[str, StudyRules] = field(default_factory=dict)

    @property
    def class_size(self) -> int:
        """The least class that satisfies ``k`` *and* ``max_risk``: 0.09 needs 12 persons, because 1/11 is 0.0909."""
        return max(self.k, math.ceil(round(1 / self.max_risk, 9)))

    def rules(self, study: str) -> StudyRules:
        return self.studies.get(study, StudyRules(study))


@dataclass(frozen=True, slots=True)
class DisclosureDeclaration:
    """``build/disclosure.yaml``."""

    studies: Mapping[str, StudyKeys]
    tiers: Mapping[Tier, TierRules]
    hierarchies: Mapping[str, Hierarchy] = field(default_factory=dict)
    declared_in: str = ""
    title: LocalText = NO_TEXT


@cache
def _numbers(cuts: tuple[str, ...]) -> tuple[Decimal, ...]:
    return tuple(Decimal(cut) for cut in cuts)


def is_day(text: str) -> bool:
    """True for an ISO day, as opposed to a number that may be below zero."""
    return len(text) == 10 and text[4] == text[7] == "-"
