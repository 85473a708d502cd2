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


@dataclass(frozen=True, slots=True)
class Told:
    """What classes tell of one answer: the mean over persons of the share that their class's commonest answer has in it, the
    share of the sample's commonest answer, and how many stand in classes where all gave the same answer."""

    in_class: float
    in_sample: float
    alike: int

    @property
    def gain(self) -> float:
        return self.in_class - self.in_sample


def told_by_classes(classes: Codes, answers: Codes) -> Told:
    """Attribute disclosure: ``classes`` and ``answers`` number the class and the answer of each person or response."""
    if not len(answers):
        return Told(0.0, 0.0, 0)
    width = int(answers.max()) + 1
    cells, counts = np.unique(classes * width + answers, return_counts=True)
    of_class = cells // width
    most = np.zeros(int(classes.max()) + 1, dtype=np.int64)
    np.maximum.at(most, of_class, counts)
    sizes = np.bincount(classes, minlength=len(most))
    commonest_share = float(np.bincount(answers).max() / len(answers))
    return Told(float(most.sum() / len(answers)), commonest_share, int(sizes[(most == sizes) & (sizes > 0)].sum()))
