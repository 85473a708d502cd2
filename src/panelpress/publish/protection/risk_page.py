"""One page about the protection of respondents: what was recoded and starred, why, what it cost, and what else would cost.

Self-contained HTML: pictures are SVG made with Altair, nothing is loaded. It holds shares and counts of at least the class
size, no cell and no person; it is private all the same, because it speaks of what was taken out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import vl_convert

from panelpress.build.disclosure.frontier import Point, best_gain
from panelpress.model.protection import ProtectionResult

_STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:64rem;margin:2rem auto;padding:0 1rem;color:#1b1b1b;background:#fff}"
    "table{border-collapse:collapse;margin:1rem 0}td,th{padding:.25rem .6rem;border-bottom:1px solid #ccc;text-align:left}"
    "td.n{text-align:right;font-variant-numeric:tabular-nums}.no{color:#a40000}.go{color:#1a6b1a}"
    ".wide{overflow-x:auto}figure{margin:0}figure svg{min-width:30rem;max-width:100%;height:auto}h1,h2{overflow-wrap:anywhere}"
    "@media(max-width:40rem){body{margin:1rem auto}h1{font-size:1.5rem}h2{font-size:1.2rem}}"
)


def risk_page(title: str, results: Sequence[ProtectionResult], points: Mapping[tuple[str, str], Sequence[Point]]) -> str:
    """The page. ``points`` are the frontier by (study, tier)."""
    parts = [f"<h1>Disclosure risk: {escape(title)}</h1>", _summary(results)]
    for result in results:
        parts += [_study(result), _frontier(points.get((result.study, result.tier), ()))]
    body = "\n".join(parts)
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><title>Disclosure risk: {escape(title)}</title>'
        f"<style>{_STYLE}</style></head><body>{body}</body></html>\n"
    )


def _table(head: Sequence[str], lines: Sequence[Sequence[str]]) -> str:
    """A table that scrolls on its own where the page is narrow; numbers stand to the right."""
    top = "".join(f"<th>{escape(each)}</th>" for each in head)
    rows = "".join(
        "<tr>" + "".join(f"<td{' class=n' if each[:1].isdigit() else ''}>{escape(each)}</td>" for each in line) + "</tr>"
        for line in lines
    )
    return f'<div class="wide"><table><thead><tr>{top}</tr></thead><tbody>{rows}</tbody></table></div>'


def _summary(results: Sequence[ProtectionResult]) -> str:
    lines = [
        [
            each.study,
            each.tier,
            "go" if each.go else "NO-GO",
            str(each.class_size),
            str(each.smallest_class or "-"),
            str(each.smallest_joint_class or "-"),
            f"{each.responses_withheld / each.responses:.1%}" if each.responses else "-",
        ]
        for each in results
    ]
    head = ("study", "tier", "verdict", "class size asked", "smallest class", "with earlier releases", "responses withheld")
    return _table(head, lines)


def _study(result: ProtectionResult) -> str:
    parts = [f"<h2>{escape(result.study)}, {escape(result.tier)} tier</h2>"]
    parts.append(
        f"<p>k {result.k} and a greatest risk of {result.max_risk:g} ask for classes of {result.class_size} persons who share "
        "exactly the same linked history: waves, values and reasons of every key.</p>"
    )
    parts += [f'<p class="no">NO-GO: {escape(each)}</p>' for each in result.refusals]
    recoded = [[key, ", ".join(result.levels[key])] for key in result.keys]
    parts += ["<h3>What is published of each key</h3>", _table(("key", "levels in use"), recoded)]
    searched = [
        [each.stratum, *(each.levels.get(key, "-") for key in result.keys), "proven" if each.optimal else "stopped early"]
        for each in result.searches
    ]
    parts.append(_table(("stratum", *result.keys, "recoding search"), searched))
    if result.costs:
        parts += ["<h3>What it cost, by sample</h3>", _picture(_cost_chart(result))]
        lines = [
            [each.sample, f"{each.starred:.1%}", f"{each.ncp:.3f}", *(f"{key.lost:.1%}" for key in each.keys)]
            for each in result.costs
            if each.responses >= result.class_size
        ]
        keys = [f"{key.variable} lost" for key in result.costs[0].keys]
        parts.append(_table(("sample", "cells starred", "mean loss", *keys), lines))
    left = [[variable, why] for variable, why in result.left_out.items() if not why.startswith("tier ")]
    if left:
        parts += ["<h3>Left out to keep what was coarsened</h3>", _table(("variable", "why"), left)]
    return "\n".join(parts)


def _frontier(points: Sequence[Point]) -> str:
    if not points:
        return ""
    all_keys = [point for point in points if point.without is None]
    fewer = [point for point in points if point.without is not None]
    parts = ["<h3>What other demands would cost</h3>", _picture(_frontier_chart(all_keys))]
    parts.append(
        _table(
            ("class size", "key given up", "keys published", "mean loss, what is given up included", "cells lost"),
            [
                [str(each.class_size), each.without or "none", str(len(each.keys)), f"{each.ncp:.3f}", f"{each.starred:.1%}"]
                for each in (*all_keys, *fewer)
            ],
        )
    )
    gain = best_gain(points)
    if gain and gain[1] > 0:
        parts.append(
            f"<p><strong>To gain most, coarsen <code>{escape(gain[0])}</code></strong>: without it the other keys would lose "
            f"{gain[1]:.3f} less on average.</p>"
        )
    return "\n".join(parts)


def _cost_chart(result: ProtectionResult) -> dict[str, Any]:
    values = [
        {"sample": cost.sample, "key": key.variable, "lost": key.lost}
        for cost in result.costs
        if cost.responses >= result.class_size
        for key in cost.keys
    ]
    scale = {"domain": [0, 1], "scheme": "blues"}
    return {
        "title": "Share of answers starred or withheld",
        "width": 420,
        "data": {"values": values},
        "mark": "rect",
        "encoding": {
            "x": {"field": "key", "type": "nominal", "title": None},
            "y": {"field": "sample", "type": "nominal", "title": None, "sort": None},
            "color": {"field": "lost", "type": "quantitative", "title": "share lost", "scale": scale},
        },
    }


def _frontier_chart(points: Sequence[Point]) -> dict[str, Any]:
    values = [{"k": point.class_size, "key": key, "loss": loss} for point in points for key, loss in point.by_key]
    loss = {"field": "loss", "type": "quantitative", "title": "mean loss (0 nothing, 1 all)", "scale": {"domain": [0, 1]}}
    return {
        "title": "Loss of each key by class size",
        "width": 420,
        "height": 240,
        "data": {"values": values},
        "mark": {"type": "line", "point": True},
        "encoding": {
            "x": {"field": "k", "type": "quantitative", "title": "class size"},
            "y": loss,
            "color": {"field": "key", "type": "nominal", "title": None},
        },
    }


def _picture(chart: dict[str, Any]) -> str:
    """A Vega-Lite specification, drawn."""
    svg: str = vl_convert.vegalite_to_svg(chart)
    return f'<figure class="wide">{svg}</figure>'
