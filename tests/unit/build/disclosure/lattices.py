"""Small random lattices for the tests of search and starring, as numbers; and the slow, obvious way to judge them."""

from __future__ import annotations

import itertools

import numpy as np
from hypothesis import strategies as st

from panelpress.build.disclosure.columns import Column, Tuples


def column(dimension: int, maps: list[list[int]], losses: list[list[float]]) -> Column:
    n = len(maps[0])
    return Column(
        f"c{dimension}",
        dimension,
        tuple(np.array(each, dtype=np.int32) for each in maps),
        tuple(np.array(each, dtype=np.float64) for each in losses),
        np.ones(n),
        np.ones(n),
    )


@st.composite
def columns(draw: st.DrawFn, dimension: int) -> Column:
    """A column of two to five tokens with up to two nested levels between as-is and nothing."""
    n = draw(st.integers(2, 5))
    maps, losses = [list(range(n))], [[0.0] * n]
    for _ in range(draw(st.integers(0, 2))):
        joined = draw(st.lists(st.integers(0, 2), min_size=n, max_size=n))
        below = maps[-1]
        group = [joined[look] for look in range(max(below) + 1)]
        numbers = {look: place for place, look in enumerate(dict.fromkeys(group[each] for each in below))}
        maps.append([numbers[group[each]] for each in below])
        size = [maps[-1].count(look) for look in maps[-1]]
        losses.append([(each - 1) / (n - 1) for each in size])
    return column(dimension, [*maps, [0] * n], [*losses, [1.0] * n])


@st.composite
def tuples(draw: st.DrawFn, most: int = 14) -> Tuples:
    """Up to ``most`` distinct tuples of two or three columns with counts."""
    drawn = tuple(draw(columns(dimension)) for dimension in range(draw(st.integers(2, 3))))
    space = list(itertools.product(*(range(len(each.weights)) for each in drawn)))
    cells = draw(st.lists(st.sampled_from(space), min_size=1, max_size=most, unique=True))
    counts = draw(st.lists(st.integers(1, 4), min_size=len(cells), max_size=len(cells)))
    return Tuples(
        drawn,
        np.array(cells, dtype=np.int32),
        np.array(counts, dtype=np.int64),
        np.zeros(len(cells), dtype=np.int32),
        np.zeros((len(cells), 0), dtype=np.uint64),
    )


def class_sizes(of: Tuples, levels: tuple[int, ...]) -> list[int]:
    """For every tuple, the persons in its class at ``levels``."""
    looks = [
        tuple(int(each.maps[levels[each.dimension]][cell]) for each, cell in zip(of.columns, row, strict=True))
        for row in of.cells
    ]
    sizes: dict[tuple[int, ...], int] = {}
    for look, n in zip(looks, of.counts.tolist(), strict=True):
        sizes[look] = sizes.get(look, 0) + n
    return [sizes[look] for look in looks]


def slow_loss(of: Tuples, levels: tuple[int, ...], k: int, measure: str) -> tuple[float, int]:
    """Loss and residual of a node, person by person, rows in too small classes suppressed whole."""
    sizes = class_sizes(of, levels)
    residual = sum(n for n, size in zip(of.counts.tolist(), sizes, strict=True) if size < k)
    if measure == "discernibility":
        costs = [n * (size if size >= k else of.persons) for n, size in zip(of.counts.tolist(), sizes, strict=True)]
        return sum(costs) / of.persons**2, residual
    lost = 0.0
    for row, n, size in zip(of.cells, of.counts.tolist(), sizes, strict=True):
        for each, cell in zip(of.columns, row, strict=True):
            lost += n * (float(each.losses[levels[each.dimension]][cell]) if size >= k else 1.0)
    return lost / (of.persons * len(of.columns)), residual


def nodes(of: Tuples) -> list[tuple[int, ...]]:
    return list(itertools.product(*(range(top + 1) for top in of.tops)))
