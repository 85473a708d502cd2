"""What disclosure control did to one study for one tier, as data: levels, costs, refusals. Holds counts only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from panelpress.errors import DisclosureRefused
from panelpress.model.variable import Tier, Variable


@dataclass(frozen=True, slots=True)
class SearchFacts:
    """How a stratum was searched: its persons, the level of each key, loss reached, nodes of the lattice and nodes counted.
    ``optimal`` says that the recoding is proven best for its price; the stars on top are the best found."""

    stratum: str
    persons: int
    levels: Mapping[str, str]
    loss: float
    optimal: bool
    nodes: int
    counted: int


@dataclass(frozen=True, slots=True)
class KeyCost:
    """One key in one sample: answers there were (``cells``), of which ``starred`` and ``withheld`` with their response; ``ncp``
    the mean share of the domain that published looks cover, a lost answer counting 1."""

    variable: str
    cells: int
    starred: int
    withheld: int
    ncp: float

    @property
    def lost(self) -> float:
        """Share of answers that are starred or withheld."""
        return (self.starred + self.withheld) / self.cells if self.cells else 0.0


@dataclass(frozen=True, slots=True)
class SampleCost:
    """What protection cost in one named sample."""

    sample: str
    responses: int
    withheld: int
    keys: tuple[KeyCost, ...]

    @property
    def cells(self) -> int:
        return sum(key.cells for key in self.keys)

    @property
    def starred(self) -> float:
        """Share of key cells starred."""
        return sum(key.starred for key in self.keys) / self.cells if self.cells else 0.0

    @property
    def ncp(self) -> float:
        """Mean loss over key cells."""
        return sum(key.ncp * key.cells for key in self.keys) / self.cells if self.cells else 0.0


@dataclass(frozen=True, slots=True)
class AnswerSpread:
    """How the answers to one sensitive variable spread over the published classes: the ``least`` number of different ones in any
    class and wave (giving none counts as one; None where no class shows any), and ``closeness``, the greatest distance between
    the shares in a class and those in its whole wave (t of t-closeness, equal distance: 0 alike, 1 nothing in common)."""

    variable: str
    least: int | None
    closeness: float


@dataclass(frozen=True, slots=True)
class PatternFacts:
    """A multi-select whose rare combinations are starred: responses that share the rarest published one in a wave (None for an
    empty table), its answers (``cells``) and how many of them are ``starred``."""

    multi: str
    smallest: int | None
    cells: int
    starred: int


@dataclass(frozen=True, slots=True)
class ProtectionResult:
    """One protected table. ``table`` holds ``variables`` only; ``left_out`` says why others are not in it. ``keys`` are the
    published keys, ``levels[key]`` the ids of the levels at which each is published. ``refusals`` name every floor or budget
    that could not be kept: with one of them the table may not be released. ``smallest_joint_class`` counts persons alike in this
    table and in all ``earlier`` ones together. ``diversity`` was asked of sensitive variables, ``spread`` is what they have;
    ``patterns`` are multi-selects without rare combinations; ``harmless`` says why identifying variables are no keys. ``exposed``
    are persons whose history, as answered, fewer than the class size share: why anything is coarsened or starred at all."""

    study: str
    tier: Tier
    table: str
    k: int
    max_risk: float
    class_size: int
    smallest_class: int | None
    smallest_joint_class: int | None
    diversity: int
    spread: tuple[AnswerSpread, ...]
    patterns: tuple[PatternFacts, ...]
    harmless: Mapping[str, str]
    earlier: tuple[str, ...]
    persons: int
    exposed: int
    persons_left_out: int
    responses: int
    responses_withheld: int
    keys: tuple[str, ...]
    levels: Mapping[str, tuple[str, ...]]
    variables: tuple[Variable, ...]
    left_out: Mapping[str, str]
    searches: tuple[SearchFacts, ...]
    costs: tuple[SampleCost, ...]
    refusals: tuple[str, ...]
    class_query: str
    weight: str | None = None
    household: str | None = None
    demands: str = ""
    """Digest of what was asked: keys, hierarchies, floors, tier and waves."""
    carried: str | None = None
    """The earlier release whose levels and stars were kept, as no key had a new answer; None where they were searched."""

    @property
    def go(self) -> bool:
        return not self.refusals

    def require(self) -> ProtectionResult:
        """This result. Raises DisclosureRefused where a floor or budget was not kept."""
        if self.refusals:
            more = f" ({len(self.refusals) - 1} more: `panelpress risk` lists them all.)" if len(self.refusals) > 1 else ""
            raise DisclosureRefused(
                f"{self.study}, tier {self.tier}",
                f"NO-GO: {self.refusals[0]}{more}",
                "Lower the floor, raise the budget, or coarsen another key in build/disclosure.yaml; then run again.",
            )
        return self

    @property
    def statement(self) -> Mapping[str, Any]:
        """What the release says openly about its protection. Counts below the class size are not told."""
        return {
            "study": self.study,
            "tier": self.tier,
            "k": self.k,
            "max_risk": self.max_risk,
            "class_size": self.class_size,
            "smallest_class": self.smallest_class,
            "smallest_class_with_earlier": self.smallest_joint_class,
            "diversity": self.diversity,
            "sensitive": {each.variable: {"least": each.least, "closeness": round(each.closeness, 3)} for each in self.spread},
            "patterns": {each.multi: each.smallest for each in self.patterns},
            "harmless": dict(self.harmless),
            "earlier": list(self.earlier),
            "carried_over_from": self.carried,
            "demands": self.demands,
            "keys": list(self.keys),
            "levels": {key: list(levels) for key, levels in self.levels.items()},
            "left_out": dict(self.left_out),
            "class_query": self.class_query,
            **{role: column for role, column in (("weight", self.weight), ("household", self.household)) if column},
        }
