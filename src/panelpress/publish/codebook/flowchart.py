"""The way from delivered to kept rows of one wave as a picture: an SVG element without ids, scripts or links.

On the left what remains, on the right what each step left out and why; below, the responses of the release. It is drawn from
the table ``cleaning_flow`` of the release, so it tells rounded counts and nothing else.
"""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import duckdb

from panelpress.model.release import Edition
from panelpress.publish.codebook.words import words
from panelpress.publish.tables.flow import FLOW

LEFT, RIGHT, MIDDLE = 196, 400, 44
LINE, PAD, GAP = 17, 9, 14
LETTERS = 54
KEPT, GONE = "#3b7dbd", "#8c8c8c"
Step = Mapping[str, Any]


def flow_steps(edition: Edition, rows: duckdb.DuckDBPyConnection) -> dict[str, list[Step]]:
    """Steps by wave, in order; nothing where the edition has no such table."""
    found: dict[str, list[Step]] = {}
    if any(table.name == FLOW for table in edition.tables):
        result = rows.sql(f"SELECT * FROM {FLOW} ORDER BY study, wave, position")
        for row in result.fetchall():
            step = dict(zip(result.columns, row, strict=True))
            found.setdefault(str(step["wave"]), []).append(step)
    return found


def flow_chart(steps: Sequence[Step], kept: int, title: str, language: str) -> str:
    """One ``<svg>`` element. ``steps`` are those of one wave, the first what was delivered; ``kept`` its published responses."""
    said = words(language)
    first, *others = steps
    parts: list[str] = []
    y = _box(parts, 1, 1, LEFT, (said["delivered"], f"≈ {first['before']}"), KEPT)
    for step in others:
        top = y + GAP
        told = f"{said['excluded']}: {step['excluded']}"
        below = _box(parts, LEFT + MIDDLE, top, RIGHT, (told, *textwrap.wrap(reason(step, language), LETTERS)), GONE)
        middle = (top + below) / 2
        parts.append(_path(f"M{LEFT / 2:g} {y} V{below}"))
        parts.append(_path(f"M{LEFT / 2:g} {middle:g} H{LEFT + MIDDLE - 2} m-6 -4 l6 4 l-6 4"))
        y = below
    end = y + GAP + 8
    parts.append(_path(f"M{LEFT / 2:g} {y} V{end - 2} m-4 -6 l4 6 l4 -6"))
    y = _box(parts, 1, end, LEFT, (said["kept"], str(kept)), KEPT)
    heard = "; ".join(
        [f"{said['delivered']} ≈ {first['before']}", *(_heard(step, language) for step in others), f"{said['kept']} {kept}"]
    )
    return (
        f'<svg class="flow" viewBox="0 0 {LEFT + MIDDLE + RIGHT + 2} {y + 2}" role="img" '
        f'aria-label="{escape(f"{title}. {heard}", quote=True)}" font-size="13" fill="currentColor">{"".join(parts)}</svg>'
    )


def reason(step: Step, language: str) -> str:
    """Why the step left rows out, in ``language``, else in English."""
    return str(step.get(f"reason_{language}") or step.get("reason_en") or step["rule"])


def _heard(step: Step, language: str) -> str:
    return f"{reason(step, language)} {words(language)['excluded']} {step['excluded']}"


def _box(parts: list[str], x: int, y: int, width: int, lines: Sequence[str], colour: str) -> int:
    """Draws a box with its ``lines``, the first in bold; returns its lower edge."""
    high = LINE * len(lines) + 2 * PAD - 4
    parts.append(f'<rect x="{x}" y="{y}" width="{width}" height="{high}" rx="5" fill="none" stroke="{colour}" stroke-width="2"/>')
    for number, line in enumerate(lines):
        weight = ' font-weight="700"' if number == 0 else ""
        parts.append(f'<text x="{x + 10}" y="{y + PAD + 11 + LINE * number}"{weight}>{escape(line)}</text>')
    return y + high


def _path(way: str) -> str:
    return f'<path d="{way}" fill="none" stroke="currentColor"/>'
