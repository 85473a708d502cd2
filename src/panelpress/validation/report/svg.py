"""The few shapes that the report's pictures are made of, as SVG text. Colours are CSS variables of the page, light and dark."""

from __future__ import annotations

from html import escape

WIDTH = 360
LABEL = 134
SMALL = "font-size='11'"


def text(x: float, y: float, content: str, *, anchor: str = "start", colour: str = "var(--ink)", size: str = SMALL) -> str:
    return f"<text x='{x:.1f}' y='{y:.1f}' {size} text-anchor='{anchor}' fill='{colour}'>{escape(content)}</text>"


def bar(x: float, y: float, width: float, height: float, colour: str, title: str = "") -> str:
    inner = f"<title>{escape(title)}</title>" if title else ""
    return f"<rect x='{x:.1f}' y='{y:.1f}' width='{max(width, 0):.1f}' height='{height:.1f}' fill='{colour}'>{inner}</rect>"


def line(x1: float, y1: float, x2: float, y2: float, colour: str = "var(--rule)", dash: str = "") -> str:
    style = f" stroke-dasharray='{dash}'" if dash else ""
    return f"<line x1='{x1:.1f}' y1='{y1:.1f}' x2='{x2:.1f}' y2='{y2:.1f}' stroke='{colour}'{style}/>"


def dot(x: float, y: float, colour: str, title: str = "") -> str:
    return f"<circle cx='{x:.1f}' cy='{y:.1f}' r='4.5' fill='{colour}'><title>{escape(title)}</title></circle>"


def shortened(label: str, longest: int = 18) -> str:
    """``label`` cut in its middle to fit the left margin, since names of variables differ at both ends; the full one is in the
    shape's title and in the tables."""
    if len(label) <= longest:
        return label
    end = longest // 3
    return f"{label[: longest - end - 1]}…{label[-end:]}"


def picture(height: float, parts: list[str], description: str) -> str:
    """A picture as wide as its column; ``description`` is read out to those who cannot see it."""
    return (
        f"<svg viewBox='0 0 {WIDTH} {height:.0f}' role='img' aria-label='{escape(description, quote=True)}'>"
        f"{''.join(parts)}</svg>"
    )
