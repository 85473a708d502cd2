"""Joins the plans of all strata into one account of every person: which persons of which history are published how."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from panelpress.build.disclosure.columns import Ints
from panelpress.build.disclosure.crowd import Crowd
from panelpress.build.disclosure.output import Pieces
from panelpress.build.disclosure.plan import Plan


def join_plans(crowd: Crowd, found: Sequence[tuple[Ints, Plan]], shape: tuple[int, int]) -> Pieces:
    """Pieces of all plans (each with the runs of ``crowd`` that it is about) and of those who lost all their responses.
    ``shape`` is (keys and sensitive variables, waves)."""
    gone = np.flatnonzero(crowd.patterns == 0)
    parts: list[tuple[Ints, Ints, Ints]] = [(gone, crowd.counts[gone], np.zeros(len(gone), dtype=np.int64))]
    shown = [np.zeros((1, *shape), dtype=np.int8)]
    offset = 1
    for inside, made in found:
        parts.append((inside[made.rows], made.amounts, made.sets + offset))
        shown.append(made.shown)
        offset += len(made.shown)
    row, amount, sets = (np.concatenate([part[place] for part in parts]) for place in range(3))
    order = np.argsort(row, kind="stable")
    row, amount, sets = row[order], amount[order], sets[order]
    ends = np.cumsum(amount)
    before = np.concatenate(([0], ends[:-1]))
    first = np.concatenate(([True], row[1:] != row[:-1])) if len(row) else np.zeros(0, dtype=bool)
    base = np.maximum.accumulate(np.where(first, before, 0)) if len(row) else before
    begin = crowd.start[row] + before - base
    return Pieces(
        history=crowd.history[row],
        start=begin,
        end=begin + amount,
        pattern=crowd.patterns[row],
        sets=sets,
        shown=np.concatenate(shown),
    )
