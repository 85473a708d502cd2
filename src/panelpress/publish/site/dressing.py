"""A Datasette plugin: what our versions of Datasette's templates need to know about the page they show."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qsl, urlencode

from datasette import hookimpl

from panelpress.publish.site.contents import text
from panelpress.publish.site.downloads import of_table
from panelpress.publish.site.files import style_address
from panelpress.publish.site.frame import Frame
from panelpress.publish.site.hints import meant
from panelpress.publish.site.labels import LANGUAGE
from panelpress.publish.site.library import Book, Library
from panelpress.publish.site.listing import listing
from panelpress.publish.site.rows import answer_body, answer_head, result_body
from panelpress.publish.site.served import indexed
from panelpress.publish.site.titles import about
from panelpress.publish.site.words import words


@hookimpl  # type: ignore[untyped-decorator]
def extra_template_vars(
    template: str, database: str | None, table: str | None, columns: Any, view_name: str, request: Any, datasette: Any
) -> dict[str, Any]:
    """``page`` as on our own pages, and what a table or query page says beside its rows."""
    library: Library = datasette.panel_library
    book = library.by_name.get(database or "")
    path = request.path + (f"?{request.query_string}" if request.query_string else "") if request else "/"
    page = Frame(library, LANGUAGE.get(), path, book, style=style_address())
    return {
        "page": page,
        "book": book,
        "heading": partial(column_title, book, page.language),
        "whole_files": of_table(book.files, table.split("__")[0]) if book and table else (),
        "about": partial(about, book, page=page) if book else None,
        "parts_of": lambda table: [each for each in book.views if each.startswith(f"{table}__")] if book else [],
        "count_by": count_by(book, table, request) if book and table and request else (),
        "meant": partial(meant, book) if book else None,
        "today": datetime.now(UTC).date().isoformat(),
        "site_address": library.homepage or _laptop(request),
        "choice": partial(choice, book, page),
        "listing": partial(listing, book, page) if book else None,
        "saved": book.queries.get(_last_step(request)) if book and request else None,
        "fingerprint": fingerprint,
        "answer_body": answer_body,
        "answer_head": answer_head,
        "result_body": result_body,
        "label_of": partial(facet_label, library, page.language),
        "is_variable": partial(_is_variable, book),
        "most_rows": datasette.setting("max_returned_rows"),
    }


def _laptop(request: Any) -> str:
    """Address of a site that runs on this machine. Other hosts are not believed: pages are kept for the next visitor."""
    host = str(request.host) if request else ""
    return f"http://{host}" if host.partition(":")[0] in ("127.0.0.1", "localhost") else ""


def _last_step(request: Any) -> str:
    """The last step of the address, without an ending."""
    return str(request.path.rstrip("/").rpartition("/")[2].partition(".")[0])


def _is_variable(book: Book | None, column: str) -> bool:
    return book is not None and column in book.contents.variables


def facet_label(library: Library, language: str, book: Book | None, column: str, value: Any) -> str:
    """A value as a facet shows it: its code and label, or the reason's label."""
    labels = library.labels.get((book.name, language)) if book else None
    if value is None or value == "":
        return labels.no_value if labels else "–"
    found = labels.reasons if labels and column.endswith("__why") else labels.codes.get(column, {}) if labels else {}
    label = found.get(str(value))
    return f"{value} {label}" if label else str(value)


def count_by(book: Book, table: str, request: Any) -> list[tuple[str, str]]:
    """Columns with an index, by which a page counts quickly and does not count yet, and the address where it does."""
    if table not in book.survey_tables:
        return []
    asked = parse_qsl(request.query_string)
    columns = [str(field["name"]) for field in book.resources[table]["schema"]["fields"]]
    wanted = [("_facet", each) for each in indexed(columns, book.contents)]
    return [(each[1], f"{request.path}?{urlencode([*asked, each])}") for each in wanted if each not in asked]


def choice(book: Book | None, page: Frame, parameter: str, value: str) -> str:
    """A value that a saved query can be asked for, in words."""
    if book is None or not value:
        return page.w["every_wave"]
    row = (book.contents.waves if parameter == "wave" else book.contents.variables).get(value, {})
    label = page.t(row, "label")
    return f"{label} ({value})" if label else value


def column_title(book: Book | None, language: str, column: str) -> str:
    """What a column is called on the screen: the variable's label, else nothing."""
    row = book.contents.variables.get(column) if book else None
    return text(row, "label", language) if row else words(language).get(f"column_{column}", "")


def fingerprint(columns: Sequence[str], rows: Sequence[Any]) -> str:
    """SHA-256 of a result: a JSON array of the columns and then each row, no blanks, UTF-8."""
    content = [list(columns), *(list(row) for row in rows)]
    return sha256(json.dumps(content, ensure_ascii=False, separators=(",", ":"), default=repr).encode()).hexdigest()
