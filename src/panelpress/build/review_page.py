"""Writes the maintainers' review of value maps as one HTML page: a table a variable, its waves below one another.

Self-contained: nothing is loaded. It names declared codes and counts of rows, no person and no record; counts below k are not
printed. It stays in the work folder, because it shows how often every raw answer was given.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from panelpress.build.review import ReviewedVariable, ReviewedWave
from panelpress.model.small_counts import shown

_STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:76rem;margin:2rem auto;padding:0 1rem;color:#1b1b1b;background:#fff}"
    "table{border-collapse:collapse;margin:.5rem 0 1.5rem}td,th{padding:.2rem .6rem;border-bottom:1px solid #ccc;"
    "text-align:left;vertical-align:top}tbody{border-top:2px solid #888}.wide{overflow-x:auto}.note{color:#555}"
    "td.n{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}nav{columns:14rem}"
    "nav a{display:block}nav a,h1,h2,.note{overflow-wrap:anywhere}h2 small{font-weight:normal;color:#555}"
    "@media(max-width:40rem){body{margin:1rem auto}h1{font-size:1.5rem}h2{font-size:1.2rem}}"
)
_HEAD = ("wave", "raw column", "raw code", "its label", "becomes", "label", "reason", "rows")


def review_page(title: str, reviewed: Sequence[ReviewedVariable], k: int) -> str:
    """The page; counts of rows below ``k`` are printed as ``< k``."""
    links = "".join(f'<a href="#{_anchor(each)}">{escape(each.variable.id)}</a>' for each in reviewed)
    head = "".join(f'<th scope="col">{each}</th>' for each in _HEAD)
    body = "\n".join(_variable(each, head, k) for each in reviewed)
    heading = f"Value maps: {escape(title)}"
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{heading}</title><style>{_STYLE}</style></head><body><h1>{heading}</h1>"
        "<p>What the last build made of every declared raw code. Private: it counts answers. "
        f"Counts below {k} are not printed.</p><nav>{links}</nav>\n{body}</body></html>\n"
    )


def _anchor(each: ReviewedVariable) -> str:
    return escape(f"{each.study}-{each.variable.id}")


def _variable(each: ReviewedVariable, head: str, k: int) -> str:
    variable = each.variable
    waves = "\n".join(_wave(wave, k) for wave in each.waves)
    return (
        f'<h2 id="{_anchor(each)}">{escape(variable.id)} <small>{escape(variable.label.in_language())}</small></h2>'
        f'<p class="note">{escape(each.study)}, {escape(variable.type)}, {escape(variable.declared_in)}:{variable.line}</p>'
        f'<div class="wide" tabindex="0"><table><thead><tr>{head}</tr></thead>{waves}</table></div>'
    )


def _wave(wave: ReviewedWave, k: int) -> str:
    note = f'<tr><td colspan="{len(_HEAD) - 1}" class="note">{escape(wave.note)}</td></tr>' if wave.note else ""
    lines = [
        f"<td>{escape(wave.column)}</td><td>{escape(each.raw)}</td><td>{escape(each.raw_label)}</td><td>{escape(each.code)}</td>"
        f"<td>{escape(each.label)}</td><td>{escape(each.reason)}</td><td class=n>{escape(shown(each.n, k))}</td>"
        for each in wave.codes
    ]
    span = len(lines) + bool(note)
    first = f'<th scope="rowgroup" rowspan="{span}">{escape(wave.wave)}</th>'
    if not lines:
        return f"<tbody>{note.replace('<tr>', f'<tr>{first}', 1)}</tbody>"
    return f"<tbody><tr>{first}{'</tr><tr>'.join(lines)}</tr>{note}</tbody>"
