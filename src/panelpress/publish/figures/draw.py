"""Draws the cells of a figure with Vega-Lite to SVG and PNG, 800 pixels wide.

The font is the one that the renderer brings along (Liberation Sans), so that pictures do not depend on the machine. Colours are
those of M. Okabe and K. Ito, which people with every common kind of colour blindness tell apart; ordered answers get a ramp of
one hue that also falls in lightness. No value label may cover another, or a point: each is moved to where there is room.

The specification is written as the JSON that Vega-Lite documents: built through Altair's classes it cost as much as the drawing.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import count
from typing import Any

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
# The renderer brings several versions of Vega-Lite along; another could draw other bytes.
VEGA_LITE = "6.4"
# Ticks of the axis of percents.
TENS = list(range(0, 101, 20))
# A part of a Vega-Lite specification.
Part = dict[str, Any]


def draw(figure: Figure, cells: Sequence[FigureCell], said: Words, language: str) -> tuple[str, bytes]:
    """SVG text and PNG bytes of the figure. The same cells and words give the same bytes."""
    data = [_row(cell, language) for cell in cells]
    chart = {"bars": _bars, "stacked": _stacked, "lines": _lines}[figure.chart](data, said)
    svg = vl_convert.vegalite_to_svg(json.dumps({**chart, **_style(said)}), vl_version=VEGA_LITE)
    return svg, vl_convert.svg_to_png(svg, scale=1)


def _row(cell: FigureCell, language: str) -> Part:
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


def _order(data: Sequence[Part], name: str) -> list[str]:
    return list(dict.fromkeys(each[name] for each in sorted(data, key=lambda each: int(each[f"{name}_at"]))))


def _legend(series: Sequence[str]) -> Part | None:
    if len(series) < 2:
        return None
    columns = 2 if sum(len(name) + 5 for name in series) > LEGEND_LETTERS else len(series)
    return {"orient": "top", "title": None, "direction": "horizontal", "labelLimit": 360, "columns": columns}


def _colours(data: Sequence[Part], series: Sequence[str]) -> list[str]:
    """A colour a series; a series of benchmarks alone is grey."""
    taken = iter(COLOURS)
    foreign = {each["series"] for each in data if each["benchmark"]} - {
        each["series"] for each in data if not each["benchmark"] and each["value"] is not None
    }
    return [GREY if name in foreign else next(taken) for name in series]


def _bars(data: list[Part], said: Words) -> Part:
    rows, series = _order(data, "row"), _order(data, "series")
    axis = {"labelLimit": 280, "domain": False, "ticks": False, "labelPadding": 6}
    place: Part = {"y": {**_nominal("row"), "sort": rows, "title": None, "scale": {"paddingInner": 0.25}, "axis": axis}}
    if len(series) > 1:
        place["yOffset"] = {**_nominal("series"), "sort": series}
        colour = {**_nominal("series"), "scale": {"domain": series, "range": _colours(data, series)}, "legend": _legend(series)}
    else:
        colour = {"condition": {"test": "datum.benchmark", "value": GREY}, "value": COLOURS[0]}
    bars = _layer({"type": "bar"}, x=_percent("value", said), color=colour, **place)
    marks = _printed(x=_number("printed"), **place)
    lower = _printed(x=_number("printed_low"), **place)
    halo, labels = _labels("left", 5, x=_number("reach"), **place)
    height = len(rows) * len(series) * BAR + len(rows) * GAP
    # The halo hides lines of the grid and lies below the bars, into which it would bite.
    return {"data": {"values": data}, "layer": [halo, bars, lower, marks, labels], "height": height}


def _stacked(data: list[Part], said: Words) -> Part:
    rows, series = _order(data, "row"), _order(data, "series")
    for each in data:
        each["dark"] = each["series_at"] >= DARK
        before = [other["value"] or 0 for other in data if other["row"] == each["row"] and other["series_at"] < each["series_at"]]
        each["start"], each["end"] = sum(before), sum(before) + (each["value"] or 0)
        each["middle"] = (each["start"] + each["end"]) / 2
        each["label"] = each["label"] if (each["value"] or 0) >= 5 else ""
    axis = {"labelLimit": 220, "domain": False, "ticks": False, "labelPadding": 6}
    y = {**_nominal("row"), "sort": rows, "title": None, "axis": axis}
    scale = {"domain": series, "range": RAMP[: len(series)]}
    colour = {**_nominal("series"), "sort": series, "scale": scale, "legend": _legend(series)}
    end = max((each["end"] for each in data), default=100)
    x = {**_percent("start", said), "scale": {"domain": [0, max(100, end)]}}
    bars = _layer({"type": "bar", "stroke": "white", "strokeWidth": 1}, x=x, x2={"field": "end"}, y=y, color=colour)
    letters = {"condition": {"test": "datum.dark", "value": "white"}, "value": INK}
    told = {"type": "text", "font": FONT, "fontSize": 12}
    labels = _layer(told, x=_number("middle"), y=y, text=_nominal("label"), color=letters)
    whole = {each["row"]: each["end"] for each in data}
    marked = [{"row": each["row"], "printed": whole[each["row"]] - one} for each in data for one in each["printed_from_here"]]
    marks = {**_printed(x=_number("printed"), y=y), "data": {"values": marked}}
    return {"data": {"values": data}, "layer": [bars, labels, marks], "height": len(rows) * 56}


def _lines(data: list[Part], said: Words) -> Part:
    rows, series = _order(data, "row"), _order(data, "series")
    _place_labels(data)
    axis = {"labelAngle": 0, "labelLimit": 240}
    x = {**_nominal("row"), "sort": rows, "title": None, "scale": {"padding": 0.5}, "axis": axis}
    y = _percent("value", said)
    colour = {**_nominal("series"), "scale": {"domain": series, "range": _colours(data, series)}, "legend": _legend(series)}
    shape = {**_nominal("series"), "scale": {"domain": series}, "legend": _legend(series)}
    lines = _layer({"type": "line", "strokeWidth": 2.5}, x=x, y=y, color=colour)
    points = _layer({"type": "point", "size": 55, "filled": True, "opacity": 1}, x=x, y=y, color=colour, shape=shape)
    marks = _printed(x=x, y=_number("printed"))
    lower = _printed(x=x, y=_number("printed_low"))
    labels = _labels("center", 0, x=x, y=_number("label_at"))
    return {"data": {"values": data}, "layer": [lines, points, lower, marks, *labels], "height": 340}


def _layer(mark: Part, **encoding: Part) -> Part:
    return {"mark": mark, "encoding": encoding}


def _nominal(field: str) -> Part:
    return {"field": field, "type": "nominal"}


def _number(field: str) -> Part:
    return {"field": field, "type": "quantitative"}


def _percent(field: str, said: Words) -> Part:
    return {**_number(field), "title": said.share, "scale": {"domain": [0, 100]}, "axis": {"values": TENS}}


def _labels(align: str, dx: int, **place: Part) -> tuple[Part, Part]:
    """White halos that keep lines out of the letters of the value labels, and the labels."""
    font = {"type": "text", "align": align, "dx": dx, "font": FONT, "fontSize": 12}
    text = _nominal("label")
    return _layer({**font, "stroke": "white", "strokeWidth": 4}, text=text, **place), _layer(
        {**font, "color": INK}, text=text, **place
    )


def _printed(**place: Part) -> Part:
    """Diamonds at values that documents print."""
    mark = {"type": "point", "shape": "diamond", "size": 60, "filled": True, "fill": "white", "stroke": INK, "strokeWidth": 1.4}
    return {"transform": [{"filter": "isValid(datum.printed)"}], **_layer({**mark, "opacity": 1}, **place)}


def _place_labels(data: list[Part]) -> None:
    """Gives each label of a wave a height of its own: above its point, else below, else further away, where neither another
    point nor a label that already has its place is nearer than ``APART``."""
    for row in {each["row"] for each in data}:
        points = [each for each in data if each["row"] == row and each["value"] is not None]
        for each in sorted(points, key=lambda one: -one["value"]):
            others = [one["value"] for one in points if one is not each]
            others += [one["label_at"] for one in points if "label_at" in one]
            heights = (each["value"] + side * step * LIFT for step in count(1) for side in (1, -1))
            each["label_at"] = next(at for at in heights if all(abs(at - other) >= APART for other in others))


def _style(said: Words) -> Part:
    title = {
        "text": said.title, "subtitle": said.caption, "anchor": "start", "frame": "bounds", "font": FONT, "fontSize": 16,
        "fontWeight": "bold", "color": INK, "offset": 14,
        "subtitleFont": FONT, "subtitleFontSize": 12, "subtitleColor": QUIET, "subtitlePadding": 6,
    }  # fmt: skip
    axis = {
        "labelFontSize": 12, "titleFontSize": 12, "labelColor": INK, "titleColor": QUIET, "gridColor": "#e6e6e6",
        "titleFontWeight": "normal",
    }  # fmt: skip
    legend = {"labelFontSize": 12, "symbolSize": 90}
    return {
        "width": WIDTH,
        "padding": 12,
        "autosize": {"type": "fit-x", "contains": "padding"},
        "title": title,
        "config": {"font": FONT, "background": "white", "axis": axis, "legend": legend, "view": {"stroke": None}},
    }
