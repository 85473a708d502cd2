"""A Datasette plugin: the rows of a page as CSV, with codes (``.codes``) or labels in the language of the page (``.labels``).

The name of the file says which, of which release, and where the rows were cut. With labels a missing value is its reason in
square brackets, never an empty cell. Whole tables are files of the release and are not made here.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

from datasette import Response, hookimpl

from panelpress.publish.site.labels import LANGUAGE, WHY, Labels
from panelpress.publish.site.library import Book
from panelpress.publish.site.rows import is_told

FORMS = ("codes", "labels")


@hookimpl  # type: ignore[untyped-decorator]
def register_output_renderer(datasette: Any) -> list[dict[str, Any]]:
    """One renderer a form; a page links them as ``renderers.codes`` and ``renderers.labels``."""
    return [{"extension": form, "render": partial(_render, form)} for form in FORMS]


def _render(
    form: str,
    datasette: Any,
    columns: Sequence[str],
    rows: Sequence[Any],
    database: str,
    table: str | None,
    query_name: str | None,
) -> Response:
    book: Book = datasette.panel_library.by_name[database]
    labels: Labels | None = datasette.panel_labels[database, LANGUAGE.get()] if form == "labels" else None
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerows(_lines(columns, rows, labels))
    name = file_name(table or query_name or "query", book.version, form, len(rows), datasette.setting("max_returned_rows"))
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(stream.getvalue(), headers=headers, content_type="text/csv; charset=utf-8")


def file_name(of: str, version: str, form: str, rows: int, most: int) -> str:
    """Says what is inside, and that it may have been cut where as many rows came as ever come."""
    cut = f"-cut-at-{most}" if rows >= most else ""
    return f"{of}-{version}-{form}{cut}.csv"


def _lines(columns: Sequence[str], rows: Sequence[Any], labels: Labels | None) -> Iterator[list[Any]]:
    shown = [name for name in columns if labels is None or not is_told(name, columns)]
    yield list(shown)
    cell: Callable[[Any, str], Any] = (
        (lambda row, name: row[name]) if labels is None else partial(_labelled, labels, set(columns))
    )
    for row in rows:
        yield [cell(row, name) for name in shown]


def _labelled(labels: Labels, columns: set[str], row: Any, name: str) -> Any:
    value = row[name]
    if value is None and name + WHY in columns:
        why = row[name + WHY]
        return f"[{labels.reasons.get(str(why)) or why or labels.no_value}]"
    known = labels.reasons if name.endswith(WHY) else labels.codes.get(name, {})
    return known.get(str(value)) or value
