"""The distribution of one variable in one wave as a picture: an SVG element without ids, scripts or links.

Bars lie for code lists and few values, and stand for classes of numbers or time. Missing reasons come apart below, in
grey, because they are no answers. Colours work on light and dark ground; text takes the colour of the page around it.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from functools import cache
from html import escape

from panelpress.publish.codebook.distributions import Share
from panelpress.publish.codebook.words import words

WIDTH = 400
LABEL = 168
BAR = 170
LINE = 14
GAP = 6
LETTERS = 22  # wide Cyrillic letters of 12 px still fit into LABEL
MOST_LYING = 16
HEIGHT = 120
VALUE = "#3b7dbd"
REASON = "#8c8c8c"


def picture(distribution: Sequence[Share], title: str, language: str) -> str:
    """One ``<svg>`` element. ``distribution`` is of one variable and wave; ``title`` says which, for readers who hear it."""
    values = [each for each in distribution if each.kind == "value"]
    reasons = [each for each in distribution if each.kind == "reason"]
    standing = len(values) > MOST_LYING and values[0].code.startswith(("[", "1", "2"))
    parts: list[str] = []
    y = 4
    if values and standing:
        y = _columns(parts, values, y, language)
    elif values:
        y = _lying(parts, values, y, VALUE, language)
    if reasons:
        if values:
            parts.append(f'<line x1="0" x2="{WIDTH}" y1="{y}" y2="{y}" stroke="currentColor" stroke-opacity="0.3"/>')
            y += GAP
        y = _lying(parts, reasons, y, REASON, language)
    said = escape(f"{title}. {_heard(distribution, language)}", quote=True)
    return (
        f'<svg class="distribution" viewBox="0 0 {WIDTH} {y + 2}" role="img" aria-label="{said}" '
        f'font-size="12" fill="currentColor">{"".join(parts)}</svg>'
    )


def percent(share: float | None, language: str) -> str:
    """``12.3 %`` with the decimal sign of the language; a dash where there is no base."""
    if share is None:
        return "–"
    text = f"{share * 100:.1f}"
    return (text.replace(".", ",") if language == "ru" else text) + " %"


@cache
def _wrapped(text: str) -> tuple[str, ...]:
    """At most two lines; the whole text is the tooltip where that cuts it, and stands in the table beside the picture."""
    return tuple(textwrap.wrap(text, LETTERS, max_lines=2, placeholder=" …"))


def _lying(parts: list[str], shown: Sequence[Share], y: int, colour: str, language: str) -> int:
    for each in shown:
        text = each.label.in_language(language) or each.code
        lines = _wrapped(text) or (each.code,)
        height = LINE * len(lines)
        for number, line in enumerate(lines):
            whole = f"<title>{escape(text)}</title>" if number == 0 and "…" in "".join(lines) else ""
            parts.append(f'<text x="{LABEL}" y="{y + LINE * number + 11}" text-anchor="end">{whole}{escape(line)}</text>')
        middle = y + height / 2
        width = round((each.share or 0) * BAR, 1)
        parts.append(f'<rect x="{LABEL + 6}" y="{middle - 5:g}" width="{width:g}" height="10" fill="{colour}"/>')
        at = LABEL + 6 + width + 4
        parts.append(f'<text x="{at:g}" y="{middle + 4:g}">{percent(each.share, language)}</text>')
        y += height + GAP
    return y


def _columns(parts: list[str], shown: Sequence[Share], y: int, language: str) -> int:
    highest = max((each.share or 0) for each in shown) or 1
    step = WIDTH / len(shown)
    for number, each in enumerate(shown):
        height = round((each.share or 0) / highest * HEIGHT, 1)
        said = f"{each.code}: {percent(each.share, language)}"
        parts.append(
            f'<rect x="{number * step:.1f}" y="{y + HEIGHT - height:g}" width="{step * 0.88:.1f}" height="{height:g}" '
            f'fill="{VALUE}"><title>{escape(said)}</title></rect>'
        )
    below = y + HEIGHT + 13
    last = shown[-1].code.strip("[)")
    parts.append(f'<text x="0" y="{below}">{escape(shown[0].code.strip("[").partition(",")[0])}</text>')
    parts.append(f'<text x="{WIDTH}" y="{below}" text-anchor="end">{escape(last.rpartition(",")[2] or last)}</text>')
    return below + GAP


def _heard(distribution: Sequence[Share], language: str) -> str:
    """The three most frequent values and all reasons, as a sentence for a screen reader."""
    values = sorted((each for each in distribution if each.kind == "value"), key=lambda each: -each.n)[:3]
    reasons = [each for each in distribution if each.kind == "reason"]
    told = [f"{each.label.in_language(language) or each.code} {percent(each.share, language)}" for each in values]
    if reasons:
        n = sum(each.n for each in reasons)
        told.append(f"{words(language)['missing']}: {n}")
    return "; ".join(told)
