"""One page about the protection of respondents: what was recoded and starred, why, what it cost, and what else would cost.

Self-contained HTML: pictures are SVG (``risk_charts``), nothing is loaded. It holds shares and counts of at least the class
size, no cell and no person; it is private all the same, because it speaks of what was taken out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from panelpress.build.disclosure.frontier import Point, gains
from panelpress.model.disclosure import WITHHELD
from panelpress.model.protection import ProtectionResult
from panelpress.publish.protection.risk_charts import cost_chart, frontier_chart, gain_chart

_STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:76rem;margin:2rem auto;padding:0 1rem;color:#1b1b1b;background:#fff}"
    "table{border-collapse:collapse;margin:.5rem 0 1rem}td,th{padding:.25rem .6rem;border-bottom:1px solid #ccc;text-align:left}"
    "td.n{text-align:right;font-variant-numeric:tabular-nums}.no{color:#a40000}.go{color:#1a6b1a}"
    ".wide{overflow-x:auto}.side{display:flex;flex-wrap:wrap;gap:1rem 2rem}figure{margin:0 0 1rem}figure svg{max-width:none}"
    "section{border-top:2px solid #1b1b1b;margin-top:2.5rem}h1,h2{overflow-wrap:anywhere}details{margin:.5rem 0 1rem}"
    "@media(max-width:40rem){body{margin:1rem auto}h1{font-size:1.5rem}h2{font-size:1.2rem}}"
)
NOTHING = 0.0005  # of mean loss: not worth a key


def risk_page(title: str, results: Sequence[ProtectionResult], points: Mapping[tuple[str, str], Sequence[Point]]) -> str:
    """The page. ``points`` are the frontier by (study, tier)."""
    parts = [f"<h1>Disclosure risk: {escape(title)}</h1>", _summary(results)]
    for result in results:
        told = [*_study(result), *_frontier(result, points.get((result.study, result.tier), ()))]
        parts += [f'<section id="{_anchor(result)}">', *told, "</section>"]
    body = "\n".join(parts)
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><title>Disclosure risk: {escape(title)}</title>'
        f"<style>{_STYLE}</style></head><body>{body}</body></html>\n"
    )


def _anchor(result: ProtectionResult) -> str:
    return escape(f"{result.study}-{result.tier}")


def _table(head: Sequence[str], lines: Sequence[Sequence[str]]) -> str:
    """A table that scrolls on its own where the page is narrow; numbers stand to the right. Cells are text."""
    return _rows(head, [[escape(each) for each in line] for line in lines])


def _rows(head: Sequence[str], lines: Sequence[Sequence[str]]) -> str:
    """As ``_table``, of cells that are HTML."""
    top = "".join(f'<th scope="col">{escape(each)}</th>' for each in head)
    rows = "".join(
        "<tr>" + "".join(f"<td{' class=n' if each[:1].isdigit() else ''}>{each}</td>" for each in line) + "</tr>"
        for line in lines
    )
    return f'<div class="wide"><table><thead><tr>{top}</tr></thead><tbody>{rows}</tbody></table></div>'


def _summary(results: Sequence[ProtectionResult]) -> str:
    lines = [
        [
            f'<a href="#{_anchor(each)}">{escape(each.study)}</a>',
            escape(each.tier),
            '<span class="go">go</span>' if each.go else '<strong class="no">NO-GO</strong>',
            str(each.class_size),
            _share(each.exposed, each.persons, each.class_size),
            str(each.smallest_class or "-"),
            str(each.smallest_joint_class or "-"),
            _share(each.responses_withheld, each.responses, 0),
        ]
        for each in results
    ]
    head = ("study", "tier", "verdict", "class size asked", "persons in smaller classes as answered", "smallest class published")
    return _rows((*head, "with earlier releases", "responses withheld"), lines)


def _share(part: int, whole: int, fewest: int) -> str:
    """A share in percent; where it would tell of fewer than ``fewest`` persons, only that."""
    if 0 < part < fewest:
        return f"fewer than {fewest} persons"
    return f"{part / whole:.1%}" if whole else "-"


def _study(result: ProtectionResult) -> list[str]:
    exposed = _share(result.exposed, result.persons, result.class_size)
    parts = [
        f"<h2>{escape(result.study)}, {escape(result.tier)} tier</h2>",
        f"<p>k {result.k} and a greatest risk of {result.max_risk:g} ask for classes of {result.class_size} persons who share "
        "exactly the same linked history: waves, values and reasons of every key. As answered, too few share the history of "
        f"{exposed} of {result.persons} persons: hence the levels and stars below.</p>",
    ]
    parts += [f'<p class="no">NO-GO: {escape(each)}</p>' for each in result.refusals]
    parts += ["<h3>What is published of each key</h3>", *_levels(result)]
    if result.costs:
        costs = [each for each in result.costs if each.responses >= result.class_size]
        lines = [
            [each.sample, f"{each.starred:.1%}", f"{each.withheld / each.responses:.1%}", f"{each.ncp:.3f}"] for each in costs
        ]
        head = ("sample", "keys starred", "responses withheld", "mean loss")
        parts += ["<h3>What it cost, by sample</h3>", '<div class="side">', _picture(cost_chart(result)), _table(head, lines)]
        parts.append("</div>")
    if result.patterns:
        shared = [[each.multi, str(each.smallest or "-"), _share(each.starred, each.cells, 0)] for each in result.patterns]
        title = ("multi-select", "responses that share the rarest combination", "answers starred")
        parts += ["<h3>Combinations of options</h3>", _table(title, shared)]
    if result.spread:
        common = [[each.variable, str(each.least or "-"), f"{each.closeness:.2f}"] for each in result.spread]
        title = ("sensitive variable", "different answers in a class, at least", "greatest distance from the wave (t)")
        parts += ["<h3>What classes have in common</h3>", _table(title, common)]
    left = [[variable, why] for variable, why in result.left_out.items() if not why.startswith("tier ")]
    if left:
        parts += ["<h3>Left out to keep what was coarsened</h3>", _table(("variable", "why"), left)]
    return parts


def _levels(result: ProtectionResult) -> list[str]:
    """Levels in use, and how each stratum was searched, or from which release all was taken over."""
    parts = [_table(("key", "levels in use"), [[key, ", ".join(result.levels[key])] for key in result.keys])]
    if result.carried:
        parts.append(f"<p>Levels and stars are those of release {escape(result.carried)}: no key has a new answer since.</p>")
        return parts
    searched = [
        [each.stratum, *(each.levels.get(key, "-") for key in result.keys), "proven" if each.optimal else "stopped early"]
        for each in result.searches
    ]
    return [*parts, _table(("stratum", *result.keys, "recoding search"), searched)]


def _frontier(result: ProtectionResult, points: Sequence[Point]) -> list[str]:
    if not points:
        return []
    found = gains(points)
    parts = ["<h3>What other demands would cost</h3>", '<div class="side">', _picture(frontier_chart(points))]
    parts += [_picture(gain_chart(found))] if found and found[0][2] >= NOTHING else []
    parts += ["</div>", f"<p>{_advice(result, found)}</p>"]
    lines = [
        [
            str(each.class_size),
            " at ".join(each.coarser) if each.coarser else "as declared",
            str(len(each.keys)),
            f"{each.ncp:.3f}",
            f"{each.starred:.1%}",
        ]
        for each in sorted(points, key=lambda each: each.coarser is not None)
    ]
    head = ("class size", "key no finer than", "keys published", "mean loss, what is given up included", "cells lost")
    note = "<p>Stars of these are those of one greedy run, so each costs a little more than a release would.</p>"
    return [*parts, "<details><summary>As a table</summary>", _table(head, lines), note, "</details>"]


def _advice(result: ProtectionResult, found: Sequence[tuple[str, str, float]]) -> str:
    """Which key to coarsen to gain most."""
    if not found:
        return "There is no second key that could gain."
    key, level, gain = found[0]
    if gain < NOTHING:
        settled = " What earlier releases show of people divides them already." if result.earlier else ""
        return f"No key, published coarser, would spare the others anything.{settled}"
    what = f"Given up, <code>{escape(key)}</code>" if level == WITHHELD else f"<code>{escape(key)}</code> at {escape(level)}"
    return (
        f"<strong>To gain most, coarsen <code>{escape(key)}</code>.</strong> {what} would spare the others {gain:.3f} on average."
    )


def _picture(svg: str) -> str:
    return f'<figure class="wide">{svg}</figure>'
