"""Attacks on answers: can a released column, or what disclosure control hid, be predicted from the other columns?

A predictor of naive Bayes kind (log-odds of each other column's value, Laplace smoothing) is trained on one half of the rows and
tried on the other; it is compared with always saying the commonest answer. For starred cells the scorer holds the truth.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from panelpress.validation.disclosure.released import Codes

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Predictor:
    """Learned log-probabilities: ``prior`` of each answer, ``given[c][answer, value]`` for column ``c``."""

    answers: Codes
    prior: Floats
    given: tuple[Floats, ...]

    def predict(self, columns: Codes) -> Codes:
        """The likeliest answer of each row of ``columns`` (rows x columns, codes from 0)."""
        score = np.tile(self.prior, (len(columns), 1))
        for place, table in enumerate(self.given):
            codes = np.minimum(columns[:, place], table.shape[1] - 1)
            score += table[:, codes].T
        return np.asarray(self.answers[score.argmax(axis=1)], dtype=np.int64)


def learn(answers: Codes, columns: Codes) -> Predictor:
    """A predictor of ``answers`` from ``columns``; codes are whole numbers from 0, an unseen code counts as the last."""
    kinds, coded = np.unique(answers, return_inverse=True)
    coded = np.asarray(coded).ravel()
    counts = np.bincount(coded, minlength=len(kinds)).astype(np.float64)
    tables = []
    for place in range(columns.shape[1]):
        width = int(columns[:, place].max()) + 2
        table = np.ones((len(kinds), width))
        np.add.at(table, (coded, columns[:, place]), 1.0)
        tables.append(np.log(table / table.sum(axis=1, keepdims=True)))
    return Predictor(np.asarray(kinds, dtype=np.int64), np.log(counts / counts.sum()), tuple(tables))


def commonest(answers: Codes) -> int:
    """The answer that someone without any other column would say."""
    kinds, counts = np.unique(answers, return_counts=True)
    return int(kinds[counts.argmax()])
