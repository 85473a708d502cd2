"""Pictures of the site as inline SVG: distributions by wave (drawn by the codebook's hand) and declared figures as bars.

Colours work on light and dark ground; each picture says its numbers to those who hear it, and a table stands beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from markupsafe import Markup

from panelpress.model.text import LocalText
from panelpress.publish.codebook.distributions import Share
from panelpress.publish.codebook.picture import percent, picture
from panelpress.publish.site.contents import Row
from panelpress.publish.site.frame import Frame

WIDTH, LABEL, LINE, BAR = 640, 250, 20, 13
COLOURS = ("#2f7fc1", "#c98500", "#0f9d76", "#b565a7", "#6b7280", "#d1572b")


@dataclass(frozen=True, slots=True)
class Drawn:
    """A distribution of one wave: its wave, its picture, its numbers."""

    wave: str
    label: str
    svg: Markup
    rows: Sequence[tuple[str, str, str, int, str]]


def pictures(rows: Sequence[Row], page: Frame) -> list[Drawn]:
    """One picture for each wave that has numbers, in the order of the waves."""
    by_wave: dict[str, list[Row]] = {}
    for row in rows:
        by_wave.setdefault(str(row["wave"]), []).append(row)
    order = list(page.book.contents.waves) if page.book else []
    found = []
    for wave in sorted(by_wave, key=lambda each: order.index(each) if each in order else len(order)):
        shares = [_share(row) for row in sorted(by_wave[wave], key=lambda row: (row["kind"] != "value", row["position"]))]
        label = page.t(page.book.contents.waves[wave], "label") if page.book and wave in page.book.contents.waves else wave
        numbers = [
            (each.kind, each.code, each.label.in_language(page.language) or each.code, each.n, percent(each.share, page.language))
            for each in shares
        ]
        found.append(Drawn(wave, label, Markup(picture(shares, label, page.language)), numbers))
    return found


def _share(row: Row) -> Share:
    label = LocalText({name[6:]: str(value) for name, value in row.items() if name.startswith("label_") and value is not None})
    return Share(
        row["variable"], row["study"], row["wave"], row["kind"], row["position"], row["code"], label, row["n"], row["share"]
    )


def chart(cells: Sequence[Row], page: Frame, title: str) -> Markup:
    """A figure as lying bars, one a cell; a mark stands where a document printed a value."""
    parts: list[str] = []
    heard: list[str] = []
    y = 4
    group = None
    for cell in sorted(cells, key=lambda row: (row["row"], row["series"])):
        row_label, series = page.t(cell, "row_label"), page.t(cell, "series_label")
        if series and cell["row"] != group:
            parts.append(f'<text x="0" y="{y + 13}" font-weight="600">{escape(row_label)}</text>')
            y += LINE
        group = cell["row"]
        label = series or row_label
        value = cell["value"]
        parts.append(f'<text x="{LABEL - 8}" y="{y + 12}" text-anchor="end">{escape(_short(label))}</text>')
        if value is not None:
            colour = COLOURS[int(cell["series"]) % len(COLOURS)]
            parts.append(f'<rect x="{LABEL}" y="{y}" width="{value * 3:.1f}" height="{BAR}" fill="{colour}"/>')
        shown = percent(value / 100, page.language) if value is not None else "–"
        printed = [float(each) for each in str(cell.get("printed") or "").split("|") if each]
        for each in printed:
            x = LABEL + each * 3
            parts.append(
                f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{y - 2}" y2="{y + BAR + 2}" stroke="currentColor" stroke-width="2.5"/>'
            )
        edge = LABEL + 3 * max([value or 0.0, *printed]) + 6
        parts.append(f'<text x="{edge:.1f}" y="{y + 12}">{escape(shown)}</text>')
        heard.append(f"{row_label} {series}: {shown}")
        y += LINE
    said = escape(f"{title}. {'; '.join(heard)}", quote=True)
    return Markup(
        f'<svg class="chart" viewBox="0 0 {WIDTH} {y + 4}" role="img" aria-label="{said}" font-size="13" fill="currentColor">'
        f"{''.join(parts)}</svg>"
    )


def _short(label: str) -> str:
    return label if len(label) <= 36 else label[:35] + "…"
