"""Stars cells on top of a recoding at the least cost found: several greedy runs, recombined by a solver.

Each run of ``specialise`` prefers other columns and ends with other classes. Whatever a run showed a tuple as is a candidate for
it; a mixed-integer program (HiGHS) chooses among all candidates, so that each published class satisfies the demand or is empty
and the importance-weighted loss is least. It starts from the best run, so it can only improve on it. Large programs are solved
piece by piece with everything else held fixed; nothing depends on the clock, so the same input gives the same stars.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from panelpress.build.disclosure.columns import Column, Floats, Ints, Tuples
from panelpress.build.disclosure.demand import Demand
from panelpress.build.disclosure.grouping import alike_rows, group_all
from panelpress.build.disclosure.solver import Program, improve
from panelpress.build.disclosure.specialise import Lots, specialise

RUNS = 8
_RUN_EFFORT = 200_000  # tuples specialised, over all runs
_TASTE = 0.5  # standard deviation of the logarithm of a column's random preference


def star(looks: Tuples, demand: Demand, thorough: bool = True) -> Lots:
    """Lots of all tuples of ``looks``, whose columns run from the recoded level (0) to nothing. Without ``thorough`` one greedy
    run must do, which is enough to compare recodings."""
    first = specialise(looks, demand)
    n_runs = min(RUNS, _RUN_EFFORT // max(len(looks.counts), 1)) if thorough else 0
    if n_runs < 2:
        return first
    random = np.random.default_rng(20220304)
    runs = [first]
    for _ in range(n_runs - 1):
        taste = np.exp(random.normal(0, _TASTE, len(looks.columns)))
        runs.append(specialise(looks, demand, taste))
    return _recombined(looks, runs, demand)


def lot_losses(columns: Sequence[Column], looks: Tuples, lots: Lots) -> Floats:
    """Weighted loss of one person of each lot, beyond what the recoding loses already."""
    lost = np.zeros(len(lots.rows))
    for place, column in enumerate(columns):
        tokens = looks.cells[lots.rows, place]
        losses = np.stack(column.losses)
        lost += (losses[lots.levels[:, place], tokens] - losses[0, tokens]) * column.weights[tokens]
    return lost


def _recombined(looks: Tuples, runs: Sequence[Lots], demand: Demand) -> Lots:
    rows = np.concatenate([run.rows for run in runs])
    levels = np.concatenate([run.levels for run in runs])
    amounts = np.concatenate([run.amounts for run in runs])
    costs = np.concatenate([lot_losses(looks.columns, looks, run) for run in runs])
    of_run = np.repeat(np.arange(len(runs)), [len(run.rows) for run in runs])
    shown = _shown(looks, rows, levels)
    width = int(shown.max(initial=0)) + 1
    first, _, pair = group_all(rows * width + shown, None, amounts)
    given = np.zeros((len(runs), len(first)), dtype=np.int64)
    np.add.at(given, (of_run, pair), amounts)
    best = improve(Program(rows[first], shown[first], costs[first], looks.counts, looks.answers, demand), given)
    kept = np.flatnonzero(best)
    return Lots(rows[first][kept], best[kept], shown[first][kept], levels[first][kept])


def _shown(looks: Tuples, rows: Ints, levels: np.ndarray[tuple[int, ...], np.dtype[np.int8]]) -> Ints:
    """One number for what each lot shows: the level and look of every cell, and the participation pattern."""
    cells = [looks.fixed[rows]]
    for place, column in enumerate(looks.columns):
        maps = np.stack([np.resize(each, len(column.maps[0])) for each in column.maps]).astype(np.int64)
        level = levels[:, place].astype(np.int64)
        cells.append(level * max(column.sizes) + maps[level, looks.cells[rows, place]])
    return alike_rows(np.stack(cells, axis=1))[1]
