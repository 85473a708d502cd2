"""Documents, devices and accounts: numbers whose shape a locale pack gives, with their control sums.

Numbers that give themselves away (``anywhere``) are looked for inside texts. Bare runs of digits count as whole cells, or, with
a control sum, inside texts too; there the number that passes by chance is what a hit has to beat.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import polars as pl

from panelpress.raw.detectors.cells import Cells
from panelpress.raw.detectors.checks import BY_CHANCE, passes
from panelpress.raw.detectors.locale import Locales, Shape
from panelpress.raw.detectors.weigh import Hit, Strength, beyond_chance, weigh_bare


def documents(cells: Cells, locales: Locales) -> Iterator[Hit]:
    """Hits of every document shape of ``locales``."""
    for shape in locales.documents:
        found = _occurrences(cells, shape)
        if found.height:
            yield from _weigh(cells, shape, found, locales.words_for("document_words"))


def _occurrences(cells: Cells, shape: Shape) -> pl.DataFrame:
    """Columns column, value, n, number: what fits the shape's pattern, several to a value where a text holds several."""
    fewest = pl.col("digits") >= (5 if shape.form == "anywhere" else 7)
    if shape.form != "anywhere" and shape.check is None:
        exact = pl.col("value").str.strip_chars().str.contains(rf"^(?:{shape.pattern})$")
        return cells.values.filter(fewest & (pl.col("digits") <= 16)).filter(exact).with_columns(number="value")
    inside = rf"\b(?:{shape.pattern})\b"
    candidates = cells.values.filter(fewest).filter(pl.col("value").str.contains(inside))
    return candidates.with_columns(number=pl.col("value").str.extract_all(inside)).explode("number").drop_nulls("number")


def _weigh(cells: Cells, shape: Shape, found: pl.DataFrame, words: tuple[str, ...]) -> Iterator[Hit]:
    for (column,), part in found.group_by("column", maintain_order=True):
        candidates = part.height
        hits = part
        if shape.check is not None:
            valid = partial(passes, shape.check)
            hits = part.filter(pl.col("number").map_elements(valid, return_dtype=pl.Boolean))
        values = hits.unique("value")
        if values.height == 0:
            continue
        strength: Strength = "certain"
        if shape.check is not None:
            strength = "likely" if beyond_chance(candidates, hits.height, BY_CHANCE[shape.check]) else "possible"
        elif shape.form == "bare":
            rounds = int(values["number"].str.ends_with("00").sum())
            strength = weigh_bare(cells.facts[str(column)], values.height, rounds, words)
        yield Hit(str(column), shape.id, strength, int(values["n"].sum()), values.height)
