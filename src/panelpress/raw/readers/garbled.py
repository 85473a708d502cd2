"""Old SPSS and Stata files do not say in which code page their texts are, and the library takes windows-1252 for granted.

Their texts then read ``Ìóæ÷èíà`` for ``Мужчина``. Here the texts are turned back into bytes to tell the real code page.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

import numpy as np

from panelpress.raw.readers.codepages import code_page

ASSUMED = "cp1252"
TEXTS = 5000


def real_encoding(arrays: Mapping[str, Any], meta: Any) -> str | None:
    """The encoding in which the file must be read again, None where the texts are fine as they are."""
    if not (meta.file_encoding or ASSUMED).lower().startswith(("windows-1252", ASSUMED)):
        return None
    texts = "\n".join(dict.fromkeys(islice((each for each in _texts(arrays, meta) if not each.isascii()), TEXTS)))
    try:
        data = texts.encode(ASSUMED)
    except UnicodeEncodeError:
        return None
    high = np.flatnonzero(np.frombuffer(data, dtype=np.uint8) > 127)
    if not len(high):
        return None
    try:
        data.decode("utf-8")
        return "utf-8"
    except UnicodeDecodeError:
        found = code_page(data, high)
    return None if found == ASSUMED else found


def _texts(arrays: Mapping[str, Any], meta: Any) -> Iterator[str]:
    """Every text of the file: variable labels, value labels, then the cells of text variables."""
    yield from (label for label in meta.column_labels if label)
    for labels in meta.variable_value_labels.values():
        yield from (label for label in labels.values() if isinstance(label, str))
    for name, array in arrays.items():
        if meta.readstat_variable_types.get(name) == "string":
            yield from (cell for cell in array if isinstance(cell, str))
