"""What SPSS, Stata and coded CSV can hold, as ``labelled`` asks it."""

from __future__ import annotations

from panelpress.model.missing import MissingReason
from panelpress.publish.formats.dta_rows import tagged_double, tagged_int
from panelpress.publish.formats.labelled import Dialect


def _code(reason: MissingReason) -> int:
    return reason.code


SPSS = Dialect(
    mark=lambda reason, stored: reason.code,
    label_of=_code,
    marks_below_zero=True,
    labels_text=True,
    knows_blank=False,
    long="DOUBLE",
    decimal="DOUBLE",
)
STATA = Dialect(
    mark=lambda reason, stored: tagged_int(reason.stata) if stored == "INTEGER" else tagged_double(reason.stata),
    label_of=lambda reason: tagged_int(reason.stata),
    marks_below_zero=False,
    labels_text=False,
    knows_blank=False,
    long="DOUBLE",
    decimal="DOUBLE",
)
# Text, so that a reason is -2 also in a column of amounts with two decimals.
CODED = Dialect(
    mark=lambda reason, stored: reason.code,
    label_of=_code,
    marks_below_zero=True,
    labels_text=True,
    knows_blank=True,
    long="VARCHAR",
    decimal="VARCHAR",
)
