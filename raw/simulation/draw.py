"""Seeded randomness that gives the same answers on every machine.

Every purpose has a stream of its own, named by a text, so that a new item moves no other item's draws. Only uniform draws,
comparisons, sums and stable sorts are used: logarithms and exponentials may differ in the last bit between processors.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


def stream(seed: int, name: str) -> np.random.Generator:
    """The generator of the purpose called ``name``."""
    digest = hashlib.sha256(f"{seed}/{name}".encode()).digest()
    return np.random.Generator(np.random.PCG64(int.from_bytes(digest, "big")))


def uniform(seed: int, name: str, n: int) -> Floats:
    """``n`` numbers from [0, 1)."""
    return stream(seed, name).random(n)


def order(scores: Floats) -> Ints:
    """Positions from the highest score to the lowest; equal scores keep their order."""
    return np.argsort(-scores, kind="stable").astype(np.int64)


def systematic(seed: int, name: str, n: int, weights: Sequence[float]) -> Ints:
    """``n`` category numbers, each category as often as its weight says (to within one), in random order."""
    if n == 0:
        return np.zeros(0, dtype=np.int64)
    random = stream(seed, name)
    cumulated = np.cumsum(np.asarray(weights, dtype=np.float64))
    points = (np.arange(n) + random.random()) * (float(cumulated[-1]) / n)
    found = np.searchsorted(cumulated, points, side="right").clip(max=len(weights) - 1)
    return found.astype(np.int64)[random.permutation(n)]


def pick(seed: int, name: str, n: int, choices: Sequence[str]) -> list[str]:
    """``n`` of ``choices``, with equal chance."""
    return [choices[at] for at in stream(seed, name).integers(0, len(choices), n)]
