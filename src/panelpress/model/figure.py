"""A declared figure and its cells: what each bar or point shows, how many people stand behind it, what was printed of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from panelpress.model.text import NO_TEXT, LocalText

Chart = Literal["bars", "lines", "stacked"]


@dataclass(frozen=True, slots=True)
class Part:
    """One row or one series of a figure, or what all its cells share: any of sample, wave, variable, answer, benchmark.
    ``benchmark`` is the country whose published number stands there instead of a share of ours."""

    label: LocalText = NO_TEXT
    sample: str | None = None
    wave: str | None = None
    variable: str | None = None
    answer: str | None = None
    where: str | None = None
    benchmark: str | None = None

    def joined(self, other: Part) -> Part:
        """This part, with everything that ``other`` says of it instead."""
        given = {name: getattr(other, name) for name in _NAMES if getattr(other, name) is not None}
        return replace(self, **given)


_NAMES = ("sample", "wave", "variable", "answer", "where", "benchmark")


@dataclass(frozen=True, slots=True)
class Figure:
    """``rows`` run along the axis of categories (or of waves), ``series`` are told apart by colour. ``sample`` says in words
    whom it shows; ``note`` is printed below."""

    id: str
    number: int
    title: LocalText
    chart: Chart
    sample: LocalText
    of: Part
    rows: tuple[Part, ...]
    series: tuple[Part, ...]
    note: LocalText = NO_TEXT
    declared_in: str = ""


@dataclass(frozen=True, slots=True)
class FigureCell:
    """One bar, segment or point. ``value`` is a share in percent, None where this release cannot show it. ``printed`` are the
    values that documents print of it; in a stacked figure ``printed_from_here`` are those of it and all later series together (a
    top box). ``source`` is ``tables``, ``aggregates`` or ``benchmark``."""

    figure: str
    row: int
    series: int
    row_label: LocalText
    series_label: LocalText
    value: float | None
    n: int | None
    source: str
    printed: tuple[float, ...] = ()
    printed_from_here: tuple[float, ...] = ()
