"""Turns linked histories and vocabularies into the numbers that the search works on (``columns.Tuples``).

A varying key becomes one column a wave, all at one level. A static key becomes one column a person: its token where all the
person's responses agree, else a token of its own for the whole list of them (asked in one wave only, or answered differently),
because the exact tuple that is published holds each of them.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np
from numpy.typing import NDArray

from panelpress.build.disclosure.columns import Codes, Column, Floats, Tuples
from panelpress.build.disclosure.crowd import Crowd
from panelpress.build.disclosure.grouping import alike_rows, group_all
from panelpress.build.disclosure.history import ABSENT, HIDDEN
from panelpress.build.disclosure.sensitive import as_masks
from panelpress.build.disclosure.vocabulary import STAR, Look, Vocabulary

Places = tuple[tuple[int, int | None], ...]
_NOBODY: Look = (None, "-")


def encode(vocabularies: Sequence[Vocabulary], crowd: Crowd, allowed: Sequence[Sequence[int]]) -> tuple[Tuples, Places]:
    """The tuples, and what each of their columns is: (key, wave), wave None for a static key. ``allowed[key]`` are the levels
    (indices, fine to coarse) that the search may use; level i of a column is ``allowed[key][i]`` of its key."""
    columns: list[Column] = []
    cells: list[Codes] = []
    places: list[tuple[int, int | None]] = []
    tokens, counts = crowd.tokens, crowd.counts
    responses = float((np.bitwise_count(crowd.patterns) * counts).sum()) / max(int(counts.sum()), 1)
    for key, vocabulary in enumerate(vocabularies):
        if vocabulary.key.kind == "static":
            column, cell = _static(key, vocabulary, tokens[key], allowed[key], responses)
            columns.append(column)
            cells.append(cell)
            places.append((key, None))
            continue
        for wave in range(tokens[key].shape[1]):
            cell = tokens[key][:, wave]
            if (cell == ABSENT).all():
                continue
            columns.append(_varying(key, wave, vocabulary, allowed[key]))
            n = len(vocabulary.tokens)
            cells.append(np.select([cell == ABSENT, cell == HIDDEN], [n, n + 1], cell).astype(np.int32))
            places.append((key, wave))
    _, fixed = np.unique(crowd.blocks, return_inverse=True)
    stacked = np.stack(cells).T if cells else np.zeros((len(counts), 0), dtype=np.int32)
    return Tuples(tuple(columns), stacked, counts, fixed.astype(np.int32), as_masks(crowd.answers)), tuple(places)


def _numbered(looks: Sequence[object]) -> Codes:
    seen: dict[object, int] = {}
    return np.array([seen.setdefault(look, len(seen)) for look in looks], dtype=np.int32)


def _varying(key: int, wave: int, vocabulary: Vocabulary, allowed: Sequence[int]) -> Column:
    weights = [vocabulary.key.importance * something for something in vocabulary.something]
    return Column(
        name=f"{vocabulary.key.variable}@{wave}",
        dimension=key,
        maps=tuple(_numbered([*vocabulary.looks[level], _NOBODY, STAR]) for level in allowed),
        losses=tuple(np.array([*vocabulary.losses[level], 0.0, 1.0]) for level in allowed),
        starred=np.array([*(1.0 for _ in weights), 0.0, 1.0]),
        weights=np.array([*weights, 0.0, 1.0]),
    )


def _static(key: int, vocabulary: Vocabulary, tokens: Codes, allowed: Sequence[int], responses: float) -> tuple[Column, Codes]:
    """One column over waves. ``responses`` is the mean number of responses a person, which a starred static key costs."""
    cell, mixed = _signatures(tokens, len(vocabulary.tokens) + 1)
    lists = [[int(token) for token in row if token != ABSENT] for row in mixed]
    maps, losses = [], []
    for level in allowed:
        looks, lost = vocabulary.looks[level], vocabulary.losses[level]
        listed: list[object] = [*looks, STAR]
        for tokens_of in lists:
            shown = [looks[token] for token in tokens_of]
            listed.append(shown[0] if len(set(shown)) == 1 else tuple(shown))
        maps.append(_numbered(listed))
        losses.append(np.array([*lost, 1.0, *(float(np.mean([lost[token] for token in each])) for each in lists)]))
    something = [*(float(each) for each in vocabulary.something), 1.0]
    something += [float(np.mean([vocabulary.something[token] for token in each])) for each in lists]
    weights: Floats = np.array(something) * vocabulary.key.importance * responses
    starred: Floats = np.ones(len(weights))
    return Column(vocabulary.key.variable, key, tuple(maps), tuple(losses), starred, weights), cell


def _signatures(tokens: Codes, offset: int) -> tuple[Codes, NDArray[np.int32]]:
    """One number per history: the token where all responses agree, ``offset`` - 1 where they are hidden, else ``offset`` + the
    index of its distinct list."""
    tokens = np.where((tokens == HIDDEN).any(axis=1)[:, None] & (tokens != ABSENT), offset - 1, tokens)
    highest = tokens.max(axis=1)
    lowest = np.where(tokens == ABSENT, np.iinfo(np.int32).max, tokens).min(axis=1)
    cell = highest.astype(np.int32)
    differs = highest != lowest
    if not differs.any():
        return cell, np.zeros((0, tokens.shape[1]), dtype=np.int32)
    first, which = alike_rows(tokens[differs] - ABSENT)  # the lowest of its numbers
    cell[differs] = offset + which
    return cell, tokens[differs][first].astype(np.int32)


def by_key(tuples: Tuples, places: Places, keys: Collection[int] | None = None) -> tuple[Tuples, Places]:
    """The same tuples with one column for all cells of a key (of ``keys``, or of every key). Its tokens are what the cells
    together hold: fewer columns to group by, and one star for all of them."""
    columns: list[Column] = []
    cells: list[Codes] = []
    found: list[tuple[int, int | None]] = []
    for key in dict.fromkeys(key for key, _ in places):
        own = [place for place, (of, _) in enumerate(places) if of == key]
        if keys is not None and key not in keys:
            columns += [tuples.columns[place] for place in own]
            cells += [tuples.cells[:, place] for place in own]
            found += [places[place] for place in own]
            continue
        together = np.zeros(len(tuples.counts), dtype=np.int64)
        first = together[:0]
        for place in own:
            width = int(tuples.cells[:, place].max(initial=0)) + 1
            size = (int(together.max(initial=0)) + 1) * width
            first, _, together = group_all(together * width + tuples.cells[:, place], size, tuples.counts)
        columns.append(_together([tuples.columns[place] for place in own], tuples.cells[first][:, own], key))
        cells.append(together.astype(np.int32))
        found.append((key, None))
    stacked = np.stack(cells).T if cells else tuples.cells
    return Tuples(tuple(columns), stacked, tuples.counts, tuples.fixed, tuples.answers), tuple(found)


def _together(own: Sequence[Column], lists: Codes, dimension: int) -> Column:
    """One column for several: ``lists`` (tokens x cells) are the tokens of the cells that make up each of its own."""
    maps, losses = [], []
    for level in range(own[0].top + 1):
        looks = np.stack([column.maps[level][lists[:, place]] for place, column in enumerate(own)], axis=1)
        maps.append(alike_rows(looks)[1].astype(np.int32))
        losses.append(_weighted(own, lists, [column.losses[level] for column in own]))
    starred = _weighted(own, lists, [column.starred for column in own])
    return Column(own[0].name, dimension, tuple(maps), tuple(losses), starred, np.ones(len(lists)))


def _weighted(own: Sequence[Column], lists: Codes, losses: Sequence[Floats]) -> Floats:
    total = np.zeros(len(lists))
    for place, (column, lost) in enumerate(zip(own, losses, strict=True)):
        total += (lost * column.weights)[lists[:, place]]
    return total
