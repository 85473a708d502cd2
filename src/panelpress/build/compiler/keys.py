"""Turns the raw keys of maps into conditions: exact codes, blank cells, intervals. Exact codes win over intervals."""

from __future__ import annotations

from collections.abc import Iterable

from panelpress.build.compiler.quote import text, texts
from panelpress.model.variable import Interval

RawKey = str | Interval | None
# Wide enough for any code or amount that a questionnaire holds; every engine casts text to DECIMAL alike.
NUMBER = "DECIMAL(38, 6)"


def exact(keys: Iterable[RawKey]) -> tuple[str | None, ...]:
    return tuple(key for key in keys if not isinstance(key, Interval))


def intervals(keys: Iterable[RawKey]) -> tuple[Interval, ...]:
    return tuple(key for key in keys if isinstance(key, Interval))


def among(column: str, keys: Iterable[str | None]) -> str:
    """Condition that ``column`` (SQL) holds one of the exact ``keys``; None stands for a blank cell."""
    listed = list(keys)
    codes = [key for key in listed if key is not None]
    parts = []
    if len(codes) == 1:
        parts.append(f"{column} = {text(codes[0])}")
    elif codes:
        parts.append(f"{column} IN ({texts(codes)})")
    if None in listed:
        parts.append(f"{column} IS NULL")
    return " OR ".join(parts)


def within(column: str, interval: Interval) -> str:
    """Condition that ``column`` (SQL, text) holds a number inside ``interval``."""
    number = f"TRY_CAST({column} AS {NUMBER})"
    parts = []
    if interval.low is not None:
        parts.append(f"{number} {'>=' if interval.low_closed else '>'} {interval.low}")
    if interval.high is not None:
        parts.append(f"{number} {'<=' if interval.high_closed else '<'} {interval.high}")
    return " AND ".join(parts) or f"{number} IS NOT NULL"


def condition(column: str, keys: Iterable[RawKey]) -> str:
    """Condition that ``column`` holds any of ``keys``."""
    listed = list(keys)
    parts = [among(column, exact(listed))] if exact(listed) else []
    parts += [f"({within(column, interval)})" if len(listed) > 1 else within(column, interval) for interval in intervals(listed)]
    return " OR ".join(parts)
