"""Answers to sensitive variables, as few numbers: what the diversity that a tier asks for is counted by.

An *outcome* is an answer, or having given none, whatever the reason (0). Answers share 63 numbers, so two of a variable with more
may count as one: diversity is then understated, never overstated. Waves in which nobody was asked have no outcomes.

Where persons who never mix with others (one participation pattern, one class of earlier releases) gave too few different answers,
no recoding of keys can help: their answers in that wave are ``SILENT``, that is starred.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb
import numpy as np
from numpy.typing import NDArray

from panelpress.build.compiler.quote import name, text
from panelpress.build.disclosure.columns import Ints
from panelpress.build.disclosure.demand import Demand, Masks, unite
from panelpress.build.disclosure.sql import PREFIX, wave_number
from panelpress.build.disclosure.vocabulary import Vocabulary
from panelpress.model.disclosure import Key
from panelpress.model.missing import NOT_ASKED
from panelpress.model.study import Study
from panelpress.model.variable import Variable

NOTHING = -1  # no response in this wave, or nobody was asked
SILENT = -2
NO_ANSWER = 0
_NUMBERS = 64

Answers = NDArray[np.int8]  # persons or runs of them x sensitive variables x waves


@dataclass(frozen=True, slots=True)
class Outcomes:
    """The outcomes of one sensitive variable, kept in a temporary table (value, why, token); ``waves`` it was asked in."""

    variable: Variable
    waves: frozenset[int]
    size: int = _NUMBERS

    @property
    def token_table(self) -> str:
        return name(f"{PREFIX}outcome_{self.variable.id}")


def read_outcomes(rows: duckdb.DuckDBPyConnection, study: Study, table: str, variable: Variable) -> Outcomes:
    """Reads the outcomes of ``variable`` from ``table``."""
    value, why = name(variable.id), name(variable.why)
    asked = rows.execute(
        f"SELECT DISTINCT {wave_number(study)} FROM {table} AS r WHERE r.{why} IS DISTINCT FROM {text(NOT_ASKED)}"
    ).fetchall()
    found = Outcomes(variable, frozenset(int(wave) for (wave,) in asked if wave is not None))
    rows.execute(
        f"CREATE OR REPLACE TEMP TABLE {found.token_table} AS SELECT {value} AS value, {why} AS why, "
        f"CASE WHEN {value} IS NULL THEN {NO_ANSWER} "
        f"ELSE 1 + (dense_rank() OVER (ORDER BY {value} NULLS LAST) - 1) % {_NUMBERS - 1} END::INTEGER AS token "
        f"FROM (SELECT DISTINCT {value}, {why} FROM {table})"
    )
    return found


def as_masks(answers: Answers) -> Masks:
    """Outcomes as bits, one column for each variable and wave; all bits where nothing is shown."""
    flat = answers.reshape(len(answers), -1)
    bits = np.uint64(1) << np.maximum(flat, 0).astype(np.uint64)
    return np.where(flat >= 0, bits, np.iinfo(np.uint64).max).astype(np.uint64)


def silence(answers: Answers, blocks: Ints, demand: Demand) -> Answers:
    """``answers`` with those made ``SILENT`` that no class within their block could make diverse."""
    if demand.diversity == 1 or not answers.size:
        return answers
    seen = unite(as_masks(answers), blocks, int(blocks.max(initial=-1)) + 1)
    poor = (np.bitwise_count(seen) < demand.diversity)[blocks].reshape(answers.shape)
    return np.where(poor & (answers >= 0), SILENT, answers).astype(np.int8)


def as_shown(outcomes: Sequence[Outcomes]) -> list[Vocabulary]:
    """Sensitive variables as if they were keys with two levels, as they are and starred, for writing the table."""
    return [Vocabulary(Key(each.variable.id, "varying"), each.variable, (), ((), ()), ((), ()), ()) for each in outcomes]
