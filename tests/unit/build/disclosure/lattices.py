"""Small random lattices for the tests of search and starring, as numbers; and the slow, obvious way to judge them."""

from __future__ import annotations

import itertools
import math

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
    """Up to ``most`` distinct tuples of two or three columns with counts, each with one of four answers to a sensitive question."""
    drawn = tuple(draw(columns(dimension)) for dimension in range(draw(st.integers(2, 3))))
    space = list(itertools.product(*(range(len(each.weights)) for each in drawn)))
    cells = draw(st.lists(st.sampled_from(space), min_size=1, max_size=most, unique=True))
    counts = draw(st.lists(st.integers(1, 4), min_size=len(cells), max_size=len(cells)))
    answers = draw(st.lists(st.sampled_from([1, 2, 4, 8]), min_size=len(cells), max_size=len(cells)))
    return Tuples(
        drawn,
        np.array(cells, dtype=np.int32),
        np.array(counts, dtype=np.int64),
        np.zeros(len(cells), dtype=np.int32),
        np.array(answers, dtype=np.uint64)[:, None],
    )


def class_sizes(of: Tuples, levels: tuple[int, ...], diversity: int = 1) -> list[int]:
    """For every tuple, the persons in its class at ``levels``; none where the class gave fewer than ``diversity`` answers."""
    looks = [
        tuple(int(each.maps[levels[each.dimension]][cell]) for each, cell in zip(of.columns, row, strict=True))
        for row in of.cells
    ]
    sizes: dict[tuple[int, ...], int] = {}
    for look, n in zip(looks, of.counts.tolist(), strict=True):
        sizes[look] = sizes.get(look, 0) + n
    given = {look: {answer for at, answer in zip(looks, of.answers[:, 0].tolist(), strict=True) if at == look} for look in sizes}
    return [sizes[look] if len(given[look]) >= diversity else 0 for look in looks]


def token_bits(of: Tuples, place: int, level: int) -> list[float]:
    """For every tuple, the bits between what one column shows at ``level`` and its token."""
    tokens = of.cells[:, place].tolist()
    looks = [int(of.columns[place].maps[level][token]) for token in tokens]
    persons = of.counts.tolist()
    return [
        math.log2(
            sum(n for at, n in zip(looks, persons, strict=True) if at == look)
            / sum(n for at, n in zip(tokens, persons, strict=True) if at == token)
        )
        for look, token in zip(looks, tokens, strict=True)
    ]


def slow_loss(of: Tuples, levels: tuple[int, ...], k: int, measure: str, diversity: int = 1) -> tuple[float, int]:
    """Loss and residual of a node, person by person, rows in failing classes suppressed whole."""
    sizes = class_sizes(of, levels, diversity)
    residual = sum(n for n, size in zip(of.counts.tolist(), sizes, strict=True) if size < k)
    if measure == "discernibility":
        costs = [n * (size if size >= k else of.persons) for n, size in zip(of.counts.tolist(), sizes, strict=True)]
        return sum(costs) / of.persons**2, residual
    if measure == "entropy":
        total = lost = 0.0
        for place, column in enumerate(of.columns):
            shown, all_bits = token_bits(of, place, levels[column.dimension]), token_bits(of, place, column.top)
            unit = sum(bits * n for bits, n in zip(all_bits, of.counts.tolist(), strict=True)) / of.persons or 1.0
            for part, bits, n, size in zip(shown, all_bits, of.counts.tolist(), sizes, strict=True):
                lost += n * (part if size >= k else bits) / unit
                total += n * bits / unit
        return lost / (total or 1.0), residual
    lost = 0.0
    for row, n, size in zip(of.cells, of.counts.tolist(), sizes, strict=True):
        for each, cell in zip(of.columns, row, strict=True):
            lost += n * (float(each.losses[levels[each.dimension]][cell]) if size >= k else 1.0)
    return lost / (of.persons * len(of.columns)), residual


def nodes(of: Tuples) -> list[tuple[int, ...]]:
    return list(itertools.product(*(range(top + 1) for top in of.tops)))
