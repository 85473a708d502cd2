"""Names of people, as a warning only: a first name is a word, a town and a saint too, and lower-case names are not found.

A cell is suspected where a given name of a locale pack stands beside another capitalized word, where a word ends like a
father's name, where initials stand beside a capitalized word (``Петров И. И.``), or where the whole cell is a given name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import polars as pl

from panelpress.raw.detectors.cells import Cells
from panelpress.raw.detectors.locale import Locales
from panelpress.raw.detectors.weigh import Hit

_INITIALS = r"^\s*(?:\p{Lu}\p{Ll}+(?:-\p{Lu}\p{Ll}+)?,? \p{Lu}\. ?\p{Lu}\.|\p{Lu}\. ?\p{Lu}\. ?\p{Lu}\p{Ll}+)\s*$"


def names(cells: Cells, locales: Locales) -> Iterator[Hit]:
    """Possible names of people, by column."""
    given = "|".join(re.escape(name) for name in locales.given_names)
    endings = "|".join(locales.name_endings)
    another = r"\p{Lu}\p{Ll}+(?:-\p{Lu}\p{Ll}+)?"
    regex = rf"(?:^|\P{{L}})(?:(?:{given})\s+{another}|{another}\s+(?:{given})|\p{{Lu}}\p{{Ll}}+(?:{endings}))(?:$|\P{{L}})"
    value = pl.col("value")
    worded = cells.values.filter(pl.col("lettered") & value.str.contains(r"\p{Lu}\p{Ll}"))
    known = value.str.contains_any([*locales.given_names, *locales.name_endings])
    whole = value.str.strip_chars().is_in(list(locales.given_names))
    initials = value.str.contains(_INITIALS)
    found = worded.filter((known & (whole | value.str.contains(regex))) | initials)
    counts = found.group_by("column", maintain_order=True).agg(cells=pl.col("n").sum(), values=pl.len())
    for column, n, values in counts.rows():
        yield Hit(column, "name", "possible", int(n), int(values))
