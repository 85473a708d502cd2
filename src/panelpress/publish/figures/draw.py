"""Draws the cells of a figure with Vega-Lite to SVG and PNG, 800 pixels wide.

The font is the one that the renderer brings along (Liberation Sans), so that pictures do not depend on the machine. Colours are
those of M. Okabe and K. Ito, which people with every common kind of colour blindness tell apart; ordered answers get a ramp of
one hue that also falls in lightness. No value label may cover another, or a point: each is moved to where there is room.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count
from typing import Any

import altair as alt
import vl_convert

from panelpress.model.figure import Figure, FigureCell
from panelpress.publish.figures.caption import Words

FONT = "Liberation Sans"
WIDTH = 800
COLOURS = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00")
RAMP = ("#d9e6f2", "#9dc3e0", "#5a9bc8", "#1f6fa8", "#08406f", "#04233d")
GREY, INK, QUIET = "#9a9a9a", "#1a1a1a", "#555555"
BAR, GAP = 20, 16
# A legend with more letters than this would run out of the picture; it then takes two columns.
LEGEND_LETTERS = 105
# Labels of one place stand at least this many points of the axis (12 pixels) from each other and from points not their own.
APART = 3.5
LIFT = 3.8
# Segments from this one on are dark enough for white letters: at least 4.5 to 1.
DARK = 3
HEAD = 1.2
# Altair declares the results of its calls as unions that no strict checker can follow.
Drawing = Any


def draw(figure: Figure, cells: Sequence[FigureCell], said: Words, language: str) -> tuple[str, bytes]:
    """SVG text and PNG bytes of the figure. The same cells and words give the same bytes."""
    data = [_row(cell, language) for cell in cells]
    chart = {"bars": _bars, "stacked": _stacked, "lines": _lines}[figure.chart](data, said)
    # every figure is looked at; Altair's own check of the specification would take a third of the time
    specification = _styled(chart, said).to_json(validate=False)
    svg = vl_convert.vegalite_to_svg(specification)
    return svg, vl_convert.svg_to_png(svg, scale=1)


def _row(cell: FigureCell, language: str) -> dict[str, Any]:
    printed = cell.printed[-1] if cell.printed else None
    reach = max([cell.value or 0.0, *cell.printed])
    return {
        "row": cell.row_label.in_language(language),
        "series": cell.series_label.in_language(language),
        "row_at": cell.row,
        "series_at": cell.series,
        "value": cell.value,
        "label": f"{cell.value:.0f}" if cell.value is not None else "" if cell.source == "benchmark" else "–",
        "printed": printed,
        "printed_low": cell.printed[0] if cell.printed else None,
        "printed_from_here": list(cell.printed_from_here),
        "reach": reach + HEAD,
        "benchmark": cell.source == "benchmark",
    }


def _order(data: Sequence[dict[str, Any]], name: str) -> list[str]:
    return list(dict.fromkeys(each[name] for each in sorted(data, key=lambda each: int(each[f"{name}_at"]))))


def _legend(series: Sequence[str]) -> alt.Legend | None:
    if len(series) < 2:
        return None
    columns = 2 if sum(len(name) + 5 for name in series) > LEGEND_LETTERS else len(series)
    return alt.Legend(orient="top", title=None, direction="horizontal", labelLimit=360, columns=columns)


def _colours(data: Sequence[dict[str, Any]], series: Sequence[str]) -> list[str]:
    """A colour a series; a series of benchmarks alone is grey."""
    taken = iter(COLOURS)
    foreign = {each["series"] for each in data if each["benchmark"]} - {
        each["series"] for each in data if not each["benchmark"] and each["value"] is not None
    }
    return [GREY if name in foreign else next(taken) for name in series]


def _bars(data: list[dict[str, Any]], said: Words) -> Drawing:
    rows, series = _order(data, "row"), _order(data, "series")
    y = alt.Y(
        "row:N",
        sort=rows,
        title=None,
        scale=alt.Scale(paddingInner=0.25),
        axis=alt.Axis(labelLimit=280, domain=False, ticks=False, labelPadding=6),
    )
    place: dict[str, Any] = {"y": y}
    if len(series) > 1:
        place["yOffset"] = alt.YOffset("series:N", sort=series)
    x = alt.X("value:Q", title=said.share, scale=alt.Scale(domain=[0, 100]), axis=alt.Axis(values=list(range(0, 101, 20))))
    colour: Any = alt.Color("series:N", scale=alt.Scale(domain=series, range=_colours(data, series)), legend=_legend(series))
    if len(series) == 1:
        colour = alt.condition("datum.benchmark", alt.value(GREY), alt.value(COLOURS[0]))
    base = alt.Chart({"values": data})
    bars = base.mark_bar().encode(x=x, color=colour, **place)
    marks = _printed(base).encode(x=alt.X("printed:Q"), **place)
    lower = _printed(base).encode(x=alt.X("printed_low:Q"), **place)
    halo, labels = _labels(base, align="left", dx=5, x=alt.X("reach:Q"), **place)
    bar_rows = len(rows) * len(series)
    # The halo hides lines of the grid and lies below the bars, into which it would bite.
    return alt.layer(halo, bars, lower, marks, labels).properties(height=bar_rows * BAR + len(rows) * GAP)


def _labels(base: Drawing, *, align: str, dx: int, **place: Drawing) -> tuple[Drawing, Drawing]:
    """White halos that keep lines out of the letters of the value labels of ``base``, and the labels."""
    told = {**place, "text": alt.Text("label:N")}
    font = {"align": align, "dx": dx, "font": FONT, "fontSize": 12}
    halo = base.mark_text(stroke="white", strokeWidth=4, **font)
    return halo.encode(**told), base.mark_text(color=INK, **font).encode(**told)


def _printed(base: Drawing) -> Drawing:
    return base.transform_filter("isValid(datum.printed)").mark_point(
        shape="diamond", size=60, filled=True, fill="white", stroke=INK, strokeWidth=1.4, opacity=1
    )


def _stacked(data: list[dict[str, Any]], said: Words) -> Drawing:
    rows, series = _order(data, "row"), _order(data, "series")
    ramp = RAMP[: len(series)]
    for each in data:
        each["dark"] = each["series_at"] >= DARK
        before = [other["value"] or 0 for other in data if other["row"] == each["row"] and other["series_at"] < each["series_at"]]
        each["start"], each["end"] = sum(before), sum(before) + (each["value"] or 0)
        each["middle"] = (each["start"] + each["end"]) / 2
        each["label"] = each["label"] if (each["value"] or 0) >= 5 else ""
    y = alt.Y("row:N", sort=rows, title=None, axis=alt.Axis(labelLimit=220, domain=False, ticks=False, labelPadding=6))
    base = alt.Chart({"values": data})
    colour = alt.Color("series:N", sort=series, scale=alt.Scale(domain=series, range=list(ramp)), legend=_legend(series))
    whole = {each["row"]: each["end"] for each in data}
    marked = [{"row": each["row"], "printed": whole[each["row"]] - one} for each in data for one in each["printed_from_here"]]
    end = max((each["end"] for each in data), default=100)
    x = alt.X(
        "start:Q", title=said.share, scale=alt.Scale(domain=[0, max(100, end)]), axis=alt.Axis(values=list(range(0, 101, 20)))
    )
    bars = base.mark_bar(stroke="white", strokeWidth=1).encode(x=x, x2="end:Q", y=y, color=colour)
    labels = base.mark_text(font=FONT, fontSize=12).encode(
        x="middle:Q", y=y, text="label:N", color=alt.condition("datum.dark", alt.value("white"), alt.value(INK))
    )
    marks = _printed(alt.Chart({"values": marked})).encode(x=alt.X("printed:Q"), y=y)
    return alt.layer(bars, labels, marks).properties(height=len(rows) * 56)


def _lines(data: list[dict[str, Any]], said: Words) -> Drawing:
    rows, series = _order(data, "row"), _order(data, "series")
    _place_labels(data)
    base = alt.Chart({"values": data})
    x = alt.X("row:N", sort=rows, title=None, scale=alt.Scale(padding=0.5), axis=alt.Axis(labelAngle=0, labelLimit=240))
    y = alt.Y("value:Q", title=said.share, scale=alt.Scale(domain=[0, 100]), axis=alt.Axis(values=list(range(0, 101, 20))))
    colour = alt.Color("series:N", scale=alt.Scale(domain=series, range=_colours(data, series)), legend=_legend(series))
    shape = alt.Shape("series:N", scale=alt.Scale(domain=series), legend=_legend(series))
    lines = base.mark_line(strokeWidth=2.5).encode(x=x, y=y, color=colour)
    points = base.mark_point(size=55, filled=True, opacity=1).encode(x=x, y=y, color=colour, shape=shape)
    marks = _printed(base).encode(x=x, y=alt.Y("printed:Q"))
    lower = _printed(base).encode(x=x, y=alt.Y("printed_low:Q"))
    labels = _labels(base, align="center", dx=0, x=x, y=alt.Y("label_at:Q"))
    return alt.layer(lines, points, lower, marks, *labels).properties(height=340)


def _place_labels(data: list[dict[str, Any]]) -> None:
    """Gives each label of a wave a height of its own: above its point, else below, else further away, where neither another
    point nor a label that already has its place is nearer than ``APART``."""
    for row in {each["row"] for each in data}:
        points = [each for each in data if each["row"] == row and each["value"] is not None]
        for each in sorted(points, key=lambda one: -one["value"]):
            others = [one["value"] for one in points if one is not each]
            others += [one["label_at"] for one in points if "label_at" in one]
            heights = (each["value"] + side * step * LIFT for step in count(1) for side in (1, -1))
            each["label_at"] = next(at for at in heights if all(abs(at - other) >= APART for other in others))


def _styled(chart: Drawing, said: Words) -> Drawing:
    title = alt.TitleParams(
        text=list(said.title), subtitle=list(said.caption), anchor="start", frame="bounds", font=FONT, fontSize=16,
        fontWeight="bold",
        subtitleFont=FONT, subtitleFontSize=12, subtitleColor=QUIET, subtitlePadding=6, offset=14, color=INK,
    )  # fmt: skip
    return (
        chart.properties(width=WIDTH, title=title, autosize=alt.AutoSizeParams(type="fit-x", contains="padding"), padding=12)
        .configure(font=FONT, background="white")
        .configure_axis(
            labelFontSize=12, titleFontSize=12, labelColor=INK, titleColor=QUIET, gridColor="#e6e6e6", titleFontWeight="normal"
        )
        .configure_legend(labelFontSize=12, symbolSize=90)
        .configure_view(stroke=None)
    )
