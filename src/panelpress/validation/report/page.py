"""Renders a gate report as one HTML file that loads nothing from elsewhere and reads on a phone."""

from __future__ import annotations

from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup, escape

from panelpress.model.rules import Rules
from panelpress.validation.gate import GateReport, digest
from panelpress.validation.report.pictures import pictures
from panelpress.validation.report.view import Group, groups, stages
from panelpress.validation.summary_checks import Summaries

# A page stays readable; the JSON beside it lists every place.
MOST_PLACES = 40


@cache
def _template() -> Template:
    loader = PackageLoader("panelpress.validation.report")
    environment = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    environment.filters["code"] = _code
    return environment.get_template("gate_report.html")


def _code(text: str) -> Markup:
    """``text`` escaped, with what stands between back-ticks as code."""
    parts = str(escape(text)).split("`")
    return Markup("".join(f"<code>{part}</code>" if at % 2 else part for at, part in enumerate(parts)))


def page(report: GateReport, summaries: Summaries | None = None, rules: Rules | None = None) -> str:
    """The page. ``summaries`` adds pictures of waves, missing answers and change."""
    grouped, counted = groups(report), stages(report)
    return _template().render(
        report=report,
        digest=digest(report),
        sentence=sentence(report, grouped),
        groups=grouped,
        stages=counted,
        blocking=[each for each in grouped if each.blocks],
        noted=[each for each in grouped if each.places and not each.blocks],
        pictures=pictures(counted, summaries, rules or Rules()),
        most=MOST_PLACES,
    )


def sentence(report: GateReport, grouped: tuple[Group, ...]) -> str:
    """The decision in one sentence, for the page and the terminal."""
    checks, noted = len(report.findings), sum(1 for each in grouped if each.places and not each.blocks)
    more = f" {noted} more {'is' if noted == 1 else 'are'} worth knowing." if noted else ""
    if report.go:
        return f"{checks} checks ran and none stands in the way of a release.{more}"
    reasons = sum(each.blocks for each in grouped)
    return f"{checks} checks ran; {reasons} {'stands' if reasons == 1 else 'stand'} in the way of a release.{more}"
