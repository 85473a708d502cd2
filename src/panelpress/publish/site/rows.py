"""Head and body of a table of rows, joined in one go: an async template awaits every cell, half the time of a wide page."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode

from markupsafe import Markup, escape

from panelpress.publish.site.frame import Frame
from panelpress.publish.site.labels import WHY
from panelpress.publish.site.library import Book

SORTED, TURNED = "_sort", "_sort_desc"
LINK = "Link"  # Datasette's name of the column that leads to a row
IDS = (LINK, "person_id", "record_id")


def answer_head(columns: Iterable[Mapping[str, Any]], page: Frame, book: Book | None, request: Any) -> Markup:
    """Column names: the label leads to the codebook, the name sorts by the column, and sorts it the other way the second time."""
    columns = list(columns)
    names = {column["name"] for column in columns}
    kept = [(key, value) for key, value in parse_qsl(request.query_string) if key not in (SORTED, TURNED, "_next")]
    cells = (_heading(column, page, book, request, kept) for column in columns if not is_told(column["name"], names))
    return Markup("<thead><tr>" + "".join(cells) + "</tr></thead>")  # every value was escaped


def _heading(column: Mapping[str, Any], page: Frame, book: Book | None, request: Any, kept: list[tuple[str, str]]) -> str:
    name = str(column["name"])
    if name == LINK:
        return f'<th scope="col">{escape(page.w["row"])}</th>'
    row = book.contents.variables.get(name) if book else None
    above = ""
    if book is not None and row is not None and (label := page.t(row, "label")):
        above = f'<a href="{escape(page.here(f"/codebook/{book.version}/{name}/"))}">{escape(label)}</a><br>'
    shown = f"<code>{escape(name)}</code>"
    if column["sortable"]:
        by, arrow = (TURNED, " ▼") if request.args.get(SORTED) == name else (SORTED, "")
        arrow = " ▲" if request.args.get(TURNED) == name else arrow
        address = page.here(f"{request.path}?{urlencode([*kept, (by, name)])}")
        shown = f'<a href="{escape(address)}" rel="nofollow">{shown}</a>{arrow}'
    return f'<th scope="col">{above}{shown}</th>'


def answer_body(rows: Iterable[Iterable[Mapping[str, Any]]], names: Collection[str]) -> Markup:
    """Rows of a table page. A reason stands in the cell that it explains, so its own column is left out (see ``is_told``)."""
    hidden = {name for name in names if is_told(name, names)}
    return _body((_cell(cell) for cell in row if cell["column"] not in hidden) for row in rows)


def result_body(rows: Iterable[Iterable[Any]]) -> Markup:
    """Rows of the result of a query, every column."""
    return _body((f"<td>{escape(value)}</td>" for value in row) for row in rows)


def is_told(name: str, names: Collection[str]) -> bool:
    """Whether ``name`` says why another column of ``names`` is empty."""
    return name.endswith(WHY) and name.removesuffix(WHY) in names


def _cell(cell: Mapping[str, Any]) -> str:
    """Ids are cut by the style, as nobody reads 32 letters; whoever copies the cell has them all."""
    mark = ' class="id"' if cell["column"] in IDS else ""
    return f"<td{mark}>{escape(cell['value'])}</td>"


def _body(rows: Iterable[Iterable[str]]) -> Markup:
    lines = ("<tr>" + "".join(row) + "</tr>\n" for row in rows)
    return Markup("<tbody>") + Markup("".join(lines)) + Markup("</tbody>")  # every value was escaped
