"""Published aggregates: a fixed, declared list of margins over variables that are not in the open tier at all."""

from __future__ import annotations

from dataclasses import dataclass

from panelpress.model.estimate import Base
from panelpress.model.variable import Code

MEAN = "mean"


@dataclass(frozen=True, slots=True)
class Margin:
    """One declared margin: the answers ``boxes`` (name -> codes) of ``variable`` in one ``base``. ``exhaustive`` says that the
    boxes are all categories, so that the shares add up to 100 and one hidden among them would be known. The one box ``MEAN``
    without codes stands for the mean of a number."""

    variable: str
    study: str
    base: Base
    boxes: tuple[tuple[str, tuple[Code, ...]], ...]
    exhaustive: bool
    declared_in: str = ""


@dataclass(frozen=True, slots=True)
class AggregatePlan:
    """All margins, the smallest cell, and groups of samples that together make up another one (``whole`` -> ``parts``)."""

    margins: tuple[Margin, ...]
    minimum_cell: int
    partitions: tuple[tuple[str, tuple[str, ...]], ...] = ()


@dataclass(frozen=True, slots=True)
class PublishedCell:
    """What is printed of one cell: ``share`` in whole percent (a mean in whole units) and ``n`` rounded to ten, or neither and
    the reason why not."""

    margin: Margin
    box: str
    share: int | None
    n: int | None
    hidden: str = ""
