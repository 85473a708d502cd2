"""Documents, devices and accounts: numbers whose shape a locale pack gives, with their control sums.

Numbers that give themselves away (``anywhere``) are looked for inside texts. Bare runs of digits count as whole cells, or, with
a control sum, inside texts too; there the number that passes by chance is what a hit has to beat.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import polars as pl

from panelpress.raw.detectors.cells import DECIMAL, Cells
from panelpress.raw.detectors.locale import Locales, Shape
from panelpress.raw.detectors.weigh import Hit, Strength, beyond_chance, weigh_bare
from panelpress.raw.locales.checks import BY_CHANCE, passes

# A national insurance number of nine characters has six digits; nothing that is looked for here has fewer.
FEWEST_DIGITS = 6
_VALUE = pl.col("value").str.strip_chars()


def documents(cells: Cells, locales: Locales) -> Iterator[Hit]:
    """Hits of every document shape of ``locales``."""
    whole = [shape for shape in locales.documents if shape.form != "anywhere" and shape.check is None]
    inside = [shape for shape in locales.documents if shape not in whole]
    numbers = cells.values.filter((pl.col("digits") >= FEWEST_DIGITS) & ~_VALUE.str.contains(DECIMAL))
    # One pass with all patterns at once leaves few values for the passes with each.
    exact = numbers.filter(_VALUE.str.contains(_exactly("|".join(shape.pattern for shape in whole))))
    texts = numbers.filter(pl.col("value").str.contains(_within("|".join(shape.pattern for shape in inside))))
    for shape in locales.documents:
        found = _cells_that_are(exact, shape) if shape in whole else _cells_that_hold(texts, shape)
        if found.height:
            yield from _weigh(cells, shape, found, locales.words_for("document_words"))


def _cells_that_are(values: pl.DataFrame, shape: Shape) -> pl.DataFrame:
    """Columns column, value, n, number: cells that are nothing but such a number."""
    return values.filter(_VALUE.str.contains(_exactly(shape.pattern))).with_columns(number="value")


def _cells_that_hold(values: pl.DataFrame, shape: Shape) -> pl.DataFrame:
    """Columns column, value, n, number: such numbers inside texts, several to a value where it holds several."""
    found = values.with_columns(number=pl.col("value").str.extract_all(_within(shape.pattern)))
    return found.explode("number").drop_nulls("number")


def _exactly(pattern: str) -> str:
    return rf"^(?:{pattern})$"


def _within(pattern: str) -> str:
    return rf"\b(?:{pattern})\b"


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
