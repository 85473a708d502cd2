"""Answers that need no SQL: the distribution of a variable as data comes from the catalogue, which is in memory.

``/v0-1-0/distribution.json?variable=trust&_shape=array``, byte for byte what the saved query of that name answers. Asked in any
other way the query runs.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from urllib.parse import parse_qsl

from datasette import Response

from panelpress.publish.site.contents import Row
from panelpress.publish.site.library import Book, Library
from panelpress.publish.site.queries import DISTRIBUTION

FOR_A_DAY = {"cache-control": "max-age=86400"}


def distribution(library: Library, steps: Sequence[str], query: str) -> Response | None:
    """The answer; None where the address, in its ``steps``, asks for something else."""
    book = library.by_name.get(steps[0])
    if book is None or list(steps[1:]) != [f"{DISTRIBUTION}.json"] or DISTRIBUTION not in book.queries:
        return None
    asked = sorted(parse_qsl(query, keep_blank_values=True))
    if [name for name, _ in asked] != ["_shape", "variable"] or asked[0][1] != "array":
        return None
    content = json.dumps(_rows(book, asked[1][1]))
    return Response(content, headers=FOR_A_DAY, content_type="application/json; charset=utf-8")


def _rows(book: Book, variable: str) -> list[Row]:
    labels = [f"label_{each}" for each in book.contents.languages]
    columns = ["wave", "kind", "code", *labels, "n", "share"]
    rows = sorted(
        book.contents.of_variable("distributions", variable),
        key=lambda row: (str(row["wave"]), row["kind"] != "value", row["position"]),
    )
    return [{name: row[name] for name in columns} for row in rows]
