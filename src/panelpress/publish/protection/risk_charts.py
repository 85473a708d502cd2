"""The pictures of the risk page, as SVG: what was lost by sample and key, what class sizes cost, what one coarser key spares."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import vl_convert

from panelpress.build.disclosure.frontier import Point
from panelpress.model.protection import ProtectionResult

_KEY_WIDTH, _ROW_HEIGHT, _PLOT_WIDTH = 64, 20, 320
_WHOLE = {"labelLimit": 0}  # of names: never cut off
_DARK = 0.5  # share from which numbers are white on blue


def cost_chart(result: ProtectionResult) -> str:
    """Share of answers lost, a row a sample and a column a key, with their numbers. Samples below the class size are left out."""
    values = [
        {"sample": cost.sample, "key": key.variable, "lost": key.lost}
        for cost in result.costs
        if cost.responses >= result.class_size
        for key in cost.keys
    ]
    keys = [key.variable for key in result.costs[0].keys]
    shade = {"domain": [0, 1], "range": ["#f4f8fc", "#08519c"]}
    number = {"condition": {"test": f"datum.lost > {_DARK}", "value": "#ffffff"}, "value": "#1b1b1b"}
    return _drawn(
        "Share of answers starred or withheld",
        values,
        width=_KEY_WIDTH * len(keys),
        height={"step": _ROW_HEIGHT},
        encoding={
            "x": _name("key", sort=keys, axis={"orient": "top", "labelAngle": -30, **_WHOLE}),
            "y": _name("sample", axis=_WHOLE),
        },
        layer=[
            {"mark": "rect", "encoding": {"color": {"field": "lost", "type": "quantitative", "scale": shade, "legend": None}}},
            {
                "mark": {"type": "text", "fontSize": 10},
                "encoding": {"text": {"field": "lost", "type": "quantitative", "format": ".0%"}, "color": number},
            },
        ],
    )


def frontier_chart(points: Sequence[Point]) -> str:
    """Loss of each key by class size, with all keys as declared."""
    values = [
        {"k": point.class_size, "key": key, "loss": loss}
        for point in points
        if point.coarser is None
        for key, loss in point.by_key
    ]
    loss = {"field": "loss", "type": "quantitative", "title": "mean loss (0 nothing, 1 all)", "scale": {"domain": [0, 1]}}
    return _drawn(
        "Loss of each key by class size",
        values,
        width=_PLOT_WIDTH,
        height=220,
        mark={"type": "line", "point": True},
        encoding={
            "x": {"field": "k", "type": "quantitative", "title": "class size"},
            "y": loss,
            "color": _name("key", legend=_WHOLE),
        },
    )


def gain_chart(found: Sequence[tuple[str, str, float]]) -> str:
    """``found`` as ``gains`` gives it: key, level, what it spares the others."""
    values = [{"key": f"{key}: {level}", "gain": gain} for key, level, gain in found]
    return _drawn(
        "What one key, no finer than this, spares the others",
        values,
        width=_PLOT_WIDTH,
        height={"step": 22},
        mark="bar",
        encoding={
            "x": {"field": "gain", "type": "quantitative", "title": "less mean loss of the other keys"},
            "y": _name("key", axis=_WHOLE),
        },
    )


def _name(field: str, **more: Any) -> dict[str, Any]:
    """The channel of a name, in the order in which names come."""
    return {"field": field, "type": "nominal", "title": None, "sort": None, **more}


def _drawn(title: str, values: Sequence[dict[str, Any]], **specification: Any) -> str:
    """The SVG of a Vega-Lite specification."""
    svg: str = vl_convert.vegalite_to_svg({"title": title, "data": {"values": list(values)}, **specification})
    return svg
