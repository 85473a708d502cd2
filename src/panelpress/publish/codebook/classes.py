"""Classes of numbers and days for distributions: every value alone where there are few, else equal classes with round bounds.

Bounds follow from the open table, the same for all waves, so that waves compare. Nothing here looks at a single row.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from panelpress.publish.tables.sql import quoted

FEW_VALUES = 25
CLASSES = 20
FEW_MONTHS = 36


@dataclass(frozen=True, slots=True)
class Classes:
    """How a column falls into classes: ``sql`` gives the class of a row as text; ``order`` sorts these texts; ``width`` is the
    width of a class of numbers, None where each value (or month, or year) is its own class."""

    sql: str
    width: Decimal | None = None

    def order(self, code: str) -> tuple[Decimal, str]:
        """Sort key of a class."""
        first = code.strip("[").partition(",")[0]
        try:
            return Decimal(first), code
        except ArithmeticError:
            return Decimal(0), code


def number_classes(name: str, least: Any, greatest: Any, distinct: int, whole: bool) -> Classes:
    """Classes of the numbers in column ``name``, which range from ``least`` to ``greatest``."""
    column = quoted(name)
    if distinct <= FEW_VALUES or least is None or least == greatest:
        return Classes(f"CAST({column} AS VARCHAR)")
    width = round_width((Decimal(str(greatest)) - Decimal(str(least))) / CLASSES)
    if whole:
        width = max(width, Decimal(1))
    places = max(0, -int(width.normalize().as_tuple().exponent))
    step = f"CAST({width:f} AS DECIMAL(38,{places}))"
    # Whole units of the last place first, so that a value on a bound is never divided into the class below it.
    units = f"CAST(floor({column} * {10**places}) AS DOUBLE)"
    low = f"CAST(floor({units} / {int(width * 10**places)}) AS BIGINT) * {step}"
    return Classes(f"'[' || CAST({low} AS VARCHAR) || ',' || CAST({low} + {step} AS VARCHAR) || ')'", width)


def round_width(wanted: Decimal) -> Decimal:
    """The least of 1, 2, 5 times a power of ten that is not below ``wanted``."""
    power = Decimal(10) ** math.floor(wanted.log10())
    return next(power * step for step in (1, 2, 5, 10) if power * step >= wanted).normalize()


def day_classes(name: str, least: date | None, greatest: date | None) -> Classes:
    """Months where the days of column ``name`` span at most three years, else years."""
    column = quoted(name)
    if least is None or greatest is None:
        return Classes(f"CAST({column} AS VARCHAR)")
    months = (greatest.year - least.year) * 12 + greatest.month - least.month
    pattern = "%Y-%m" if months <= FEW_MONTHS else "%Y"
    return Classes(f"strftime({column}, '{pattern}')")
