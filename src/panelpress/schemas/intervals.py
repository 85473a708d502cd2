"""Intervals of raw codes in maps: ``[0,4]``, ``(4,6)``, ``[6,inf)``. Bounds are decimals kept as text, so none is rounded."""

from __future__ import annotations

import re
from decimal import Decimal

from panelpress.model.variable import Interval

_FORM = re.compile(r"\s*([\[(])\s*(-?inf|-?\d+(?:\.\d+)?)\s*,\s*(-?inf|-?\d+(?:\.\d+)?)\s*([\])])\s*")


def read_interval(text: str) -> Interval | None:
    """The interval that ``text`` writes, or None where it is an ordinary code. Raises ValueError for an empty interval."""
    match = _FORM.fullmatch(text)
    if not match:
        return None
    opening, low, high, closing = match.groups()
    bounds = tuple(None if bound.endswith("inf") else bound for bound in (low, high))
    interval = Interval(bounds[0], bounds[1], opening == "[", closing == "]", text)
    if bounds[0] is not None and bounds[1] is not None:
        first, last = Decimal(bounds[0]), Decimal(bounds[1])
        if first > last or (first == last and not (interval.low_closed and interval.high_closed)):
            raise ValueError(text)
    return interval


def overlap(one: Interval, other: Interval) -> bool:
    """True where some number lies in both intervals."""
    return _starts_before_end(one, other) and _starts_before_end(other, one)


def _starts_before_end(one: Interval, other: Interval) -> bool:
    if one.low is None or other.high is None:
        return True
    low, high = Decimal(one.low), Decimal(other.high)
    return low < high or (low == high and one.low_closed and other.high_closed)
