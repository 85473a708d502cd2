"""How many printed numbers a tier still carries, sample by sample, and how far protection moved them.

A number counts where the secure tables can compute it; it is *carried* where the release can, from its tables or from its
published aggregates. Its *move* is the distance between the two values, in the unit of the number. Quantiles are nearest ranks,
so each is the move of a number that exists. Knows no files.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from panelpress.errors import DeclarationError
from panelpress.model.disclosure import EstimateDemand
from panelpress.model.estimate import PrintedNumber
from panelpress.model.study import Sample
from panelpress.schemas.expressions import Expression, parse

SEVERAL = "several"


@dataclass(frozen=True, slots=True)
class Compared:
    """One printed number with its value in the secure tables and in a release (None: not carried), and what it was read from."""

    number: PrintedNumber
    secure: float
    released: float | None
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Carried:
    """The printed numbers of one sample: how many there are, how many the tier carries, how many of these from its rows; moves
    of the carried ones, sorted."""

    sample: str
    numbers: int
    carried: int
    from_rows: int
    moves: tuple[float, ...]

    @property
    def share(self) -> float:
        return self.carried / self.numbers if self.numbers else 1.0

    def quantile(self, share: float) -> float:
        """The move that ``share`` of the carried numbers do not exceed; 0 where none is carried."""
        return self.moves[max(0, math.ceil(share * len(self.moves)) - 1)] if self.moves else 0.0


def concerns(number: PrintedNumber, samples: Mapping[str, Sample]) -> frozenset[str]:
    """Variables that ``number`` is about: its own, and those that its samples and its condition restrict."""
    asked = (*number.samples, *((number.versus,) if number.versus else ()))
    found = {number.variable} if number.variable else set()
    for condition in (*(samples[each].where for each in asked), number.where):
        if condition is not None:
            parsed = parse(condition, "harmonized", number.id)
            if not isinstance(parsed, Expression):
                raise DeclarationError(parsed.where, parsed.what, parsed.todo)
            found |= {*parsed.names, *parsed.panel_names}
    return frozenset(found)


def by_sample(compared: Iterable[Compared]) -> tuple[Carried, ...]:
    """One line a sample, in the order in which the numbers name them. A number that compares samples counts in its first, one
    over a range of samples (the lowest of seven countries) belongs to none of them: these are the line ``several``."""
    groups: dict[str, list[Compared]] = {}
    for each in compared:
        samples = each.number.samples
        groups.setdefault(samples[0] if len(samples) == 1 else SEVERAL, []).append(each)
    return tuple(summarize(sample, members) for sample, members in groups.items())


def summarize(sample: str, members: Sequence[Compared]) -> Carried:
    """What ``members`` come to, whatever their samples."""
    carried = [each for each in members if each.released is not None]
    moves = sorted(abs(each.released - each.secure) for each in carried if each.released is not None)
    from_rows = sum(1 for each in carried if each.source == "tables")
    return Carried(sample, len(members), len(carried), from_rows, tuple(moves))


def about(compared: Iterable[Compared], variables: Collection[str], samples: Mapping[str, Sample]) -> tuple[Compared, ...]:
    """Those results (facts about the survey's design apart) that are about one of ``variables``."""
    results = (each for each in compared if each.number.scope == "survey")
    return tuple(each for each in results if concerns(each.number, samples) & set(variables))


def shortfalls(found: Carried, demand: EstimateDemand) -> tuple[str, ...]:
    """In what ``found`` falls short of ``demand``, in words; nothing where it does not."""
    short = []
    if found.share < demand.carried - 1e-12:
        short.append(f"{found.carried} of {found.numbers} printed numbers carried, {demand.carried:.0%} asked")
    for word, share, most in (("median", 0.5, demand.median), ("ninth decile", 0.9, demand.ninth_decile)):
        if most is not None and found.quantile(share) > most + 1e-9:
            short.append(f"{word} moved by {found.quantile(share):.2f}, {most:g} may")
    return tuple(short)
