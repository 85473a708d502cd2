"""Counts a protected table after it was written: what was planned is not believed, the rows themselves are asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from panelpress.build.disclosure.check import smallest_class, smallest_joint_class
from panelpress.build.disclosure.demand import Demand
from panelpress.build.disclosure.earlier import Earlier
from panelpress.build.disclosure.spread import answer_spread
from panelpress.model.protection import AnswerSpread, PatternFacts
from panelpress.model.study import Study
from panelpress.model.variable import Variable


@dataclass(frozen=True)
class Counted:
    """The smallest classes of the table, alone (``smallest``) and with earlier releases (``joint``); how the answers to sensitive
    variables spread over its classes; its rarest combinations of options."""

    smallest: int | None
    joint: int | None
    spread: tuple[AnswerSpread, ...]
    patterns: tuple[PatternFacts, ...]

    def require(self, demand: Demand) -> Counted:
        """This count. Raises AssertionError where the table does not hold what every plan must: no declaration leads there."""
        sizes = (self.smallest, self.joint, *(each.smallest for each in self.patterns))
        answers = (each.least for each in self.spread)
        if any(size is not None and size < demand.k for size in sizes) or any(
            least is not None and least < demand.diversity for least in answers
        ):
            raise AssertionError("the table written does not hold the plan; this is a defect of the engine")
        return self


def count_table(
    rows: duckdb.DuckDBPyConnection,
    study: Study,
    table: str,
    keys: Sequence[str],
    sensitive: Sequence[Variable],
    patterns: tuple[PatternFacts, ...],
    earlier: Sequence[Earlier],
) -> Counted:
    """Counts ``table`` (SQL), which publishes ``keys`` and the variables ``sensitive``."""
    return Counted(
        smallest_class(rows, study, keys, table),
        smallest_joint_class(rows, study, keys, table, earlier),
        tuple(answer_spread(rows, study, keys, each, table) for each in sensitive),
        patterns,
    )
